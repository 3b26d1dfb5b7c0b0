package dev.tollgate.console.oidc;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import com.nimbusds.openid.connect.sdk.validators.LogoutTokenValidator;
import dev.tollgate.policy.ConsolePolicy.Oidc;
import java.io.IOException;
import java.net.MalformedURLException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a provider says of itself, and its keys: asked for once and kept a while. Keys are asked for anew where a token names one that is not known. */
final class Discovery {
    static final int CONNECT_MILLIS = 3_000;
    static final int READ_MILLIS = 5_000;
    private static final int MAX_KEYS_BYTES = 256 * 1024;
    /** How long a provider that did not answer is not asked again. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private static final Duration KEPT = Duration.ofHours(1);

    /** A shared secret or none at all would let whoever knows the client's secret, or anybody, make tokens. */
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    /** Providers that are older than the type of logout tokens leave it out; the event in them tells them from ID tokens all the same. */
    private static final boolean NEEDS_TYPE = false;

    private final Oidc policy;
    private @Nullable Found found;
    private @Nullable Away away;

    Discovery(Oidc policy) {
        this.policy = policy;
    }

    /** Why it could not be asked, and when. */
    private record Away(IOException why, long atNanos) {}

    private record Found(
            OIDCProviderMetadata metadata, IDTokenValidator validator, LogoutTokenValidator logout, long atNanos) {}

    OIDCProviderMetadata metadata() throws IOException {
        return found().metadata;
    }

    /** Checks ID tokens: signature, issuer, audience, times and nonce. */
    IDTokenValidator validator() throws IOException {
        return found().validator;
    }

    /** Checks logout tokens: signature, issuer, audience, times, event. */
    LogoutTokenValidator logoutValidator() throws IOException {
        return found().logout;
    }

    private synchronized Found found() throws IOException {
        Found known = found;
        if (known != null && System.nanoTime() - known.atNanos < KEPT.toNanos()) {
            return known;
        }
        Away before = away;
        if (before != null && System.nanoTime() - before.atNanos < PAUSE.toNanos()) {
            throw before.why;
        }
        try {
            return ask();
        } catch (IOException unreachable) {
            away = new Away(unreachable, System.nanoTime());
            throw unreachable;
        }
    }

    private Found ask() throws IOException {
        try {
            // Refuses a document that names another issuer than the one it was asked of.
            OIDCProviderMetadata metadata =
                    OIDCProviderMetadata.resolve(new Issuer(policy.issuer()), CONNECT_MILLIS, READ_MILLIS);
            JWSVerificationKeySelector<SecurityContext> keys = keys(metadata);
            ClientID client = new ClientID(policy.clientId());
            Found fresh = new Found(
                    metadata,
                    new IDTokenValidator(metadata.getIssuer(), client, keys, null),
                    new LogoutTokenValidator(metadata.getIssuer(), client, NEEDS_TYPE, keys, null),
                    System.nanoTime());
            found = fresh;
            return fresh;
        } catch (GeneralException malformed) {
            throw new IOException(
                    "the identity provider " + policy.issuer() + " does not describe itself: " + malformed.getMessage(),
                    malformed);
        }
    }

    private static JWSVerificationKeySelector<SecurityContext> keys(OIDCProviderMetadata metadata)
            throws MalformedURLException {
        JWKSource<SecurityContext> keys = JWKSourceBuilder.create(
                        metadata.getJWKSetURI().toURL(),
                        new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, MAX_KEYS_BYTES))
                .retrying(true)
                .build();
        return new JWSVerificationKeySelector<>(ALGORITHMS, keys);
    }
}
