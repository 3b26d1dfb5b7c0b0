/**
 * The data plane: where agents connect, and what it counts.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.http;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
