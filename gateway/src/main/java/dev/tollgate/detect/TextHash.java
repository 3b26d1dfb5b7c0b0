package dev.tollgate.detect;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/**
 * A hash of texts under a key that nobody knows: NH (UMAC, RFC 4418 §5.2) over blocks, twice with independent keys, and a polynomial modulo 2^61 − 1
 * over the blocks. Whoever does not see hashes can do no better than guess: two given texts of one length have the same hash for one key in about
 * 2^64. Not for anything that is shown or stored. Any thread.
 */
final class TextHash {
    /** Chars of a block. A multiple of four. */
    private static final int BLOCK = 512;
    /** By so many keys the second hash is ahead of the first: those of one product (Toeplitz). */
    private static final int AHEAD = 2;

    private static final long PRIME = (1L << 61) - 1;
    private static final long LOW = 0xFFFF_FFFFL;

    private final int[] keys;
    private final long firstPoint;
    private final long secondPoint;

    /** What a text is known by, together with its length. */
    record Hash(long first, long second) {}

    private TextHash(RandomGenerator random) {
        this.keys = random.ints(BLOCK / 2 + AHEAD).toArray();
        this.firstPoint = random.nextLong() & (PRIME >> 1);
        this.secondPoint = random.nextLong() & (PRIME >> 1);
    }

    static TextHash random() {
        return new TextHash(new SecureRandom());
    }

    Hash of(String text) {
        final int length = text.length();
        final char[] block = new char[Math.min(BLOCK, (length + 3) & -4)];
        long first = 1;
        long second = 1;
        for (int from = 0; from < length; from += BLOCK) {
            final int count = Math.min(BLOCK, length - from);
            text.getChars(from, from + count, block, 0);
            // The length, which is compared as well, tells these from chars of the text.
            for (int i = count; (i & 3) != 0; i++) {
                block[i] = 0;
            }
            final int[] key = keys;
            long one = 0;
            long other = 0;
            for (int i = 0; i < count; i += 4) {
                final int left = block[i] | (block[i + 1] << Character.SIZE);
                final int right = block[i + 2] | (block[i + 3] << Character.SIZE);
                final int at = i >> 1;
                one += ((left + key[at]) & LOW) * ((right + key[at + 1]) & LOW);
                other += ((left + key[at + AHEAD]) & LOW) * ((right + key[at + AHEAD + 1]) & LOW);
            }
            first = next(first, firstPoint, one);
            second = next(second, secondPoint, other);
        }
        return new Hash(first, second);
    }

    private static long next(long before, long point, long block) {
        return step(step(before, point, block >>> Integer.SIZE), point, block & LOW);
    }

    /** {@code before * point + coefficient} modulo the prime. */
    private static long step(long before, long point, long coefficient) {
        final long low = before * point;
        final long high = Math.multiplyHigh(before, point);
        final long product = (low & PRIME) + ((high << 3) | (low >>> 61)) + coefficient;
        final long folded = (product & PRIME) + (product >>> 61);
        return folded >= PRIME ? folded - PRIME : folded;
    }
}
