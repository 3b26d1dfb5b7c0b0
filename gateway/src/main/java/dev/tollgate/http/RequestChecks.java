package dev.tollgate.http;

import dev.tollgate.policy.LimitsPolicy;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a request head must be beyond its framing, on every HTTP version. */
final class RequestChecks {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private RequestChecks() {}

    /** The violation, if there is one. */
    static Optional<HeadGuard.Violation> check(HttpServerRequest request, LimitsPolicy limits) {
        if (!METHODS.contains(request.method().name())) {
            return Optional.of(new HeadGuard.Violation(
                    405,
                    "the method is none of "
                            + String.join(", ", METHODS.stream().sorted().toList())));
        }
        if (request.version() == HttpVersion.HTTP_2) {
            return checkHttp2(request, limits);
        }
        return Optional.empty();
    }

    /** HTTP/2 carries text that the HTTP/1.1 guard never sees (RFC 9113 §8.2, §8.3). */
    private static Optional<HeadGuard.Violation> checkHttp2(HttpServerRequest request, LimitsPolicy limits) {
        MultiMap headers = request.headers();
        if (headers.size() > limits.headerCount()) {
            return Optional.of(new HeadGuard.Violation(
                    431, "the head has more fields than the limit header_count of " + limits.headerCount()));
        }
        String target = request.uri();
        if (target.length() > limits.requestLine().bytes()
                || !target.startsWith("/")
                || hasForbidden(target, '!', "\"#\\^`{|}")) {
            return malformed("the path is too long or has a character that is not allowed");
        }
        long size = target.length();
        for (Map.Entry<String, String> header : headers) {
            size += header.getKey().length() + header.getValue().length() + 4L;
            if (hasForbidden(header.getValue(), ' ', "") || header.getKey().isEmpty()) {
                return malformed("a header value has a control character");
            }
        }
        if (size > limits.head().bytes()) {
            return Optional.of(new HeadGuard.Violation(431, "the head exceeds the limit head of " + limits.head()));
        }
        boolean connectionFields =
                headers.contains("connection") || headers.contains("transfer-encoding") || headers.contains("upgrade");
        return connectionFields || headers.getAll("content-length").size() > 1
                ? malformed("a header field does not belong into HTTP/2")
                : Optional.empty();
    }

    private static boolean hasForbidden(String text, char lowest, String forbidden) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < lowest && c != '\t') || c == 0x7f || forbidden.indexOf(c) >= 0) {
                return true;
            }
        }
        return false;
    }

    private static Optional<HeadGuard.Violation> malformed(String message) {
        return Optional.of(new HeadGuard.Violation(400, message));
    }

    /** Whether the client wants to leave HTTP, which no stage could follow. */
    static boolean isUpgrade(HttpServerRequest request) {
        String upgrade = request.getHeader("upgrade");
        return upgrade != null && upgrade.toLowerCase(Locale.ROOT).contains("websocket");
    }
}
