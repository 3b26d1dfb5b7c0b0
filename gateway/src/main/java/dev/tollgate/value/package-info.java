/**
 * Identifiers, money and token counts. Immutable, validated on construction, import nothing of ours, safe on any thread.
 */
@NullMarked
package dev.tollgate.value;

import org.jspecify.annotations.NullMarked;
