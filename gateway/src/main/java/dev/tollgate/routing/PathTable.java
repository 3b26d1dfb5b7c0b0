package dev.tollgate.routing;

import dev.tollgate.exchange.Endpoint;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.ViewCompiler;
import dev.tollgate.wire.Wires;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The paths that agents may use.
 *
 * <pre>
 *   [/version] /{provider} /…          that provider; what follows is its own business
 *   [/version] /chat/completions …     by the model's name
 *   anything else                      nowhere
 * </pre>
 */
public final class PathTable {
    private static final Set<String> BY_MODEL = Set.of(
            "chat/completions",
            "completions",
            "responses",
            "responses/compact",
            "responses/input_tokens",
            "messages",
            "messages/count_tokens",
            "embeddings");
    private static final String MODELS = "models";
    private static final Set<String> GET = Set.of("GET", "HEAD");
    private static final int MAX_SHOWN = 100;

    /** Most answers remembered: agents ask for a handful of paths. */
    private static final int MAX_REMEMBERED = 1000;

    private static final int LONGEST_REMEMBERED = 200;

    private final Map<String, String> providers;
    private final Wires wires;
    private final Map<Asked, Match> remembered = new ConcurrentHashMap<>();

    private PathTable(Map<String, String> providers, Wires wires) {
        this.providers = Map.copyOf(providers);
        this.wires = wires;
    }

    /** What a request target names. */
    public sealed interface Match {
        /** An endpoint of a provider, or one that goes by the model's name. */
        record Known(Endpoint endpoint) implements Match {}

        /** The list of models that this key may use, which the gateway answers itself. */
        record Models(Endpoint endpoint) implements Match {}

        /** No endpoint. The message says what would be one. */
        record Unknown(String message) implements Match {}

        /** An endpoint, but not for this method. The message says for which. */
        record WrongMethod(String message) implements Match {}

        /** No path at all. */
        record Malformed(String message) implements Match {}
    }

    public static ViewCompiler<PathTable> compiler(Wires wires) {
        return new ViewCompiler<>() {
            @Override
            public Class<PathTable> type() {
                return PathTable.class;
            }

            @Override
            public PathTable compile(Bundle bundle) throws PolicyException {
                return new PathTable(ProviderNames.of(bundle), wires);
            }
        };
    }

    /** A path without query: queries may carry keys, which are not to be kept. */
    private record Asked(String method, String path) {}

    /**
     * Finds what a request target names.
     *
     * @param method HTTP method, upper case
     * @param target path and query as they came
     */
    public Match find(String method, String target) {
        if (target.length() > LONGEST_REMEMBERED || target.indexOf('?') >= 0) {
            return read(method, target);
        }
        Asked asked = new Asked(method, target);
        Match known = remembered.get(asked);
        if (known != null) {
            return known;
        }
        Match match = read(method, target);
        if (match instanceof Match.Known && remembered.size() < MAX_REMEMBERED) {
            remembered.put(asked, match);
        }
        return match;
    }

    private Match read(String method, String target) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? null : target.substring(mark + 1);
        String fault = RawPath.fault(path);
        if (fault == null && query != null) {
            fault = RawPath.queryFault(query);
        }
        if (fault != null) {
            return new Match.Malformed(fault);
        }
        String kept = query == null ? null : QueryKeys.without(query);
        List<String> segments = RawPath.withoutDoubledVersion(RawPath.segments(path));
        int at = segments.size() > 1 && RawPath.isVersion(segments.get(0)) && !isProvider(segments.get(0)) ? 1 : 0;
        if (at < segments.size() && isProvider(segments.get(at))) {
            return provider(method, segments, at, kept);
        }
        return byModel(method, String.join("/", segments.subList(at, segments.size())), path, kept);
    }

    private boolean isProvider(String segment) {
        return providers.containsKey(segment);
    }

    private Match provider(String method, List<String> segments, int at, @Nullable String query) {
        String id = providers.get(segments.get(at));
        String rest = String.join("/", segments.subList(at + 1, segments.size()));
        // A base URL that ends in a slash gives an empty segment here.
        String below = rest.startsWith("/") ? String.join("/", RawPath.segments(rest)) : rest;
        if (below.isEmpty()) {
            return new Match.Unknown("nothing stands behind the provider " + id + " in the path");
        }
        return new Match.Known(new Endpoint(id, wire(method, below), below, query));
    }

    private Match byModel(String method, String below, String path, @Nullable String query) {
        String name = below.endsWith("/") ? below.substring(0, below.length() - 1) : below;
        String wire = wire("POST", name);
        if (name.equals(MODELS)) {
            return GET.contains(method)
                    ? new Match.Models(new Endpoint(null, wire(method, name), name, query))
                    : new Match.WrongMethod("the list of models is read with GET, not " + method);
        }
        if (!BY_MODEL.contains(name) && !isGeminiModel(name, wire)) {
            return new Match.Unknown(
                    shown(path) + " is no endpoint here: write /v1/chat/completions, /v1/responses,"
                            + " /v1/messages, /v1/embeddings or /v1/models, or put a provider in front, as in /openai/v1/files");
        }
        return method.equals("POST")
                ? new Match.Known(new Endpoint(null, wire, name, query))
                : new Match.WrongMethod(shown(path) + " takes POST, not " + method);
    }

    // A provider that does not mind upper case must not be a way to a generating endpoint that nobody reads.
    private String wire(String method, String path) {
        String plain = RawPath.plain(path);
        String wire = wires.forPath(method, plain).id();
        return wire.equals(Wires.OPAQUE)
                ? wires.forPath(method, plain.toLowerCase(Locale.ROOT)).id()
                : wire;
    }

    // Gemini's clients put the model into the path: models/gemini-2.5-flash:generateContent.
    private static boolean isGeminiModel(String name, String wire) {
        return name.startsWith("models/") && wire.startsWith("gemini");
    }

    private static String shown(String path) {
        return path.length() <= MAX_SHOWN ? path : path.substring(0, MAX_SHOWN) + "…";
    }
}
