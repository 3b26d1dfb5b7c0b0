/**
 * Where calls go: what a request path names, which targets a model's name stands for, and how the URI at a provider is put together. Pure
 * functions and immutable views compiled once per policy; safe on any thread, never blocking. What no table knows goes nowhere.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.routing;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
