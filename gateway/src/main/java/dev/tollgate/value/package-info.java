/**
 * Identifiers, money and token counts. Immutable, validated on construction, import nothing of ours, safe on any thread.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.value;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
