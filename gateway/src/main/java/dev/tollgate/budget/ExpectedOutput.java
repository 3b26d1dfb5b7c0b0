package dev.tollgate.budget;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tollgate.exchange.Target;
import dev.tollgate.value.KeyId;

/**
 * How many tokens the calls of a key to a model usually make: nineteen in twenty of the last thousand or so stay below. Bounded: pairs that
 * nobody uses make room, and older calls count less and less. Safe on any thread.
 */
public final class ExpectedOutput {
    /** Calls of a pair that are needed before anything is expected of it. */
    public static final int LEAST_CALLS = 20;
    /** Most pairs of key and model remembered, some 600 bytes each. */
    static final int MAX_PAIRS = 10_000;

    private static final int HALVED_AT = 1_000;

    private final Cache<Pair, Histogram> seen =
            Caffeine.newBuilder().executor(Runnable::run).maximumSize(MAX_PAIRS).build();

    private record Pair(KeyId key, Target target) {}

    /** Takes note of a call that was answered whole. */
    public void note(KeyId key, Target target, long outputTokens) {
        seen.get(new Pair(key, target), unseen -> new Histogram()).add(outputTokens);
    }

    /** Tokens below which nineteen in twenty calls of the pair stay; {@link Long#MAX_VALUE} where too few are known. */
    public long expected(KeyId key, Target target) {
        Histogram known = seen.getIfPresent(new Pair(key, target));
        return known == null ? Long.MAX_VALUE : known.ninetyFifth();
    }

    /** Counts by size, four steps to each power of two, so that a bound is at most a fifth too high. */
    private static final class Histogram {
        private static final int STEPS = 4;
        private static final int BUCKETS = 27 * STEPS;

        private final int[] counts = new int[BUCKETS];
        private int total;

        synchronized void add(long tokens) {
            if (total >= HALVED_AT) {
                total = 0;
                for (int i = 0; i < BUCKETS; i++) {
                    counts[i] /= 2;
                    total += counts[i];
                }
            }
            counts[bucket(tokens)]++;
            total++;
        }

        synchronized long ninetyFifth() {
            if (total < LEAST_CALLS) {
                return Long.MAX_VALUE;
            }
            int above = total / 20;
            int bucket = BUCKETS - 1;
            while (bucket > 0 && above >= counts[bucket]) {
                above -= counts[bucket];
                bucket--;
            }
            return largest(bucket);
        }

        private static int bucket(long tokens) {
            long size = Math.max(tokens, STEPS);
            int power = 63 - Long.numberOfLeadingZeros(size);
            int step = (int) ((size >> (power - 2)) & (STEPS - 1));
            return Math.min(BUCKETS - 1, (power - 2) * STEPS + step);
        }

        /** The largest size that falls into a bucket. */
        private static long largest(int bucket) {
            int power = bucket / STEPS + 2;
            return ((long) (STEPS + bucket % STEPS + 1) << (power - 2)) - 1;
        }
    }
}
