package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A provider as data.
 *
 * @param title its name for people
 * @param baseUrl its base URL with version prefix, as its documentation gives it for SDKs ({@code https://api.openai.com/v1}); may hold
 *     {@code ${NAME}} and {@code ${NAME:-default}}
 * @param auth how it takes its credential
 * @param credential the credential, normally {@code ${ENV}}; null takes the first of {@code credentialEnv} that is set
 * @param credentialEnv conventional environment variables of the credential, in order
 * @param wires ids of the wires its generating endpoints speak, main one first
 * @param aliases other ids under which paths and models may name it
 * @param headers fixed headers added to every call ({@code anthropic-version}) where the client sends none
 * @param enabled whether calls may go there
 */
public record ProviderEntry(
        String title,
        String baseUrl,
        Auth auth,
        @Nullable String credential,
        List<String> credentialEnv,
        List<String> wires,
        List<String> aliases,
        Map<String, String> headers,
        Boolean enabled) {

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
        Defaults.require(baseUrl != null && !baseUrl.isBlank(), "base_url is missing");
        auth = or(auth, Auth.BEARER);
        credentialEnv = List.copyOf(or(credentialEnv, List.of()));
        wires = List.copyOf(or(wires, List.of("openai_chat")));
        aliases = List.copyOf(or(aliases, List.of()));
        headers = Map.copyOf(or(headers, Map.of()));
        enabled = or(enabled, true);
    }

    @Override
    public String toString() {
        return "ProviderEntry[" + title + " " + baseUrl + " " + auth + ", credential redacted]";
    }
}
