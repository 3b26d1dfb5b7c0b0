/**
 * Who calls: keys, where they are looked for, what they may do. Keys are kept as hashes only; a key itself exists in the reply to its creation and
 * in the client's requests, and is printed nowhere.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.identity;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
