package dev.tollgate.detect;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A linear model that tells injections from other texts by their {@link Ngrams}: a second signal beside the rules, for wordings that
 * none of them knows. Judges the worst stretch of a text, so that one sentence in a long document is not diluted.
 *
 * <p>Work is bounded: at most {@link #MOST_CHARS} of a text are read, from its beginning and its end, about five microseconds per 1,000
 * chars. Immutable; any thread.
 */
public final class Classifier {
    /** Id of its findings, and its name in {@code detect.disabled}. */
    public static final String RULE_ID = "classifier";

    static final RuleSet.Summary SUMMARY =
            new RuleSet.Summary(RULE_ID, "Wording like that of attacks", Kind.INJECTION, RULE_ID, Severity.MEDIUM);

    /** What of a text is read at most, in chars. */
    public static final int MOST_CHARS = 8192;
    /** Texts with fewer n-grams than this are not judged: too few words to tell by. */
    private static final int FEWEST_GRAMS = 64;
    /** A text is judged in stretches of so many blocks, each beginning one block behind the one before. */
    public static final int BLOCKS = Stretches.BLOCKS;
    /** Chars of a block. */
    public static final int BLOCK_CHARS = Stretches.BLOCK_CHARS;
    /** Probabilities below this are no sign and are not told. */
    private static final double LEAST_PROBABILITY = 0.6;
    /** Where a sample of a stretch makes it less probable than this, it is not looked at: it hardly ever was {@link #LEAST_PROBABILITY}. */
    private static final double LEAST_SAMPLED = 0.13;
    /** What a sure judgement weighs: it takes one that few harmless texts get to reach the usual threshold without any rule. */
    private static final double MOST_WEIGHT = 0.7;

    private static final int FORMAT = 0x54474331;
    private static final int MOST_EXPLAINED = 1 << 16;

    private final byte[] weights;
    private final Calibration calibration;
    /** The margin of {@link #LEAST_SAMPLED}. */
    private final double leastSampled;

    /**
     * From the sum of a stretch's weights to a probability.
     *
     * @param scale     what one step of a weight counts
     * @param bias      added to the sum
     * @param slope     of the logistic curve that was fitted to texts of sources unseen in training
     * @param intercept of that curve
     */
    public record Calibration(double scale, double bias, double slope, double intercept) {
        double margin(long sum, int grams) {
            return bias + scale * sum / Math.sqrt(Math.max(1, grams));
        }

        double probability(double margin) {
            return 1 / (1 + Math.exp(-slope * margin - intercept));
        }

        double margin(double probability) {
            return (Math.log(probability / (1 - probability)) - intercept) / slope;
        }
    }

    /**
     * What is found.
     *
     * @param probability that the text is an attack, if half of all texts were
     * @param margin      the same before calibration
     * @param start       first char of the worst stretch
     * @param end         behind its last
     */
    public record Judgement(double probability, double margin, int start, int end) {}

    /**
     * A stretch of text and what it adds to the margin.
     *
     * @param start  first char
     * @param end    behind the last
     * @param weight above 0 if it speaks for an attack
     */
    public record Reason(int start, int end, double weight) {}

    /** @param weights one per bucket of {@link Ngrams} */
    public Classifier(byte[] weights, Calibration calibration) {
        if (weights.length != Ngrams.BUCKETS) {
            throw new IllegalArgumentException(weights.length + " weights are not " + Ngrams.BUCKETS);
        }
        this.weights = weights.clone();
        this.calibration = calibration;
        this.leastSampled = calibration.margin(LEAST_SAMPLED);
    }

    /** @throws IOException if these are no weights of this format */
    static Classifier read(InputStream file) throws IOException {
        try (DataInputStream in = new DataInputStream(new GZIPInputStream(file))) {
            if (in.readInt() != FORMAT) {
                throw new IOException("this is no file of classifier weights");
            }
            final Calibration calibration =
                    new Calibration(in.readDouble(), in.readDouble(), in.readDouble(), in.readDouble());
            final byte[] weights = new byte[Ngrams.BUCKETS];
            in.readFully(weights);
            return new Classifier(weights, calibration);
        }
    }

    /** Writes what {@link #read} reads. */
    public void write(OutputStream file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(file))) {
            out.writeInt(FORMAT);
            out.writeDouble(calibration.scale);
            out.writeDouble(calibration.bias);
            out.writeDouble(calibration.slope);
            out.writeDouble(calibration.intercept);
            out.write(weights);
        }
    }

    /** What the operator says is no attack on the operator, and what the model said it was judged for when it came in. */
    static boolean judges(Trust writer) {
        return writer != Trust.OPERATOR && writer != Trust.ASSISTANT;
    }

    /** The worst stretch of the text; empty if the text is too short to judge. */
    public Optional<Judgement> judge(String text) {
        final Stretches stretches = new Stretches(weights, this::margin);
        parts(text.length(), (start, end) -> stretches.search(text, start, end));
        return judgement(stretches);
    }

    private interface Parts {
        void part(int start, int end);
    }

    /** What of a text is read. */
    private static void parts(int length, Parts parts) {
        if (length <= MOST_CHARS) {
            parts.part(0, length);
        } else {
            parts.part(0, MOST_CHARS / 2);
            parts.part(length - MOST_CHARS / 2, length);
        }
    }

    private Optional<Judgement> judgement(Stretches stretches) {
        final Stretches.Worst worst = stretches.worst();
        return worst == null
                ? Optional.empty()
                : Optional.of(new Judgement(
                        calibration.probability(worst.margin()), worst.margin(), worst.start(), worst.end()));
    }

    private double margin(long sum, int grams) {
        return grams < FEWEST_GRAMS ? Double.NEGATIVE_INFINITY : calibration.margin(sum, grams);
    }

    /** What of the stretch weighs most, the heaviest first. For people who ask why, not for the path of a call. */
    public List<Reason> reasons(String text, Judgement judgement, int most) {
        final List<Reason> reasons = new ArrayList<>();
        final int[] previous = {judgement.start};
        Ngrams.cut(text, judgement.start, judgement.end, (bucket, end) -> {
            if (weights[bucket] != 0 && reasons.size() < MOST_EXPLAINED) {
                reasons.add(new Reason(
                        Math.max(judgement.start, Math.min(previous[0], end - 4)),
                        end,
                        calibration.scale * weights[bucket]));
            }
            previous[0] = end;
        });
        reasons.sort(Comparator.comparingDouble(Reason::weight).reversed());
        return reasons.stream().limit(most).toList();
    }

    /** The finding that the worst of those stretches makes which a sample lets through, if it is a sign at all. */
    Optional<Finding> finding(String text, Image image) {
        final Sample sample = new Sample(weights, calibration::margin, leastSampled);
        final Suspects suspects = new Suspects();
        parts(text.length(), (start, end) -> suspects.look(sample.look(image, start, end), text, start, end));
        return suspects.stretches == null
                ? Optional.empty()
                : judgement(suspects.stretches)
                        .filter(judged -> judged.probability >= LEAST_PROBABILITY)
                        .map(Classifier::finding);
    }

    /** What a sample lets through: seldom anything. */
    private final class Suspects {
        private @Nullable Stretches stretches;

        void look(long blocks, String text, int start, int end) {
            long left = blocks;
            int first = 0;
            while (left != 0) {
                if (stretches == null) {
                    stretches = new Stretches(weights, Classifier.this::margin);
                }
                final int skipped = Long.numberOfTrailingZeros(left);
                final int count = Long.numberOfTrailingZeros(~(left >>> skipped));
                first += skipped;
                stretches.search(text, start, end, first, first + count - 1);
                first += count;
                left = skipped + count == Long.SIZE ? 0 : left >>> (skipped + count);
            }
        }
    }

    /** The finding of a judgement. It weighs what the judgement says beyond even odds: with the rules, which the score adds up alike. */
    public static Finding finding(Judgement judged) {
        return new Finding(
                RULE_ID,
                Kind.INJECTION,
                RULE_ID,
                Severity.MEDIUM,
                judged.start,
                judged.end,
                MOST_WEIGHT * Math.max(0, 2 * judged.probability - 1),
                false);
    }
}
