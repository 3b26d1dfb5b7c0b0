/**
 * Keeps state in one SQLite file of the data folder: keys, tickets and the index of the journal.
 *
 * <p>Nothing here blocks its caller: work runs on the database's own threads, one that writes and a few that read, and futures complete on the
 * caller's Vert.x context. Several processes may use the file at once (a command beside the running gateway): each waits up to the busy timeout
 * for the other's write.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.store.sqlite;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
