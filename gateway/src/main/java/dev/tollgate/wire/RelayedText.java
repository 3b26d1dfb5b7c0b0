package dev.tollgate.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the model said, thought and called in a reply, kept as it passes until somebody counts its tokens. Choices are kept apart: their
 * pieces come mixed, and a tokenizer would make other tokens of the mixture. Not thread-safe.
 */
public final class RelayedText {
    /** Choices told apart; those beyond are kept as one. */
    static final int MAX_CHOICES = 16;

    /** Tokens that models put around each call of a tool, and that no event shows. */
    static final int CALL_TOKENS = 16;

    private static final int FIRST_BYTES = 256;
    private static final int CODE_DIGITS = 4;

    private final List<Part> parts = new ArrayList<>(1);
    private long bytes;
    private long calls;

    /**
     * Output to be counted.
     *
     * @param texts one per choice
     * @param frameTokens tokens beside those of the texts
     */
    public record Piece(List<String> texts, long frameTokens) {
        @Override
        public String toString() {
            return "Piece[" + texts.size() + " texts, redacted]";
        }
    }

    /** The content of JSON strings of one choice, one behind the other, escapes and all. */
    private static final class Part {
        private byte[] json = new byte[FIRST_BYTES];
        private int length;
    }

    /**
     * Keeps a piece.
     *
     * @param choice which choice it belongs to, ≥ 0
     * @param json holds the content of a JSON string
     * @param from where that begins, behind the quote
     * @param to where it ends, before the quote
     */
    void add(int choice, byte[] json, int from, int to) {
        int length = to - from;
        if (length <= 0) {
            return;
        }
        int index = Math.min(choice, MAX_CHOICES - 1);
        while (parts.size() <= index) {
            parts.add(new Part());
        }
        Part part = parts.get(index);
        if (part.json.length - part.length < length) {
            part.json = Arrays.copyOf(part.json, Math.max(part.length + length, 2 * part.json.length));
        }
        System.arraycopy(json, from, part.json, part.length, length);
        part.length += length;
        bytes += length;
    }

    /** A tool is called. */
    void call() {
        calls++;
    }

    /**
     * Bytes that were added and not taken, as JSON writes them, and tokens around them: no tokenizer makes more tokens of them.
     */
    public long bytes() {
        return bytes + calls * CALL_TOKENS;
    }

    /** Hands over what was added since the last time, choice by choice, and forgets it. */
    public Piece take() {
        List<String> texts = new ArrayList<>(parts.size());
        for (Part part : parts) {
            if (part.length > 0) {
                texts.add(unescaped(part.json, part.length));
            }
        }
        Piece piece = new Piece(texts, calls * CALL_TOKENS);
        parts.clear();
        bytes = 0;
        calls = 0;
        return piece;
    }

    private static String unescaped(byte[] json, int length) {
        String text = new String(json, 0, length, StandardCharsets.UTF_8);
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length()) {
                at++;
                char escaped = text.charAt(at);
                plain.append(escaped == 'u' ? code(text, at + 1) : meant(escaped));
                at += escaped == 'u' ? CODE_DIGITS : 0;
            } else {
                plain.append(c);
            }
            at++;
        }
        return plain.toString();
    }

    private static char meant(char escaped) {
        return switch (escaped) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> escaped;
        };
    }

    private static char code(String text, int at) {
        int code = 0;
        for (int i = at; i < at + CODE_DIGITS; i++) {
            int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                return '\uFFFD';
            }
            code = code << 4 | digit;
        }
        return (char) code;
    }
}
