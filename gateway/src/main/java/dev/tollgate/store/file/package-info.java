/**
 * Small secrets kept as files of the data folder. Everything here blocks: call it at start or from a command, never from an event loop.
 */
@NullMarked
@CheckReturnValue
package dev.tollgate.store.file;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
