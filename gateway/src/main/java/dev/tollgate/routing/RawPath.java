package dev.tollgate.routing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The path of a request target as it came (RFC 3986 §3.3), and what is wrong with it. Percent-encoding is undone once, to look at, never to
 * send.
 */
final class RawPath {
    private static final Pattern VERSION = Pattern.compile("v\\d{1,3}((alpha|beta)\\d{0,3})?");
    /** Beside RFC 3986's own: what clients leave unencoded, and every provider takes. */
    private static final String ALLOWED = "-._~!$&'()*+,;=:@/%<>[]{}|^";

    private static final String HIDDEN = "a segment is . or .., or hides one";

    private RawPath() {}

    /** What is wrong with a path, or null. The message does not repeat it. */
    static @Nullable String fault(String path) {
        if (!path.startsWith("/")) {
            return "the path does not start with a slash";
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (!isAllowed(c)) {
                return "the path has a character at index " + i + " that must be percent-encoded";
            }
            if (c == '%' && !isHexPair(path, i + 1)) {
                return "the path has a percent sign at index " + i + " without two hex digits";
            }
        }
        String decoded = decoded(path);
        for (int i = 0; i < decoded.length(); i++) {
            char c = decoded.charAt(i);
            if (c < ' ' || c == 0x7f || c == '\\' || c == '\uFFFD') {
                return "the path encodes a control character, a backslash or bytes that are not UTF-8";
            }
        }
        return hasDotSegment(decoded) ? HIDDEN : null;
    }

    /** What is wrong with a query, or null. */
    static @Nullable String queryFault(String query) {
        for (int i = 0; i < query.length(); i++) {
            char c = query.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                return "the query has a character at index " + i + " that must be percent-encoded";
            }
        }
        return null;
    }

    // A provider that resolves dots, or decodes slashes first, would be asked for another endpoint than the one that
    // was judged.
    private static boolean hasDotSegment(String decoded) {
        for (String segment : decoded.split("/", -1)) {
            int parameters = segment.indexOf(';');
            String name = parameters < 0 ? segment : segment.substring(0, parameters);
            if (name.equals(".") || name.equals("..")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAllowed(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || ALLOWED.indexOf(c) >= 0;
    }

    private static boolean isHexPair(String text, int at) {
        return at + 2 <= text.length()
                && Character.digit(text.charAt(at), 16) >= 0
                && Character.digit(text.charAt(at + 1), 16) >= 0;
    }

    /** Percent-encoding undone, once; bytes that are not UTF-8 become U+FFFD. */
    static String decoded(String raw) {
        if (raw.indexOf('%') < 0) {
            return raw;
        }
        byte[] bytes = new byte[raw.length()];
        int length = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%' && isHexPair(raw, i + 1)) {
                bytes[length++] = (byte) Integer.parseInt(raw.substring(i + 1, i + 3), 16);
                i += 2;
            } else {
                bytes[length++] = (byte) c;
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** The segments between slashes, without empty ones at the front. */
    static List<String> segments(String path) {
        List<String> segments = new ArrayList<>(List.of(path.split("/", -1)));
        while (!segments.isEmpty() && segments.get(0).isEmpty()) {
            segments.remove(0);
        }
        return segments;
    }

    /** Takes a version that stands twice in front ({@code v1/v1/models}) once. */
    static List<String> withoutDoubledVersion(List<String> segments) {
        List<String> kept = segments;
        while (kept.size() > 1 && isVersion(kept.get(0)) && kept.get(0).equals(kept.get(1))) {
            kept = kept.subList(1, kept.size());
        }
        return kept;
    }

    /** Whether a segment is a version: {@code v1}, {@code v1beta}, {@code v1beta1}. */
    static boolean isVersion(String segment) {
        return VERSION.matcher(segment).matches();
    }

    /** A path as wires know it: decoded, without version in front, and without empty segments. */
    static String plain(String raw) {
        List<String> segments = new ArrayList<>();
        for (String segment : decoded(raw).split("/", -1)) {
            if (!segment.isEmpty() && !(segments.isEmpty() && isVersion(segment))) {
                segments.add(segment);
            }
        }
        return String.join("/", segments);
    }
}
