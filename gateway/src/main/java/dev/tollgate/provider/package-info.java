/**
 * Sends cleared exchanges to providers: builds the request, puts in the provider's own credential, retries and falls back before the first byte.
 * Takes nothing but a {@link dev.tollgate.pipeline.Cleared}, so no call can get here around the stages.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.provider;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
