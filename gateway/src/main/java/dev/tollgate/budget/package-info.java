/**
 * What a call costs and whether it may: prices, token counts, budgets, and the ledger of holds and spend. Pure but for the {@link
 * dev.tollgate.budget.Ledger} port.
 */
@NullMarked
package dev.tollgate.budget;

import org.jspecify.annotations.NullMarked;
