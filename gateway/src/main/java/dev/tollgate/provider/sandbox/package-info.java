/**
 * A provider inside the gateway: speaks the wires of the real ones on a loopback port of its own, with deterministic answers, so that everything can be
 * tried without a key or money. Calls reach it as they reach any provider, through every stage and over HTTP.
 */
@NullMarked
@CheckReturnValue
package dev.tollgate.provider.sandbox;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
