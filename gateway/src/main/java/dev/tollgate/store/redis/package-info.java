/**
 * Stores in Redis, shared by all nodes. Every key of one installation carries the same hash tag, so all of them live in one slot and one
 * script sees them together; time is the server's. Redis must not evict keys ({@code maxmemory-policy noeviction}). Answers come on the
 * event loop of the caller, and a failed future means that Redis could not be asked.
 */
@NullMarked
@CheckReturnValue
package dev.tollgate.store.redis;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
