package dev.tollgate.identity;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an instrumented program hands on with its trace: the header {@code baggage} of W3C Baggage, whose members are named as OpenTelemetry names
 * attributes. A label that the client asserts, never authentication; what cannot be read says nothing.
 */
final class Baggage {
    /** Longest header that is read, in characters (W3C Baggage §3.3.2 asks for as much to be handed on). */
    private static final int MAX_LENGTH = 8_192;

    private Baggage() {}

    /** The first of these members that the header holds, as text; null where it holds none. */
    static @Nullable String first(@Nullable String header, String... names) {
        if (header == null || header.length() > MAX_LENGTH) {
            return null;
        }
        for (String name : names) {
            String value = member(header, name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private static @Nullable String member(String header, String name) {
        for (int start = 0; start <= header.length(); ) {
            int comma = header.indexOf(',', start);
            int end = comma < 0 ? header.length() : comma;
            int equals = header.indexOf('=', start);
            if (equals > 0
                    && equals < end
                    && header.substring(start, equals).strip().equals(name)) {
                int properties = header.indexOf(';', equals);
                int until = properties < 0 || properties > end ? end : properties;
                return decoded(header.substring(equals + 1, until).strip());
            }
            start = end + 1;
        }
        return null;
    }

    private static @Nullable String decoded(String value) {
        try {
            // A plus stands for itself there, not for a blank.
            String text = URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
            return text.isBlank() ? null : text;
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
