/**
 * One request as the stages see it. Everything here is immutable: a stage returns a changed copy of the {@link Exchange}. Byte offsets are
 * offsets into the decoded request body; text offsets are UTF-16 code units. Nothing here blocks or does I/O.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.exchange;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
