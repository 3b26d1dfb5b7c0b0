package dev.tollgate.exchange;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Replaces bytes {@code start..end} of a request body. An insertion has {@code start == end}.
 *
 * @param start offset of the first byte replaced
 * @param end one past the last byte replaced
 * @param replacement what stands there afterwards
 * @param originals what the placeholders in the replacement stand for that are put back where they turn up in the reply; empty for most
 * @param hidden what in the replacement people are not shown, by the placeholders that they see instead; empty for most
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; copying bodies would cost what splicing saves.
public record Splice(
        int start, int end, byte[] replacement, Map<String, String> originals, Map<String, String> hidden) {
    public Splice {
        originals = Map.copyOf(originals);
        hidden = Map.copyOf(hidden);
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("not a span: " + start + ".." + end);
        }
    }

    /** A change of which nothing is put back, and all of which may be shown. */
    public Splice(int start, int end, byte[] replacement) {
        this(start, end, replacement, Map.of(), Map.of());
    }

    public static Splice of(int start, int end, String replacement) {
        return new Splice(start, end, replacement.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The body with all replacements made.
     *
     * @throws IllegalArgumentException if two overlap or one reaches beyond the body
     */
    public static byte[] apply(byte[] body, List<Splice> splices) {
        if (splices.isEmpty()) {
            return body;
        }
        List<Splice> sorted = splices.stream()
                .sorted(Comparator.comparingInt(Splice::start).thenComparingInt(Splice::end))
                .toList();
        int size = body.length;
        int previousEnd = 0;
        for (Splice splice : sorted) {
            if (splice.start < previousEnd || splice.end > body.length) {
                throw new IllegalArgumentException("splices overlap or reach beyond the body at byte " + splice.start);
            }
            previousEnd = splice.end;
            size = Math.addExact(size, splice.replacement.length - (splice.end - splice.start));
        }
        return copy(body, sorted, new byte[size]);
    }

    private static byte[] copy(byte[] body, List<Splice> sorted, byte[] result) {
        int from = 0;
        int to = 0;
        for (Splice splice : sorted) {
            int kept = splice.start - from;
            System.arraycopy(body, from, result, to, kept);
            System.arraycopy(splice.replacement, 0, result, to + kept, splice.replacement.length);
            to += kept + splice.replacement.length;
            from = splice.end;
        }
        System.arraycopy(body, from, result, to, body.length - from);
        return result;
    }

    @Override
    public String toString() {
        return "Splice[" + start + ".." + end + " by " + Arrays.hashCode(replacement) + "]";
    }
}
