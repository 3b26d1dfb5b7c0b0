/**
 * Keeps state in MongoDB, through the reactive driver: the shipped journal and the index over it, keys and tickets.
 *
 * <p>Nothing here blocks its caller; futures complete on the caller's Vert.x context. Uses no sessions, transactions, change streams or {@code
 * $dateTrunc}, so that every server that speaks the wire protocol of MongoDB 4.2 will do. A failed future means that the server did not answer
 * in time or refused.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.store.mongo;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
