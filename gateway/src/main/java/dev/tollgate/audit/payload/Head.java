package dev.tollgate.audit.payload;

import java.util.Map;

/**
 * What stood around a payload, as far as it takes to send the request again or to read the reply. Holds no credential.
 *
 * @param method HTTP method of the request
 * @param provider id of the provider that the path names; empty where the model's name decided
 * @param path path below the provider
 * @param query query without credentials; empty for none
 * @param wire id of the wire
 * @param headers header fields that change what the request means, by lower-case name
 * @param status HTTP status of the reply; 0 for a request
 */
public record Head(
        String method,
        String provider,
        String path,
        String query,
        String wire,
        Map<String, String> headers,
        int status) {
    public Head {
        headers = Map.copyOf(headers);
    }
}
