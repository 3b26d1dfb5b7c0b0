package dev.tollgate.budget;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whose spend a counter holds, as its key writes it: values joined by {@code +}, each with what would blur it (also {@code /}, control
 * characters and what is not ASCII) written as {@code %2F}, and empty where a call has none. So no two subjects share a key.
 */
final class Subjects {
    private Subjects() {}

    static String escape(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (!isPlain(value.charAt(i))) {
                return escapeSlowly(value);
            }
        }
        return value;
    }

    private static boolean isPlain(char c) {
        return c > ' ' && c < 0x7f && c != '/' && c != '+' && c != '%';
    }

    private static String escapeSlowly(String value) {
        StringBuilder out = new StringBuilder(value.length() + 8);
        for (byte one : value.getBytes(UTF_8)) {
            char c = (char) (one & 0xff);
            if (isPlain(c)) {
                out.append(c);
            } else {
                out.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
            }
        }
        return out.toString();
    }

    /** The values of a subject. */
    static List<String> values(String subject) {
        List<String> values = new ArrayList<>();
        for (String value : subject.split("\\+", -1)) {
            values.add(unescape(value));
        }
        return List.copyOf(values);
    }

    private static String unescape(String value) {
        if (value.indexOf('%') < 0) {
            return value;
        }
        byte[] out = new byte[value.length()];
        int length = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '%' && i + 2 < value.length()) {
                out[length++] = (byte) Integer.parseInt(value.substring(i + 1, i + 3), 16);
                i += 2;
            } else {
                out[length++] = (byte) c;
            }
        }
        return new String(out, 0, length, UTF_8);
    }
}
