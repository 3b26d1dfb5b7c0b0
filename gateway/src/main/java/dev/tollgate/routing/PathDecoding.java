package dev.tollgate.routing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Percent-decodes paths (RFC 3986 §2.1) once, to decide what they name. */
final class PathDecoding {
    private PathDecoding() {}

    /** The decoded path; null where an escape is malformed or stands for what no path of a model API holds. */
    static @Nullable String decode(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(path.length());
        int i = 0;
        while (i < path.length()) {
            char c = path.charAt(i);
            if (c != '%') {
                decoded.write(c);
                i++;
                continue;
            }
            int value = i + 2 < path.length() ? hex(path.charAt(i + 1)) * 16 + hex(path.charAt(i + 2)) : -1;
            if (value < ' ' || value == 0x7f || value == '\\') {
                return null;
            }
            decoded.write(value);
            i += 3;
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }

    static boolean hasDotSegment(String decoded) {
        for (String segment : decoded.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                return true;
            }
        }
        return false;
    }

    private static int hex(char c) {
        int digit = Character.digit(c, 16);
        return c < 128 && digit >= 0 ? digit : -1000;
    }
}
