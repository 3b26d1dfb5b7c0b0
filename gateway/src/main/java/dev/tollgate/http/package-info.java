/**
 * The data plane: where agents connect, and what it counts.
 */
@NullMarked
package dev.tollgate.http;

import org.jspecify.annotations.NullMarked;
