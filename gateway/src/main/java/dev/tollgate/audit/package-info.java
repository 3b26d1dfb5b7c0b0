/**
 * What happened, so that it can be proven: records, the journal with its hash chain, the verifier, and the ports that query and ship it.
 *
 * <p>Only {@link dev.tollgate.audit.Journal#append} may be called on an event loop: it blocks nothing and its future completes on the caller's
 * context. Everything else here reads or writes files on the calling thread. A record that was acknowledged survives {@code kill -9}, and under
 * {@code strict} a power loss; a record that could not be acknowledged fails its future, and its call must not go on.
 *
 * <pre>
 *   journal/0000000001.journal …   segments, see Frame        journal/head    the last acknowledged record
 *   journal/lock                   held by the writer         journal/tally   sums and tree up to some record; can be deleted
 *   journal/0000000002.base …      the same before a segment: where the journal begins once older ones are dropped, see JournalRetention
 *   audit-key                      signs the checkpoints      audit-key.next  the key that is to follow it
 * </pre>
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.audit;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
