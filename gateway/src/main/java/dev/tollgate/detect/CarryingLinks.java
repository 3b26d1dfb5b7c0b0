package dev.tollgate.detect;

import dev.tollgate.value.NamePattern;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Finds addresses in what a model says that carry data to hosts which nobody has allowed: an injection has no other way out than an image that
 * a page loads by itself, a link that somebody follows, or a name that is looked up. Immutable, safe on any thread.
 */
public final class CarryingLinks {
    /** Id of the rule for pictures, which are loaded without anybody's doing. */
    public static final String IMAGE = "exfil_image";
    /** Id of the rule for other addresses. */
    public static final String LINK = "exfil_link";
    /** Id of the rule for names of hosts that are made of data. */
    public static final String HOST = "exfil_dns";

    /** Longer addresses are judged by their beginning; all of a token of that length is one. */
    private static final int MOST_CHARS = 8192;
    /** Chars of the longest beginning of an address by which it is not known yet. */
    private static final int LONGEST_SCHEME = 12;
    /** Chars in front of an address that say what loads it. */
    private static final int LOOK_BACK = 64;

    private static final int LONG_VALUE = 32;
    private static final int LONG_SEGMENT = 24;
    private static final int LONG_LABEL = 24;
    private static final int LONGEST_LABEL = 40;

    private final NamePattern allowed;

    /** @param allowed hosts that may be sent anything, {@code *} standing for any characters; in small letters */
    public CarryingLinks(List<String> allowed) {
        this.allowed = new NamePattern(
                allowed.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList());
    }

    /** An address. */
    public record Hit(int start, int end, String rule) {}

    /**
     * @param hits in their order
     * @param decided chars at the beginning of the text in which no other begins
     */
    public record Look(List<Hit> hits, int decided) {
        public Look {
            hits = List.copyOf(hits);
        }
    }

    /**
     * Searches a text, in which chars may be escaped as in JSON strings.
     *
     * @param isOver whether no more of it comes
     */
    public Look look(String written, boolean isOver) {
        final JsonUnescaped plain = JsonUnescaped.of(written, isOver);
        final Look look = search(plain.text(), plain.isWhole());
        return new Look(
                look.hits.stream()
                        .map(hit -> new Hit(plain.written(hit.start), plain.written(hit.end), hit.rule))
                        .toList(),
                plain.written(look.decided));
    }

    private Look search(String text, boolean isOver) {
        final List<Hit> hits = new ArrayList<>();
        int decided = text.length();
        int at = 0;
        while (at < text.length()) {
            final int start = tokenStart(text, at);
            final int end = tokenEnd(text, start);
            if (end == text.length() && !isOver && end - start < MOST_CHARS) {
                decided = Math.min(decided, mayBegin(text, start));
            } else {
                token(text, start, end, hits);
            }
            at = Math.max(end, start + 1);
        }
        return new Look(hits, decided);
    }

    private static int tokenStart(String text, int from) {
        int at = from;
        while (at < text.length() && isBorder(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int tokenEnd(String text, int from) {
        int at = from;
        boolean isAddress = false;
        while (at < text.length() && at - from < MOST_CHARS) {
            final char c = text.charAt(at);
            // Hosts and words of addresses may be of any letters, but no address begins with such.
            if (isBorder(c) && !(isAddress && c > '~' && Character.isLetterOrDigit(c))) {
                return at;
            }
            isAddress |= c == '/' && at > from && text.charAt(at - 1) == '/';
            at++;
        }
        return at;
    }

    /** What no address has in it and what parts it from its surroundings in Markdown, HTML and JSON; brackets are part of placeholders. */
    private static boolean isBorder(char c) {
        return c <= ' ' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '`' || c == '(' || c == ')' || c == '{'
                || c == '}' || c == '|' || c == '\\' || c > '~';
    }

    /** Where in the token at the end of a text an address may begin: with a scheme, two slashes, or as a name. */
    private static int mayBegin(String text, int start) {
        final int slashes = text.indexOf("//", start);
        if (slashes >= 0) {
            return Math.max(start, slashes - LONGEST_SCHEME);
        }
        // A name of a host, or a scheme of which the slashes are missing: all of it, since it has no other parts.
        return start;
    }

    private void token(String text, int start, int end, List<Hit> hits) {
        final int slashes = text.indexOf("//", start);
        if (slashes < 0 || slashes + 2 >= end) {
            host(text, start, end, hits);
            return;
        }
        int from = slashes;
        while (from > start && slashes - from < LONGEST_SCHEME && isOfScheme(text.charAt(from - 1))) {
            from--;
        }
        final boolean isImage = isImage(text, from);
        if (from == slashes && !isImage && !isLinked(text, from)) {
            // A comment in code, or a path.
            return;
        }
        final String address = text.substring(slashes + 2, end);
        final int path = firstOf(address, "/?#", 0);
        final String authority = address.substring(0, path);
        final String host = hostOf(authority);
        if (allowed.matches(host)) {
            return;
        }
        if (isMadeOfData(host)) {
            hits.add(new Hit(from, end, HOST));
        } else if (authority.indexOf('@') >= 0 || carries(address.substring(path), isImage)) {
            hits.add(new Hit(from, end, isImage ? IMAGE : LINK));
        }
    }

    private static boolean isOfScheme(char c) {
        return c == ':' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+';
    }

    private static String hostOf(String authority) {
        final String host = authority.substring(authority.lastIndexOf('@') + 1);
        final int port = host.indexOf(':');
        return (port < 0 ? host : host.substring(0, port)).toLowerCase(Locale.ROOT);
    }

    /** A name alone, as commands take it. */
    private void host(String text, int start, int end, List<Hit> hits) {
        if (end - start <= LONG_LABEL) {
            return;
        }
        int stop = end;
        while (stop > start && (text.charAt(stop - 1) == '.' || text.charAt(stop - 1) == ',')) {
            stop--;
        }
        final String host = text.substring(start, stop).toLowerCase(Locale.ROOT);
        final int dot = host.indexOf('.');
        if (dot > 0 && host.indexOf('.', dot + 1) > 0 && isName(host) && !allowed.matches(host) && isMadeOfData(host)) {
            hits.add(new Hit(start, stop, HOST));
        }
    }

    private static boolean isName(String host) {
        for (int i = 0; i < host.length(); i++) {
            final char c = host.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_')) {
                return false;
            }
        }
        final String last = host.substring(host.lastIndexOf('.') + 1);
        return last.length() >= 2 && last.chars().allMatch(c -> c >= 'a' && c <= 'z');
    }

    /** Whether labels before the last two hold what nobody calls a machine. */
    private static boolean isMadeOfData(String host) {
        final String[] labels = host.split("\\.", -1);
        for (int i = 0; i < labels.length - 2; i++) {
            if (labels[i].length() >= LONGEST_LABEL || (labels[i].length() >= LONG_LABEL && isEncoded(labels[i]))) {
                return true;
            }
        }
        return false;
    }

    /** Markdown's pictures and references, HTML's and CSS's sources. */
    private static boolean isImage(String text, int from) {
        final String before = text.substring(Math.max(0, from - LOOK_BACK), from);
        if (before.endsWith("](")) {
            final int picture = text.lastIndexOf("![", from - 2);
            return picture >= 0 && picture > text.lastIndexOf("](", from - 3);
        }
        final String plain =
                before.stripTrailing().replaceAll("[\"'\\\\]+$", "").toLowerCase(Locale.ROOT);
        return plain.endsWith("src=") || plain.endsWith("srcset=") || plain.endsWith("url(") || plain.endsWith("]:");
    }

    private static boolean isLinked(String text, int from) {
        final String plain = text.substring(Math.max(0, from - LOOK_BACK), from)
                .replaceAll("[\"'\\\\ ]+$", "")
                .toLowerCase(Locale.ROOT);
        return plain.endsWith("](") || plain.endsWith("href=");
    }

    private static boolean carries(String rest, boolean isImage) {
        final int query = firstOf(rest, "?#", 0);
        if (rest.indexOf('[') >= 0 || rest.contains("%5B") || rest.contains("%5b")) {
            // A placeholder: what it stands for would go along.
            return true;
        }
        for (String segment : rest.substring(0, query).split("[/;]", -1)) {
            if (segment.length() >= LONG_SEGMENT && isEncoded(segment)) {
                return true;
            }
        }
        if (query + 1 >= rest.length()) {
            return false;
        }
        for (String parameter : rest.substring(query + 1).split("[&;?#]", -1)) {
            final String value = decoded(parameter.substring(parameter.indexOf('=') + 1));
            final boolean isLong = value.length() >= LONG_VALUE;
            if (isLong || (isImage && !value.isEmpty()) || (value.length() >= LONG_SEGMENT && isEncoded(value))) {
                return true;
            }
        }
        return false;
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException unfinished) {
            return value;
        }
    }

    /** Whether letters and digits are as mixed as no name is: hexadecimal, base32, base64. */
    static boolean isEncoded(String token) {
        int digits = 0;
        int hex = 0;
        int changes = 0;
        int before = -1;
        for (int i = 0; i < token.length(); i++) {
            final char c = token.charAt(i);
            final int kind = c >= '0' && c <= '9' ? 0 : c >= 'a' && c <= 'z' ? 1 : c >= 'A' && c <= 'Z' ? 2 : 3;
            digits += kind == 0 ? 1 : 0;
            hex += kind == 0 || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') ? 1 : 0;
            changes += before >= 0 && kind != before && kind != 3 && before != 3 ? 1 : 0;
            before = kind;
        }
        final boolean isHex = hex == token.length() && digits >= 4 && digits < token.length();
        return isHex || changes * 4 >= token.length();
    }

    private static int firstOf(String text, String any, int from) {
        int at = from;
        while (at < text.length() && any.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }
}
