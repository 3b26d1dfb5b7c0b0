package dev.tollgate;

import dev.tollgate.value.ExchangeId;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Makes names for exchanges: 48 bits of milliseconds and 80 bits of chance in Crockford's base 32, so that they sort by time. They are
 * names, not secrets.
 */
final class ExchangeIds implements Supplier<ExchangeId> {
    private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    private static final int TIME_DIGITS = 10;
    private static final int CHANCE_DIGITS = 16;
    private static final int BITS = 5;

    private final InstantSource clock;
    private final ThreadLocal<RandomGenerator> random;

    /**
     * @param seeds seeds one cheap generator for each thread
     */
    ExchangeIds(InstantSource clock, SecureRandom seeds) {
        this.clock = clock;
        this.random = ThreadLocal.withInitial(() -> new SplittableRandom(seeds.nextLong()));
    }

    @Override
    public ExchangeId get() {
        char[] id = new char[3 + TIME_DIGITS + CHANCE_DIGITS];
        id[0] = 'e';
        id[1] = 'x';
        id[2] = '_';
        digits(clock.millis(), id, 3, TIME_DIGITS);
        RandomGenerator mine = random.get();
        digits(mine.nextLong(), id, 3 + TIME_DIGITS, CHANCE_DIGITS / 2);
        digits(mine.nextLong(), id, 3 + TIME_DIGITS + CHANCE_DIGITS / 2, CHANCE_DIGITS / 2);
        return new ExchangeId(new String(id));
    }

    private static void digits(long bits, char[] to, int from, int count) {
        long rest = bits;
        for (int i = from + count - 1; i >= from; i--) {
            to[i] = ALPHABET[(int) (rest & (ALPHABET.length - 1))];
            rest >>>= BITS;
        }
    }
}
