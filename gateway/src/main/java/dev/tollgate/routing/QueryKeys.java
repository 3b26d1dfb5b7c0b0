package dev.tollgate.routing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes gateway keys out of a query ({@code ?key=tg_…}, as Gemini's clients send theirs); everything else keeps its bytes. */
final class QueryKeys {
    private static final String GATEWAY_KEY = "tg_";

    private QueryKeys() {}

    /** The query without gateway keys; null if nothing is left. */
    static @Nullable String without(String query) {
        if (!query.contains(GATEWAY_KEY) && query.indexOf('%') < 0) {
            return query;
        }
        List<String> kept = new ArrayList<>();
        for (String parameter : query.split("&", -1)) {
            if (!isGatewayKey(parameter)) {
                kept.add(parameter);
            }
        }
        return kept.isEmpty() ? null : String.join("&", kept);
    }

    private static boolean isGatewayKey(String parameter) {
        int equals = parameter.indexOf('=');
        return equals > 0
                && RawPath.decoded(parameter.substring(0, equals)).equals("key")
                && RawPath.decoded(parameter.substring(equals + 1)).startsWith(GATEWAY_KEY);
    }
}
