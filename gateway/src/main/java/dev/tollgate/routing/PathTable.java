package dev.tollgate.routing;

import dev.tollgate.exchange.Endpoint;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.ProviderEntry;
import dev.tollgate.policy.ViewCompiler;
import dev.tollgate.wire.Wires;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says what a request path names. A path is decoded once, for this decision only; what is sent on keeps its encoding. What matches
 * nothing is not forwarded.
 *
 * <pre>
 *   /v1/{provider}/REST   /{provider}/REST        to that provider
 *   /v1/chat/completions  /chat/completions …     by the model's name
 *   /v1/models            /models                 what the key may use
 * </pre>
 */
public final class PathTable {
    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "OPTIONS", "DELETE");
    private static final String VERSION = "v1/";

    private final Map<String, String> idByName;
    private final Map<String, ProviderEntry> providers;
    private final Wires wires;

    private PathTable(Map<String, String> idByName, Map<String, ProviderEntry> providers, Wires wires) {
        this.idByName = Map.copyOf(idByName);
        this.providers = providers;
        this.wires = wires;
    }

    /** What a path turned out to be. */
    public sealed interface Match {
        /** A provider's endpoint, or one that goes by the model's name. */
        record Known(Endpoint endpoint) implements Match {}

        /** The list of models, answered by the gateway itself. */
        record Models(Endpoint endpoint) implements Match {}

        /** Nothing of ours. */
        record Unknown(String message) implements Match {}

        /** A path that readers may understand differently. */
        record Malformed(String message) implements Match {}
    }

    /** Compiles the table of a bundle's providers and their aliases. */
    public static ViewCompiler<PathTable> compiler(Wires wires) {
        return new ViewCompiler<>() {
            @Override
            public Class<PathTable> type() {
                return PathTable.class;
            }

            @Override
            public PathTable compile(Bundle bundle) {
                return of(bundle.providers(), wires);
            }
        };
    }

    static PathTable of(Map<String, ProviderEntry> providers, Wires wires) {
        Map<String, String> idByName = new HashMap<>();
        providers.forEach((id, entry) -> entry.aliases().forEach(alias -> idByName.put(alias, id)));
        // An id wins over somebody else's alias.
        providers.keySet().forEach(id -> idByName.put(id, id));
        return new PathTable(idByName, providers, wires);
    }

    /**
     * @param method HTTP method
     * @param uri raw path and query, beginning with a slash
     */
    public Match find(String method, String uri) {
        int mark = uri.indexOf('?');
        String path = uri.substring(1, mark < 0 ? uri.length() : mark);
        String query = mark < 0 ? null : QueryKeys.without(uri.substring(mark + 1));
        String decoded = PathDecoding.decode(path);
        if (decoded == null) {
            return new Match.Malformed(
                    "the path has an encoding that is malformed, or stands for a control character or backslash");
        }
        if (PathDecoding.hasDotSegment(decoded)) {
            return new Match.Malformed("the path has a segment . or ..");
        }
        if (decoded.contains("//") && !WITHOUT_BODY.contains(method)) {
            return new Match.Malformed("the path has an empty segment");
        }
        Match provider = providerMatch(method, path, query);
        return provider == null ? unified(method, path, decoded, query) : provider;
    }

    private @Nullable Match providerMatch(String method, String path, @Nullable String query) {
        int start = path.startsWith(VERSION) && idAt(path, VERSION.length()) != null ? VERSION.length() : 0;
        String id = idAt(path, start);
        if (id == null) {
            return null;
        }
        int slash = path.indexOf('/', start);
        String rest = slash < 0 ? "" : path.substring(slash + 1);
        if (rest.isEmpty()) {
            return new Match.Unknown("there is nothing behind the provider " + id + " in the path");
        }
        ProviderEntry entry = providers.get(id);
        return new Match.Known(new Endpoint(id, wireOf(method, rest, entry), rest, query));
    }

    private @Nullable String idAt(String path, int start) {
        int slash = path.indexOf('/', start);
        return idByName.get(slash < 0 ? path.substring(start) : path.substring(start, slash));
    }

    private Match unified(String method, String path, String decoded, @Nullable String query) {
        String rest = decoded;
        String raw = path;
        while (rest.startsWith(VERSION)) {
            rest = rest.substring(VERSION.length());
            raw = raw.substring(VERSION.length());
        }
        if (rest.equals("models") && method.equals("GET")) {
            return new Match.Models(new Endpoint(null, Wires.OPAQUE, raw, query));
        }
        String wire = wires.forPath(method, rest).id();
        if (wire.equals(Wires.OPAQUE) || !raw.equals(rest)) {
            return new Match.Unknown(
                    "no route for this path; providers are called as /v1/{provider}/…, and by the model's name"
                            + " there are POST /v1/chat/completions, /v1/responses, /v1/messages, /v1/embeddings and GET /v1/models");
        }
        return new Match.Known(new Endpoint(null, wire, raw, query));
    }

    /** The wire by the longest part of the path's end that is spoken somewhere, so that no prefix hides a generating endpoint. */
    private String wireOf(String method, String rest, @Nullable ProviderEntry entry) {
        String path = stripped(String.valueOf(PathDecoding.decode(rest))).toLowerCase(Locale.ROOT);
        for (int from = 0; from >= 0; from = path.indexOf('/', from) + 1) {
            String wire = wires.forPath(method, path.substring(from)).id();
            boolean isExact = from == 0 || path.substring(0, from).equals(VERSION);
            if (!wire.equals(Wires.OPAQUE) && (isExact || entry == null || entry.speaks(wire))) {
                return wire;
            }
            if (path.indexOf('/', from) < 0) {
                break;
            }
        }
        return Wires.OPAQUE;
    }

    private static String stripped(String path) {
        String rest = path;
        while (rest.endsWith("/")) {
            rest = rest.substring(0, rest.length() - 1);
        }
        return rest;
    }
}
