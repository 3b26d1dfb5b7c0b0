/**
 * Where records go as they happen: the journal's tail, handed to collectors outside. Each stream has a thread and a cursor of its own, so that
 * one that is away holds up nobody. A batch is taken when the collector has said so; until then it is sent again, and what comes after it waits.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.store.stream;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
