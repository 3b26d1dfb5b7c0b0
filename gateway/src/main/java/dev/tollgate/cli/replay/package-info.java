/**
 * Stored calls once more: judged by another policy without being sent, or sent again and compared. Runs in a command, on its own thread, and
 * blocks there.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.cli.replay;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
