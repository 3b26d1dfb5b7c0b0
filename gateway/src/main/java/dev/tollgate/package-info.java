/**
 * Where the program starts and where its objects are wired. The only package that sees all others; nothing imports it.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
