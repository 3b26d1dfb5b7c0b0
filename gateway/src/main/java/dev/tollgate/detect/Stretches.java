package dev.tollgate.detect;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sums up the weights of a text's {@link Ngrams} block by block and keeps the worst stretch of blocks. Does what {@link Ngrams#cut} does, without
 * a branch per character: texts are read several times as fast so. One use, one thread.
 */
final class Stretches {
    /** A text is judged in stretches of so many blocks, each beginning one block behind the one before. */
    static final int BLOCKS = 4;
    /** Chars of a block. */
    static final int BLOCK_CHARS = 128;

    /** By character: what it counts as, and beside it {@link #PART} or {@link #ALONE}. */
    private static final int[] PLAIN = plain();

    private static final int PART = 1 << Character.SIZE;
    private static final int ALONE = PART << 1;

    private final byte[] weights;
    private final Judge judge;
    private final char[] block = new char[BLOCK_CHARS];
    /** Of the block's characters those that count, and the last three before them. */
    private final char[] plain = new char[BLOCK_CHARS + Ngrams.CHARS - 1];
    /** Hashes of words that ended in the block. */
    private final long[] words = new long[2 * BLOCK_CHARS];

    private final long[] sums = new long[BLOCKS];
    private final int[] grams = new int[BLOCKS];

    private int wordCount;
    /** Characters that counted so far. */
    private int count;

    private long word;
    private long wordBefore;
    private int last;

    private int from;
    private int current;
    /** The first block with which a stretch ends that is judged. */
    private int judgedFrom;

    private double worst = Double.NEGATIVE_INFINITY;
    private int worstStart;
    private int worstEnd;

    /** Says how bad a stretch is. */
    interface Judge {
        /**
         * @param sum   of weights
         * @param grams how many weights
         * @return {@link Double#NEGATIVE_INFINITY} for too few to tell
         */
        double margin(long sum, int grams);
    }

    /** The worst stretch: how bad it is, its first char, and behind its last. */
    record Worst(double margin, int start, int end) {}

    /** @param weights by bucket; not written to */
    Stretches(byte[] weights, Judge judge) {
        this.weights = weights;
        this.judge = judge;
    }

    /** All stretches of {@code start..end}. */
    void search(String text, int start, int end) {
        search(text, start, end, 0, (end - start - 1) / BLOCK_CHARS);
    }

    /**
     * Those stretches of {@code start..end} that lie in some of its blocks.
     *
     * @param firstBlock the first of them; the one before is read, too, to know what words end there
     * @param lastBlock  the last of them
     */
    void search(String text, int start, int end, int firstBlock, int lastBlock) {
        from = start;
        current = Math.max(0, firstBlock - 1);
        judgedFrom = firstBlock == 0 ? 0 : firstBlock + BLOCKS - 1;
        count = 0;
        word = 0;
        wordBefore = 0;
        last = ' ';
        clear();
        final int stop = (int) Math.min(end, start + (lastBlock + 1L) * BLOCK_CHARS);
        for (int at = start + current * BLOCK_CHARS; at < stop; at += BLOCK_CHARS) {
            block(text, at, Math.min(stop, at + BLOCK_CHARS));
            if (at < start + firstBlock * BLOCK_CHARS) {
                clear();
            }
        }
        if (word != 0 && stop == end) {
            words[0] = word;
            addWords(1);
        }
        close(stop == end ? end : from + (current + 1) * BLOCK_CHARS);
    }

    private void clear() {
        Arrays.fill(sums, 0);
        Arrays.fill(grams, 0);
    }

    /** @return null if every stretch is too short to tell */
    @Nullable
    Worst worst() {
        return worst == Double.NEGATIVE_INFINITY ? null : new Worst(worst, worstStart, worstEnd);
    }

    private void block(String text, int start, int end) {
        text.getChars(start, end, block, 0);
        final int kept = read(end - start);
        if (kept > 0) {
            // Blocks of nothing but blanks are passed over only when it is known that something follows.
            final int number = (start - from) / BLOCK_CHARS;
            while (current < number) {
                close(from + (current + 1) * BLOCK_CHARS);
                current++;
                sums[current % BLOCKS] = 0;
                grams[current % BLOCKS] = 0;
            }
            addCharacters(kept);
            addWords(wordCount);
        }
    }

    /**
     * Takes blanks after blanks out, and cuts words.
     *
     * @return how many characters are left
     */
    private int read(int length) {
        final int[] table = PLAIN;
        final char[] read = block;
        final char[] write = plain;
        final long[] ended = words;
        int kept = 0;
        int found = 0;
        int lastCharacter = last;
        long hash = word;
        for (int i = 0; i < length; i++) {
            final int entry = table[read[i]];
            final int c = entry & 0xFFFF;
            final int part = (entry >>> Character.SIZE) & 1;
            final int alone = entry >>> (Character.SIZE + 1);
            write[Ngrams.CHARS - 1 + kept] = (char) c;
            final int notBlankAfterBlank = (c ^ ' ') | (lastCharacter ^ ' ');
            kept += (notBlankAfterBlank | -notBlankAfterBlank) >>> (Integer.SIZE - 1);
            lastCharacter = c;
            ended[found] = hash;
            found += (int) ((hash | -hash) >>> (Long.SIZE - 1)) & (part ^ 1);
            hash = ((hash + c) * Ngrams.WORD) & -(long) part;
            ended[found] = Ngrams.WORD + c;
            found += alone;
        }
        last = lastCharacter;
        word = hash;
        wordCount = found;
        return kept;
    }

    private void addCharacters(int kept) {
        final byte[] weight = weights;
        final char[] read = plain;
        // The first gram of a text is one blank and three characters.
        final int skipped = Math.max(0, Math.min(kept, Ngrams.CHARS - 2 - count));
        long gram = count == 0 ? ' ' : 0;
        for (int i = count == 0 ? Ngrams.CHARS - 1 : 0; i < Ngrams.CHARS - 1 + skipped; i++) {
            gram = (gram << Character.SIZE) | read[i];
        }
        long sum = 0;
        for (int i = Ngrams.CHARS - 1 + skipped; i < Ngrams.CHARS - 1 + kept; i++) {
            gram = (gram << Character.SIZE) | read[i];
            sum += weight[Ngrams.bucket(gram)];
        }
        sums[current % BLOCKS] += sum;
        grams[current % BLOCKS] += kept - skipped;
        count += kept;
        for (int i = 0; i < Ngrams.CHARS - 1; i++) {
            read[i] = (char) (gram >>> (Character.SIZE * (Ngrams.CHARS - 2 - i)));
        }
    }

    private void addWords(int found) {
        long before = wordBefore;
        long sum = 0;
        int added = 0;
        for (int i = 0; i < found; i++) {
            final long one = words[i];
            sum += weights[Ngrams.bucket(one)];
            if (before != 0) {
                sum += weights[Ngrams.bucket(Ngrams.pair(before, one))];
                added++;
            }
            before = one;
        }
        wordBefore = before;
        sums[current % BLOCKS] += sum;
        grams[current % BLOCKS] += found + added;
    }

    /** A block is full: looks at the stretch that ends with it. */
    private void close(int end) {
        if (current < judgedFrom) {
            return;
        }
        long sum = 0;
        int all = 0;
        for (int i = 0; i < BLOCKS; i++) {
            sum += sums[i];
            all += grams[i];
        }
        final double margin = judge.margin(sum, all);
        if (margin > worst) {
            worst = margin;
            worstStart = from + Math.max(0, current - BLOCKS + 1) * BLOCK_CHARS;
            worstEnd = end;
        }
    }

    private static int[] plain() {
        final int[] entries = new int[1 << Character.SIZE];
        for (int i = 0; i < entries.length; i++) {
            final char c = Ngrams.plain((char) i);
            entries[i] = c | (Ngrams.isWordByItself(c) ? ALONE : Ngrams.isPartOfWord(c) ? PART : 0);
        }
        return entries;
    }
}
