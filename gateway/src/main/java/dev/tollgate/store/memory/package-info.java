/**
 * Stores in this process: what a single node runs on, and the fakes of every test. Safe on any thread; nothing blocks but for
 * locks held for well under a microsecond per counter. Every map has a bound, and what would pass it is refused.
 */
@NullMarked
@CheckReturnValue
package dev.tollgate.store.memory;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
