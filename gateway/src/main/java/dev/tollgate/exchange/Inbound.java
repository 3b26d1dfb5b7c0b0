package dev.tollgate.exchange;

import org.jspecify.annotations.Nullable;

/**
 * The head of a request as it came.
 *
 * @param method the HTTP method, upper case
 * @param path the raw path without query, for the record only; what is sent on comes from the endpoint
 * @param query the raw query without its question mark, credentials among it; null if there is none
 * @param headers all request headers, credentials among them
 * @param remoteAddress the peer's address without port
 * @param body the body, not yet read
 */
public record Inbound(
        String method, String path, @Nullable String query, Headers headers, String remoteAddress, BodySource body) {
    @Override
    public String toString() {
        return "Inbound[" + method + " " + path + "]";
    }
}
