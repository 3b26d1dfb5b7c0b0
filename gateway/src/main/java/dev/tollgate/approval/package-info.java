/**
 * Calls that wait for a person: conditions, tickets, and the port that keeps tickets.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.approval;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
