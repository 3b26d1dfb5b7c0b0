/**
 * What seals a log: Merkle tree, signed notes, checkpoints, keys. Pure: no files, no threads, no clock. It knows nothing of the records that it seals.
 *
 * <p>The formats are those of others, so that other tools can check them: trees as RFC 6962 §2.1, notes as C2SP signed-note, checkpoints as
 * C2SP tlog-checkpoint, signatures as RFC 8032 (Ed25519). What comes from outside and is malformed is an {@code IllegalArgumentException}.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.audit.seal;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
