/**
 * Runs the stages in order, stops at the first denial or hold, and fails closed: a stage whose future fails, throws or never decides within its
 * time becomes a denial here and nowhere else. Runs on the exchange's event loop.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.pipeline;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
