package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A provider as data, under its id. {@code policies/catalog/providers.yaml} explains every key and how paths are joined.
 *
 * @param title its name for people
 * @param baseUrl its base URL exactly as its documentation gives it for SDKs ({@code https://api.openai.com/v1}); may hold
 *     {@code ${NAME}} and {@code ${NAME:-default}}
 * @param versionPrefix what its SDK puts between base URL and endpoint ({@code /v1} for Anthropic); empty for most
 * @param roots other first parts of a path on the same host, forwarded as they are ({@code /upload})
 * @param auth how it takes its credential
 * @param alsoAuth other ways in which it takes its credential
 * @param credential the credential, normally {@code ${ENV}} or {@code file:PATH}; without it the first of {@code credentialEnv} that is set
 * @param credentialEnv conventional environment variables of the credential, in order; for {@code sigv4} access key, secret key, session token
 * @param bearerEnv for {@code sigv4}: variable of a bearer token that is sent instead of a signature, when set
 * @param region for {@code sigv4}: the region signed for; may hold {@code ${NAME:-default}}
 * @param service for {@code sigv4}: the service signed for
 * @param wirePaths for families of wires that do not stand at {@code baseUrl}: path before their endpoints, such as
 *     {@code anthropic: /anthropic/v1}; taken where the client did not write a path of its own
 * @param wires families of wires that its endpoints speak ({@code openai}, {@code anthropic}, {@code gemini} …), the usual one first
 * @param aliases other ids under which paths and models may name it
 * @param headers fixed headers added to every call ({@code anthropic-version}) where the client sends none
 * @param streamOptions whether its streams take {@code stream_options.include_usage}; where not, none is added
 * @param local whether it is a server of the operator's own, which needs no credential
 * @param enabled whether calls may go there
 * @param docs where the vendor documents all this; empty if nowhere
 */
public record ProviderEntry(
        String title,
        @Required String baseUrl,
        String versionPrefix,
        List<String> roots,
        Auth auth,
        List<Auth> alsoAuth,
        @SecretText @Nullable String credential,
        List<String> credentialEnv,
        @Nullable String bearerEnv,
        @Nullable String region,
        @Nullable String service,
        Map<String, String> wirePaths,
        List<String> wires,
        List<String> aliases,
        Map<String, String> headers,
        Boolean streamOptions,
        Boolean local,
        Boolean enabled,
        String docs) {

    /** How a provider takes its credential. */
    public enum Auth {
        /** {@code Authorization: Bearer …} */
        BEARER,
        /** {@code x-api-key: …} */
        X_API_KEY,
        /** {@code x-goog-api-key: …} */
        X_GOOG_API_KEY,
        /** {@code api-key: …} */
        API_KEY,
        /** {@code Authorization: Token …} */
        TOKEN,
        /** AWS Signature Version 4 from access key, secret and optional session token. */
        SIGV4,
        /** OAuth token of a Google service account. */
        GOOGLE_OAUTH,
        /** No credential. */
        NONE
    }

    public ProviderEntry {
        title = or(title, "");
        versionPrefix = or(versionPrefix, "");
        roots = List.copyOf(or(roots, List.of()));
        auth = or(auth, Auth.BEARER);
        alsoAuth = List.copyOf(or(alsoAuth, List.of()));
        credentialEnv = List.copyOf(or(credentialEnv, List.of()));
        wirePaths = Map.copyOf(or(wirePaths, Map.of()));
        wires = List.copyOf(or(wires, List.of("openai")));
        aliases = List.copyOf(or(aliases, List.of()));
        headers = Map.copyOf(or(headers, Map.of()));
        streamOptions = or(streamOptions, true);
        local = or(local, false);
        enabled = or(enabled, true);
        docs = or(docs, "");
    }

    /** Whether its endpoints speak a wire: the wire's family, its id up to the first underscore, is among {@code wires}. */
    public boolean speaks(String wireId) {
        return wires.stream().anyMatch(family -> wireId.equals(family) || wireId.startsWith(family + "_"));
    }

    @Override
    public String toString() {
        return "ProviderEntry[" + title + " " + baseUrl + " " + auth + ", credential redacted]";
    }
}
