/**
 * Measures the rules in force on texts of which it is known what must be found in them and what must pass.
 *
 * <p>Runs in the process, without a gateway and without a provider, on the thread of the command. A corpus is read row by row; what stays in
 * memory are counts, and for each false alarm the ids of the rules that raised it.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.cli.eval;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
