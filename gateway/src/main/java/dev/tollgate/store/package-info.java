/**
 * What the stores have in common. The drivers of databases live in the packages below this one and nowhere else.
 */
@NullMarked
package dev.tollgate.store;

import org.jspecify.annotations.NullMarked;
