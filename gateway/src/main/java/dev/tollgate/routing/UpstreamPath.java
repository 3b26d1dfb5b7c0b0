package dev.tollgate.routing;

import dev.tollgate.exchange.Endpoint;
import dev.tollgate.policy.ProviderEntry;
import java.net.URI;

/** Joins a provider's base URL and an endpoint's path, as {@code policies/catalog/providers.yaml} tells. */
public final class UpstreamPath {
    private static final String VERSION = "v1/";

    private UpstreamPath() {}

    /**
     * The path and query of a call at a provider.
     *
     * @param entry the provider
     * @param baseUrl its base URL, references resolved
     * @param endpoint what the client's path named
     */
    public static String of(ProviderEntry entry, String baseUrl, Endpoint endpoint) {
        String query = endpoint.query();
        String path = join(prefix(entry, baseUrl), endpoint.path(), entry);
        return query == null ? path : path + "?" + query;
    }

    private static String prefix(ProviderEntry entry, String baseUrl) {
        String base = URI.create(baseUrl).getRawPath();
        String prefix = (base == null ? "" : base) + entry.versionPrefix();
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    private static String join(String prefix, String rest, ProviderEntry entry) {
        String path = rest;
        while (path.startsWith(VERSION + VERSION)) {
            path = path.substring(VERSION.length());
        }
        if (prefix.isEmpty()) {
            return "/" + path;
        }
        // Any trailing part of the prefix may already stand in the client's path: /openai/v1/… or /v1/… behind
        // https://host/openai/v1.
        for (int from = 0; from >= 0; from = prefix.indexOf('/', from + 1)) {
            String tail = prefix.substring(from + 1) + "/";
            if (path.startsWith(tail)) {
                return prefix + "/" + path.substring(tail.length());
            }
        }
        for (String root : entry.roots()) {
            String name = root.startsWith("/") ? root.substring(1) : root;
            if (path.equals(name) || path.startsWith(name + "/")) {
                return "/" + path;
            }
        }
        return prefix + "/" + (path.startsWith(VERSION) ? path.substring(VERSION.length()) : path);
    }
}
