/**
 * Where a call may go: what a path names, which targets a model's name stands for, and the path at the provider. Pure functions over strings and the
 * policy; no HTTP.
 */
@NullMarked
@CheckReturnValue
package dev.tollgate.routing;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
