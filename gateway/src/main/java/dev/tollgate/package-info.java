/**
 * Where the program starts and where its objects are wired. The only package that sees all others; nothing imports it.
 */
@NullMarked
package dev.tollgate;

import org.jspecify.annotations.NullMarked;
