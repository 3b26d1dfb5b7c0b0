package dev.tollgate.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a multipart body (RFC 2046 §5.1, RFC 7578) into parts so that no byte is left out: what stands before the first delimiter and
 * behind the last is a part of its own, and a body without its delimiter is one part.
 */
final class Multipart {
    private static final int MAX_PARTS = 10_000;
    private static final byte[] BLANK_LINE = {'\r', '\n', '\r', '\n'};

    /**
     * @param start offset of its head in the body
     * @param contentStart offset of its content
     * @param end one past its content
     * @param name name of the form field; empty if it has none
     * @param contentType its Content-Type; empty if it has none
     */
    record Part(int start, int contentStart, int end, String name, String contentType) {}

    private Multipart() {}

    static List<Part> read(byte[] body, String contentType) {
        String boundary = parameter(contentType, "boundary");
        if (boundary == null || boundary.isEmpty()) {
            return List.of(new Part(0, 0, body.length, "", ""));
        }
        byte[] delimiter = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        List<Part> parts = new ArrayList<>();
        int start = 0;
        int at = indexOf(body, delimiter, 0);
        while (at >= 0 && parts.size() < MAX_PARTS) {
            add(parts, body, start, withoutLineEnd(body, start, at));
            start = at + delimiter.length;
            at = indexOf(body, delimiter, start);
        }
        add(parts, body, start, body.length);
        return parts;
    }

    private static void add(List<Part> parts, byte[] body, int start, int end) {
        String between = new String(body, start, Math.min(4, end - start), StandardCharsets.ISO_8859_1);
        if (end - start <= 4 && (between.isBlank() || between.strip().equals("--"))) {
            return;
        }
        int blank = indexOf(body, BLANK_LINE, start);
        if (blank < 0 || blank + BLANK_LINE.length > end) {
            parts.add(new Part(start, start, end, "", ""));
            return;
        }
        String head = new String(body, start, blank - start, StandardCharsets.UTF_8);
        String disposition = header(head, "content-disposition:");
        String name = parameter(disposition, "name");
        parts.add(new Part(
                start, blank + BLANK_LINE.length, end, name == null ? "" : name, header(head, "content-type:")));
    }

    private static String header(String head, String name) {
        for (String line : head.split("\r\n", -1)) {
            if (line.toLowerCase(Locale.ROOT).startsWith(name)) {
                return line.substring(name.length()).strip();
            }
        }
        return "";
    }

    private static @Nullable String parameter(String header, String name) {
        int at = header.toLowerCase(Locale.ROOT).indexOf(name + "=");
        while (at > 0 && header.charAt(at - 1) != ' ' && header.charAt(at - 1) != ';') {
            at = header.toLowerCase(Locale.ROOT).indexOf(name + "=", at + 1);
        }
        if (at < 0) {
            return null;
        }
        String value = header.substring(at + name.length() + 1);
        if (value.startsWith("\"")) {
            int quote = value.indexOf('"', 1);
            return quote < 0 ? null : value.substring(1, quote);
        }
        int semicolon = value.indexOf(';');
        return (semicolon < 0 ? value : value.substring(0, semicolon)).strip();
    }

    private static int withoutLineEnd(byte[] body, int start, int end) {
        int last = end;
        if (last > start && body[last - 1] == '\n') {
            last--;
        }
        if (last > start && body[last - 1] == '\r') {
            last--;
        }
        return last;
    }

    private static int indexOf(byte[] body, byte[] needle, int from) {
        for (int i = from; i <= body.length - needle.length; i++) {
            int k = 0;
            while (k < needle.length && body[i + k] == needle[k]) {
                k++;
            }
            if (k == needle.length) {
                return i;
            }
        }
        return -1;
    }
}
