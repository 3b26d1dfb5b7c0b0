package dev.tollgate.detect;

/**
 * A quick look at one {@link Ngrams four-character gram} in four, none of which share a character: where in a text {@link Stretches} may be bad. Without words, and with a
 * quarter of the grams, it errs; what is asked for must leave room for that.
 */
final class Sample {
    /** Grams per character of common text, words and pairs of words with them. */
    private static final double PER_CHAR = 1.35;
    /** What a gram in four stands for. */
    private static final double PER_SAMPLE = Integer.BYTES * PER_CHAR;
    /** Blocks before and behind a stretch that looks bad which are judged with it: the sample may have missed the worst of them. */
    private static final int AROUND = 1;
    /** So many grams of a block that the sample cannot see, because they are not of ASCII, and it says nothing of the block. */
    private static final int MANY = 6;
    /** What is looked at at once: a bit for each block. */
    static final int MOST_CHARS = Long.SIZE * Stretches.BLOCK_CHARS;

    private static final long[] FIRST = plain(3);
    private static final long[] SECOND = plain(2);
    private static final long[] THIRD = plain(1);
    private static final long[] FOURTH = plain(0);

    private static final long BLANKS = 0x0020_0020_0020_0020L;
    private static final long ALL_BUT_SIGNS = 0x7FFF_7FFF_7FFF_7FFFL;

    private final byte[] weights;
    private final Stretches.Judge judge;
    private final double least;

    /**
     * @param weights by bucket; not written to
     * @param least   how bad stretches must seem to be told
     */
    Sample(byte[] weights, Stretches.Judge judge, double least) {
        this.weights = weights;
        this.judge = judge;
        this.least = least;
    }

    /**
     * Looks at {@code start..end}, at most {@link #MOST_CHARS} of them.
     *
     * @return a bit for each block, counted from {@code start}, that should be judged
     */
    long look(Image image, int start, int end) {
        final int[] ring = new int[Stretches.BLOCKS];
        final int blocks = (end - start + Stretches.BLOCK_CHARS - 1) / Stretches.BLOCK_CHARS;
        long bad = 0;
        long unseen = 0;
        int sum = 0;
        for (int block = 0; block < blocks; block++) {
            final int at = start + block * Stretches.BLOCK_CHARS;
            final int to = Math.min(end, at + Stretches.BLOCK_CHARS);
            final long sampled = sum(image.bytes(), Image.MARGIN + at, Image.MARGIN + to);
            sum += (int) sampled - ring[block % Stretches.BLOCKS];
            ring[block % Stretches.BLOCKS] = (int) sampled;
            final int first = Math.max(0, block - Stretches.BLOCKS + 1);
            final int chars = to - start - first * Stretches.BLOCK_CHARS;
            if (judge.margin((long) (sum * PER_SAMPLE), (int) (chars * PER_CHAR)) >= least) {
                bad |= bits(first - AROUND, block + AROUND, blocks);
            }
            if ((int) (sampled >>> Integer.SIZE) >= MANY) {
                unseen |= bits(block - AROUND, block + AROUND, blocks);
            }
        }
        return bad == 0 ? 0 : bad | unseen;
    }

    private static long bits(int first, int last, int blocks) {
        final int from = Math.max(0, first);
        final int count = Math.min(blocks - 1, last) - from + 1;
        return (-1L >>> (Long.SIZE - count)) << from;
    }

    /** @return the sum of the weights of grams that are seen, in the low half, and in the high half how many are not */
    private long sum(byte[] bytes, int from, int to) {
        final byte[] weight = weights;
        int sum = 0;
        int unseen = 0;
        for (int i = from; i <= to - Integer.BYTES; i += Integer.BYTES) {
            final int four = Image.four(bytes, i);
            final long gram = gram(four);
            final int seen = unlessSigns(four);
            sum += weight[Ngrams.bucket(gram)] & unlessBlanks(gram) & seen;
            unseen += 1 + seen;
        }
        return ((long) unseen << Integer.SIZE) | (sum & 0xFFFF_FFFFL);
    }

    /** 0 for bytes that do not say which character they stand for; else all bits. */
    private static int unlessSigns(int four) {
        final int signs = four & Image.FOUR_SIGNS;
        return ((signs | -signs) >>> (Integer.SIZE - 1)) - 1;
    }

    /** The gram of four bytes of an image. */
    private static long gram(int four) {
        return FIRST[four & 0xFF] | SECOND[(four >>> 8) & 0xFF] | THIRD[(four >>> 16) & 0xFF] | FOURTH[four >>> 24];
    }

    /** By byte, what it counts as, at its place in a gram. */
    private static long[] plain(int place) {
        final long[] plain = new long[1 << Byte.SIZE];
        for (int one = 0; one < plain.length; one++) {
            plain[one] = (long) Ngrams.plain((char) one) << (place * Character.SIZE);
        }
        return plain;
    }

    /** 0 for a gram with one blank behind the other, which {@link Ngrams} has not; else all bits. */
    private static int unlessBlanks(long gram) {
        final long others = (gram ^ BLANKS) + ALL_BUT_SIGNS;
        final long blanks = ~others & ~ALL_BUT_SIGNS;
        final long inRow = blanks & (blanks << Character.SIZE);
        return (int) (((inRow | -inRow) >>> (Long.SIZE - 1)) - 1);
    }
}
