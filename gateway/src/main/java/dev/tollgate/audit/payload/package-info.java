/**
 * What requests and replies said, kept beside the log: cut at the borders of messages, each piece stored once per team and day, compressed,
 * encrypted where there is a key. The log holds a salted hash of each payload and nothing else of it; the salt lies with the payload, so that
 * an erased payload leaves a hash that nobody can compare with anything.
 *
 * <p>{@link dev.tollgate.audit.payload.PayloadSink} is what event loops call: it never waits. Everything else reads and writes on threads of
 * the store's own. A payload that was handed over is written within a second or so; a kill in between loses it, and the log then names a
 * payload that is missing.
 *
 * <pre>
 *   call ──▶ PayloadSink ──▶ queue ──▶ PayloadWriter ──▶ PayloadShelf (one Drawer per day)
 *                                                              ▲
 *                              PayloadStore: read, search, erase, drop
 * </pre>
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.audit.payload;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
