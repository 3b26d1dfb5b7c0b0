/**
 * Wire formats: where the text of a request is, what a reply used, what an error looks like. Pure functions over bytes: no HTTP, no I/O, no
 * threads. A new wire is one class and one line in {@link dev.tollgate.wire.Wires}.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.wire;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
