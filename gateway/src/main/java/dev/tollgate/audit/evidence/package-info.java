/**
 * Evidence of one call for somebody who has nothing of the log but a public key: its records, the proof that each is in a tree, and the signed
 * checkpoint of that tree. Reads and writes files on the calling thread.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.audit.evidence;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
