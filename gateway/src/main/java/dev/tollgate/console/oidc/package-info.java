/**
 * Asks an OpenID Connect provider who somebody is: authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636,
 * RFC 9207). Protocol and cryptography are those of Nimbus' SDK.
 *
 * <p>Threads: what speaks to the provider runs on Vert.x's workers, within bounded times; futures complete on the caller's context.
 *
 * <p>Failure: {@link dev.tollgate.console.oidc.SignInRefused} says that the provider's answer is not good enough, with a stable reason;
 * {@link java.io.IOException} that it cannot be reached. Neither lets anybody in.
 */
@NullMarked
@CheckReturnValue
package dev.tollgate.console.oidc;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
