/**
 * The commands of {@code tollgate}, one file each.
 *
 * <p>A command runs on the thread that started the program and may block. It reports through its exit code: {@code 0} done, {@code 1} the command ran and
 * found or hit a fault, {@code 2} it was called wrongly. Results go to standard output, everything else to standard error.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.cli;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
