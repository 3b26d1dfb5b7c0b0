/**
 * Calls that wait for a person: conditions, tickets, and the port that keeps tickets.
 */
@NullMarked
package dev.tollgate.approval;

import org.jspecify.annotations.NullMarked;
