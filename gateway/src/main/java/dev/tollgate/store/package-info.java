/**
 * What the stores have in common. The drivers of databases live in the packages below this one and nowhere else.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.store;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
