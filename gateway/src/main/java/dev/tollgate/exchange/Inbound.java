package dev.tollgate.exchange;

/**
 * The head of a request as it came.
 *
 * @param method the HTTP method, upper case
 * @param path the raw path, for the record only; what is sent on comes from the endpoint
 * @param headers all request headers, credentials among them
 * @param remoteAddress the peer's address without port
 * @param body the body, not yet read
 */
public record Inbound(String method, String path, Headers headers, String remoteAddress, BodySource body) {
    @Override
    public String toString() {
        return "Inbound[" + method + " " + path + "]";
    }
}
