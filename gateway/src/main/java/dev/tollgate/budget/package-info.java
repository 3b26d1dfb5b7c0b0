/**
 * What a call costs and whether it may: prices, token counts, budgets, and the ledger of holds and spend. Pure but for the {@link
 * dev.tollgate.budget.Ledger} port.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.budget;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
