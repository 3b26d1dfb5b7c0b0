package dev.tollgate.routing;

import dev.tollgate.exchange.Endpoint;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.ProviderEntry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The path and query to ask a provider for. {@code policies/catalog/providers.yaml} states the rules; in short, what a client composed from
 * a base URL of its own (with version, without, doubled) ends up where the provider's documentation says. A provider whose base URL has no
 * path and whose SDK adds none gets the path exactly as the client sent it.
 */
public final class UpstreamPath {
    private UpstreamPath() {}

    /**
     * @param baseUrl the entry's base URL with its references resolved
     * @return begins with a slash; percent-encoding as the client sent it
     */
    public static String of(ProviderEntry entry, String baseUrl, Endpoint endpoint, Target target) {
        String path = path(entry, prefix(entry, baseUrl), endpoint);
        String named = endpoint.provider() == null ? withModel(path, target.model()) : path;
        return endpoint.query() == null ? named : named + "?" + endpoint.query();
    }

    private static String path(ProviderEntry entry, List<String> prefix, Endpoint endpoint) {
        List<String> path = RawPath.withoutDoubledVersion(RawPath.segments(endpoint.path()));
        List<String> before = wirePrefix(entry, endpoint, prefix);
        for (List<String> known : List.of(before, prefix)) {
            List<String> rest = behind(known, path);
            if (rest != null) {
                return joined(known, rest);
            }
        }
        for (String root : entry.roots()) {
            if (startsWith(path, RawPath.segments(root))) {
                return joined(List.of(), path);
            }
        }
        boolean dropsVersion =
                !before.isEmpty() && !path.isEmpty() && path.get(0).equals("v1");
        return joined(before, dropsVersion ? path.subList(1, path.size()) : path);
    }

    // The path of the base URL, and what the vendor's SDK puts behind it unless the base URL already ends so.
    private static List<String> prefix(ProviderEntry entry, String baseUrl) {
        String base = trimmed(pathOf(baseUrl));
        String version = trimmed(entry.versionPrefix());
        boolean isThere = base.equals(version) || base.endsWith("/" + version);
        return RawPath.segments(version.isEmpty() || isThere ? base : base + "/" + version);
    }

    private static List<String> wirePrefix(ProviderEntry entry, Endpoint endpoint, List<String> otherwise) {
        String wire = endpoint.wire();
        int underscore = wire.indexOf('_');
        String family = underscore < 0 ? wire : wire.substring(0, underscore);
        String elsewhere = entry.wirePaths().get(family);
        // A path that the client wrote for a server that takes paths as they come is the client's business.
        boolean asWritten = otherwise.isEmpty() && endpoint.provider() != null;
        return elsewhere == null || asWritten ? otherwise : RawPath.segments(elsewhere);
    }

    /** What follows the prefix, or a trailing part of it, in the path; null if the path does not start with any. */
    private static @Nullable List<String> behind(List<String> prefix, List<String> path) {
        for (int from = 0; from < prefix.size(); from++) {
            List<String> part = prefix.subList(from, prefix.size());
            if (startsWith(path, part)) {
                return path.subList(part.size(), path.size());
            }
        }
        return null;
    }

    private static boolean startsWith(List<String> path, List<String> part) {
        return path.size() >= part.size() && path.subList(0, part.size()).equals(part);
    }

    private static String joined(List<String> prefix, List<String> rest) {
        String front = prefix.isEmpty() ? "" : "/" + String.join("/", prefix);
        return rest.isEmpty() && !front.isEmpty() ? front : front + "/" + String.join("/", rest);
    }

    private static String pathOf(String url) {
        int authority = url.indexOf("://");
        int slash = url.indexOf('/', authority < 0 ? 0 : authority + 3);
        return slash < 0 ? "" : url.substring(slash);
    }

    private static String trimmed(String path) {
        int start = 0;
        int end = path.length();
        while (start < end && path.charAt(start) == '/') {
            start++;
        }
        while (end > start && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(start, end);
    }

    // Where the model stands in the path (Gemini), the target's name takes the place of the alias.
    private static String withModel(String path, @Nullable String model) {
        int name = path.lastIndexOf("/models/") + "/models/".length();
        int verb = path.indexOf(':', name);
        return model == null || name < "/models/".length() || verb < 0
                ? path
                : path.substring(0, name) + encoded(model) + path.substring(verb);
    }

    private static String encoded(String model) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : model.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean isPlain = (c >= '0' && c <= '9')
                    || (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || "-._~@".indexOf(c) >= 0;
            encoded.append(isPlain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return encoded.toString();
    }
}
