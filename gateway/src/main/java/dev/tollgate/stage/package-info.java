/**
 * The stages of the request path, one file each: each decides one thing about an exchange and sends nothing. They run on the exchange's event
 * loop and are shared by all of them, so they keep no state of an exchange; what could not be decided is a failed future, never a guess.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.stage;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
