/**
 * People's side, on a port of its own: approval queue, exchanges, spend, keys, policy, health, metrics, and the same as an API.
 *
 * <p>Threads: one event loop serves the console; nothing here blocks it. Stores may answer on other threads; the edge returns to the loop
 * before it writes.
 *
 * <p>Order of a request: host allowed, route found, body read within its limit, caller proven (session cookie, or admin token), origin and
 * form token checked where something changes, then the action. What a person changes is recorded before it takes effect, and does not
 * happen when it cannot be recorded.
 *
 * <p>Failure: a {@link dev.tollgate.console.Refused} is told as it is; any other failure is told as a reference number that stands in the
 * log, never as a stack trace.
 */
@NullMarked
@CheckReturnValue
package dev.tollgate.console;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
