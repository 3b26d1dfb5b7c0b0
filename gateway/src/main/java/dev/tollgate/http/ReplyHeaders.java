package dev.tollgate.http;

import dev.tollgate.policy.RoutingPolicy;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which headers of a provider's answer reach the client: all but those of its own connection (RFC 9110 §7.6.1). */
final class ReplyHeaders {
    private static final Set<String> NEVER_RELAYED = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "content-length",
            "alt-svc");

    /** What nearly every connection names: a field that is never relayed anyway. */
    private static final String KEEP_ALIVE = "keep-alive";

    private ReplyHeaders() {}

    static void copy(HttpClientResponse answer, MultiMap to, RoutingPolicy routing) {
        Set<String> named = namedByConnection(answer.headers());
        for (Map.Entry<String, String> header : answer.headers()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            boolean cookie = name.equals("set-cookie") && !routing.forwardCookies();
            if (!NEVER_RELAYED.contains(name) && !named.contains(name) && !cookie && !name.startsWith("x-tollgate-")) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }

    private static Set<String> namedByConnection(MultiMap headers) {
        List<String> values = headers.getAll("connection");
        if (values.isEmpty() || (values.size() == 1 && values.getFirst().equals(KEEP_ALIVE))) {
            return Set.of();
        }
        Set<String> named = new HashSet<>();
        for (String value : values) {
            for (String name : value.split(",", -1)) {
                named.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return named;
    }
}
