package dev.tollgate.detect;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what is written in base64 (either alphabet, with or without padding) or in hexadecimal, if it decodes to readable
 * text: one view per encoded run, whose findings span the whole run, because a part of it cannot be replaced alone. Binary data,
 * such as images, is told by its first bytes and left alone.
 */
final class Encodings implements Normaliser {
    /** Shorter runs are words, names and ids more often than anything hidden. */
    private static final int SHORTEST_RUN = 24;
    /** Places so far apart are looked at, and eight characters before each: every run holds one of them with these. */
    private static final int STRIDE = SHORTEST_RUN - 8;
    /** A shorter line does not carry on the one before it. */
    private static final int SHORTEST_LINE = 2;

    /** Decoded this much first, to tell text from binary data. A multiple of four and of two. */
    private static final int SAMPLE = 48;
    /** A multiple of four and of two, so that blocks of one run can be decoded apart. */
    private static final int BLOCK_CHARS = 1 << 16;

    /** So many separators are tried as the end of what stands before a run. */
    private static final int ATTEMPTS = 4;

    private static final int BLOCK_OVERLAP = 1 << 12;
    private static final int PADDING = -2;
    private static final boolean[] ALPHABET = alphabet();
    /** By character of the alphabet, the six bits it stands for; others are negative. */
    private static final byte[] VALUES = values();

    @Override
    public void views(View outer, Consumer<View> views) {
        final String text = outer.text();
        final byte[] image = outer.image().bytes();
        final int length = text.length();
        int behind = 0;
        // Each run covers one of the places looked at, and what lies before it: most characters are never read.
        int at = STRIDE - 1;
        while (at < length) {
            if (isInside(image, Image.MARGIN + at)) {
                int start = at;
                while (start > behind && isEncoded(text.charAt(start - 1))) {
                    start--;
                }
                int end = start;
                while (end < length && isEncoded(text.charAt(end))) {
                    end++;
                }
                if (end - start >= SHORTEST_RUN) {
                    end = run(outer, start, endOfPadding(text, end), views);
                }
                behind = Math.max(at, end);
                at = behind;
            }
            at += STRIDE;
        }
    }

    /** A quick look at characters that a run which reaches to {@code at} and {@link #STRIDE} beyond or before must have. */
    private static boolean isInside(byte[] image, int at) {
        if (Image.hasBelowOrSign(Image.eight(image, at - Long.BYTES + 1), '+')) {
            return false;
        }
        return (VALUES[image[at] & 0xFF]
                        | VALUES[image[at - 2] & 0xFF]
                        | VALUES[image[at - 4] & 0xFF]
                        | VALUES[image[at - 6] & 0xFF]
                        | VALUES[image[at - 8] & 0xFF])
                >= 0;
    }

    private static int endOfPadding(String text, int end) {
        int padded = end;
        while (padded < text.length() && padded < end + 2 && text.charAt(padded) == '=') {
            padded++;
        }
        return padded;
    }

    /** @return behind what was decoded, or the run where nothing was */
    private static int run(View outer, int runStart, int end, Consumer<View> views) {
        final String text = outer.text();
        final int start = readableFrom(text, runStart, end);
        if (start == end) {
            return end;
        }
        final boolean hex = isHex(text, runStart, end);
        final int last = hex ? end : endOfLines(text, end);
        final String plain = hex ? null : inflated(text, start, last);
        if (plain != null) {
            views.accept(
                    new View.Builder(outer, start).swap(last - start, plain).build());
            return last;
        }
        for (int from = start; from < last; from = behind(text, from, last, BLOCK_CHARS)) {
            final int to = behind(text, from, last, BLOCK_CHARS + BLOCK_OVERLAP);
            final int blockStart = from;
            decode(joined(text, from, to), hex, to < last)
                    .ifPresent(decoded -> views.accept(new View.Builder(outer, blockStart)
                            .swap(to - blockStart, decoded)
                            .build()));
        }
        return last;
    }

    /** What makes sense may go on in further lines, as mail programs break it. */
    private static int endOfLines(String text, int end) {
        int last = end;
        while (true) {
            int next = last;
            while (next < text.length() && next < last + 2 && isLineBreak(text.charAt(next))) {
                next++;
            }
            final int lineStart = next;
            while (next < text.length() && isEncoded(text.charAt(next))) {
                next++;
            }
            if (lineStart == last || next - lineStart < SHORTEST_LINE) {
                return last;
            }
            last = endOfPadding(text, next);
        }
    }

    private static boolean isLineBreak(char c) {
        return c == '\n' || c == '\r';
    }

    /** Where so many characters, line breaks not counted, are passed. */
    private static int behind(String text, int from, int end, int count) {
        int left = count;
        int at = from;
        while (at < end && left > 0) {
            left -= isLineBreak(text.charAt(at)) ? 0 : 1;
            at++;
        }
        return at;
    }

    private static String joined(String text, int from, int to) {
        final String part = text.substring(from, to);
        return part.indexOf('\n') < 0 ? part : part.replace("\n", "").replace("\r", "");
    }

    /** What a compressed run says; null if it is none. */
    private static @Nullable String inflated(String text, int from, int to) {
        if (!Inflated.mayBegin(text, from)) {
            return null;
        }
        try {
            return Inflated.text(base64(joined(text, from, to)));
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    /** Where the run begins to make sense: a name or path may stand directly before it. @return {@code end} if nowhere */
    private static int readableFrom(String text, int runStart, int end) {
        final boolean hex = isHex(text, runStart, end);
        int start = runStart;
        for (int attempt = 0; attempt < ATTEMPTS && end - start >= SHORTEST_RUN; attempt++) {
            final int sampleEnd = Math.min(end, start + SAMPLE);
            if (Inflated.mayBegin(text, start)
                    || decode(text.substring(start, sampleEnd), hex, sampleEnd < end)
                            .isPresent()) {
                return start;
            }
            while (start < end && "/-_+".indexOf(text.charAt(start)) < 0) {
                start++;
            }
            start++;
        }
        return end;
    }

    /** @param cut whether the run goes on, so that the last character may be incomplete */
    private static Optional<String> decode(String encoded, boolean hex, boolean cut) {
        final int quantum = hex ? 2 : 4;
        final int end = cut || hex ? encoded.length() - encoded.length() % quantum : encoded.length();
        if (!(hex ? hexBeginsReadable(encoded, end) : beginsReadable(encoded, end))) {
            return Optional.empty();
        }
        final String run = encoded.substring(0, end);
        try {
            final byte[] bytes = hex ? HexFormat.of().parseHex(run) : base64(run);
            return ReadableBytes.text(bytes, cut);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A look at the first bytes: names and ids that only look encoded show themselves there, and are many. */
    private static boolean beginsReadable(String text, int to) {
        final int end = Math.min(to, SAMPLE);
        int bits = 0;
        int filled = 0;
        int expected = 0;
        for (int i = 0; i < end; i++) {
            final int value = VALUES[text.charAt(i)];
            if (value < 0) {
                // Padding stands at the end only, and a run that goes on behind it is no run.
                return value == PADDING && i >= to - 2;
            }
            bits = ((bits << 6) | value) & 0xFFFF;
            filled += 6;
            if (filled >= 8) {
                filled -= 8;
                expected = ReadableBytes.expectedBehind((bits >>> filled) & 0xFF, expected);
                if (expected < 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean hexBeginsReadable(String text, int to) {
        int expected = 0;
        for (int i = 0; i + 1 < Math.min(to, SAMPLE) && expected >= 0; i += 2) {
            expected = ReadableBytes.expectedBehind(HexFormat.fromHexDigits(text, i, i + 2), expected);
        }
        return expected >= 0;
    }

    private static byte[] base64(String run) {
        final String standard = run.replace('-', '+').replace('_', '/');
        final int padding = standard.indexOf('=');
        final String body = padding < 0 ? standard : standard.substring(0, padding);
        return Base64.getDecoder().decode(body.length() % 4 == 1 ? body.substring(0, body.length() - 1) : body);
    }

    private static boolean isHex(String text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (Character.digit(text.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEncoded(char c) {
        return c < ALPHABET.length && ALPHABET[c];
    }

    private static boolean[] alphabet() {
        final boolean[] member = new boolean[1 << Byte.SIZE];
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
                .chars()
                .forEach(c -> member[c] = true);
        return member;
    }

    private static byte[] values() {
        final byte[] values = new byte[ALPHABET.length];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < 64; i++) {
            values["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".charAt(i)] = (byte) i;
        }
        values['-'] = 62;
        values['_'] = 63;
        values['='] = PADDING;
        return values;
    }
}
