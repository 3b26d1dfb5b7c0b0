package dev.tollgate.detect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.Immutable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/** Ways to write a text so that a plain search does not find it and a model, or the program behind one, still reads it. */
public enum Evasion {
    PLAIN(text -> text),
    CAPITALS_IN_PHRASES(text -> text.indexOf(' ') < 0 ? text : text.toUpperCase(Locale.ROOT)),
    UNICODE_ESCAPES(text -> each(text, c -> String.format("\\u%04x", c))),
    UNICODE_ESCAPES_OF_SOME(text -> everyThird(text, c -> String.format("\\u%04X", c))),
    HEX_ESCAPES(text -> each(text, c -> String.format("\\x%02x", c))),
    BRACED_ESCAPES(text -> each(text, c -> String.format("\\u{%x}", c))),
    OCTAL_ESCAPES(text -> each(text, c -> String.format("\\%03o", c))),
    JSON_IN_JSON(text -> "{\"out\": \"line\\n" + text + "\\n\"}"),
    JSON_IN_JSON_IN_JSON(text -> "{\"out\": \"{\\\"line\\\": \\\"a\\\\n" + text + "\\\\n\\\"}\"}"),
    PERCENT(text -> each(text, c -> String.format("%%%02X", c))),
    PERCENT_OF_SOME(text -> everyThird(text, c -> String.format("%%%02x", c))),
    PERCENT_TWICE(text -> each(text, c -> String.format("%%25%02X", c))),
    HTML_DECIMAL(text -> each(text, c -> "&#" + c + ";")),
    HTML_HEX(text -> each(text, c -> String.format("&#x%x;", c))),
    HTML_PADDED(text -> each(text, c -> String.format("&#%07d;", c))),
    HTML_COMMENTS(text -> everyThird(text, c -> "<!-- -->" + (char) c)),
    BASE64(text -> base64("note: " + text + " end")),
    BASE64_BARE(Evasion::base64),
    BASE64_URL(text ->
            Base64.getUrlEncoder().withoutPadding().encodeToString(("note: " + text + " ??>> end").getBytes(UTF_8))),
    BASE64_LINES(text -> Base64.getMimeEncoder()
            .encodeToString(
                    ("Some words come first here, so that it spans two lines. " + text + " and more").getBytes(UTF_8))),
    BASE64_SHIFTED_LINES(text -> Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(("And other words come first, " + text + " and more, and more").getBytes(UTF_8))),
    BASE64_TWICE(text -> base64(base64("note: " + text + " end"))),
    BASE64_AFTER_NAME(text -> "data=" + base64("note: " + text + " end")),
    HEX(text -> HexFormat.of().formatHex(text.getBytes(UTF_8))),
    HEX_CAPITALS(text -> HexFormat.of().withUpperCase().formatHex(text.getBytes(UTF_8))),
    HEX_APART(text -> HexFormat.ofDelimiter(" ").formatHex(text.getBytes(UTF_8))),
    HEX_COLONS(text -> HexFormat.ofDelimiter(":").formatHex(text.getBytes(UTF_8))),
    HEX_PREFIXED(text -> HexFormat.ofDelimiter(", ").withPrefix("0x").formatHex(text.getBytes(UTF_8))),
    GZIP_IN_BASE64(text -> Base64.getEncoder().encodeToString(gzip("note: " + text + " end"))),
    ROT13(text -> each(text, c -> String.valueOf((char) rot13(c)))),
    LEETSPEAK(text -> text.indexOf(' ') < 0 ? text : each(text, c -> String.valueOf(leet(c, "4310$7")))),
    LEETSPEAK_OF_VOWELS(text -> text.indexOf(' ') < 0 ? text : each(text, c -> String.valueOf(leet(c, "@310st")))),
    REVERSED(text -> new StringBuilder(text).reverse().toString()),
    ZERO_WIDTH(text -> each(text, c -> (char) c + "\u200B")),
    ZERO_WIDTH_JOINERS(text -> everyThird(text, c -> (char) c + "\u200D")),
    SOFT_HYPHENS(text -> everyThird(text, c -> (char) c + "\u00AD")),
    BIDI_MARKS(text -> "\u202D" + everyThird(text, c -> (char) c + "\u200E") + "\u202C"),
    WORD_JOINERS(text -> each(text, c -> (char) c + "\u2060")),
    GRAPHEME_JOINERS(text -> each(text, c -> (char) c + "\u034F")),
    VARIATION_SELECTORS(text -> each(text, c -> (char) c + "\uFE0F")),
    COMBINING_MARKS(text -> each(text, c -> (char) c + "\u0336")),
    TAGS(text -> "weather " + each(text, c -> Character.toString(0xE0000 + c))),
    FULL_WIDTH(text -> each(text, c -> c == ' ' ? "\u3000" : String.valueOf((char) (c + 0xFEE0)))),
    MATHEMATICAL(text -> each(text, Evasion::bold)),
    CIRCLED(text -> each(text, Evasion::circled)),
    LOOK_ALIKES(text -> each(text, c -> String.valueOf(alike((char) c)))),
    WIDE_BLANKS(text -> text.replace(' ', '\u2003')),
    SPACED(text -> each(text, c -> (char) c + " ").strip()),
    DASHED(text -> each(text, c -> (char) c + "-").replaceAll("-$", "")),
    LINE_BREAKS_IN_PHRASES(text -> text.replace(" ", "\n")),
    MARKDOWN_IN_PHRASES(text -> text.replace(" ", " **").replaceAll("(\\*\\*[a-z]+)", "$1**"));

    @Immutable
    @FunctionalInterface
    private interface Writer {
        String write(String text);
    }

    private final Writer writer;

    Evasion(Writer writer) {
        this.writer = writer;
    }

    public String write(String text) {
        return writer.write(text);
    }

    private static String each(String text, IntFunction<String> written) {
        return text.chars().mapToObj(written).collect(Collectors.joining());
    }

    private static String everyThird(String text, IntFunction<String> written) {
        final StringBuilder all = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            all.append(i % 3 == 1 ? written.apply(text.charAt(i)) : text.substring(i, i + 1));
        }
        return all.toString();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static byte[] gzip(String text) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @param signs what stands for a, e, i, o, s and t */
    private static char leet(int c, String signs) {
        final int letter = "aeiost".indexOf(c);
        return letter < 0 ? (char) c : signs.charAt(letter);
    }

    private static int rot13(int c) {
        final int base = c >= 'a' ? 'a' : 'A';
        return Character.isLetter(c) ? base + (c - base + 13) % 26 : c;
    }

    private static String bold(int c) {
        if (c >= 'A' && c <= 'Z') {
            return Character.toString(0x1D400 + c - 'A');
        }
        if (c >= 'a' && c <= 'z') {
            return Character.toString(0x1D41A + c - 'a');
        }
        return c >= '0' && c <= '9' ? Character.toString(0x1D7CE + c - '0') : String.valueOf((char) c);
    }

    private static String circled(int c) {
        if (c >= 'A' && c <= 'Z') {
            return Character.toString(0x24B6 + c - 'A');
        }
        if (c >= 'a' && c <= 'z') {
            return Character.toString(0x24D0 + c - 'a');
        }
        return c >= '1' && c <= '9' ? Character.toString(0x2460 + c - '1') : String.valueOf((char) c);
    }

    private static char alike(char c) {
        final int at = "aeopcyxiABEKMHOPCTX".indexOf(c);
        return at < 0 ? c : "аеорсухіАВЕКМНОРСТХ".charAt(at);
    }
}
