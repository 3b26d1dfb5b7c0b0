package dev.tollgate.exchange;

import dev.tollgate.value.TicketId;

/**
 * A person's leave for one call to go on.
 *
 * @param ticket the ticket that was approved, consumed by this exchange
 * @param approver who approved it
 */
public record Grant(TicketId ticket, String approver) {}
