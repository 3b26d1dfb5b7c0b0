/**
 * What happened, so that it can be proven: records, the journal with its hash chain, the verifier, and the ports that query and ship it.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.audit;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
