package dev.tollgate.approval;

import java.time.Instant;

/**
 * What one person said about a ticket.
 *
 * @param by who
 * @param approves whether the call may go on
 * @param note in their own words; empty for nothing
 * @param at when, to the millisecond
 */
public record Vote(String by, boolean approves, String note, Instant at) {}
