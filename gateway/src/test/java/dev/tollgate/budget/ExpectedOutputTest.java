package dev.tollgate.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.Target;
import dev.tollgate.value.KeyId;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class ExpectedOutputTest {
    private static final KeyId KEY = new KeyId("k_1");
    private static final Target MODEL = new Target("p", "m");

    private final ExpectedOutput expected = new ExpectedOutput();

    @Test
    void expected_ofTooFewCalls_isNothing() {
        for (int i = 1; i < ExpectedOutput.LEAST_CALLS; i++) {
            expected.note(KEY, MODEL, 100);
        }
        assertThat(expected.expected(KEY, MODEL)).isEqualTo(Long.MAX_VALUE);

        expected.note(KEY, MODEL, 100);

        assertThat(expected.expected(KEY, MODEL)).isBetween(100L, 125L);
        assertThat(expected.expected(new KeyId("k_2"), MODEL)).isEqualTo(Long.MAX_VALUE);
        assertThat(expected.expected(KEY, new Target("p", "other"))).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void expected_isTheNinetyFifthPercentile_orUpToAFourthMore() {
        Random random = new Random(7);
        long[] sizes = LongStream.generate(() -> (long) Math.exp(random.nextGaussian() * 1.5 + 6))
                .limit(900)
                .toArray();
        for (long size : sizes) {
            expected.note(KEY, MODEL, size);
        }

        long exact = LongStream.of(sizes).sorted().toArray()[sizes.length * 95 / 100];

        assertThat(expected.expected(KEY, MODEL)).isBetween(exact, exact * 5 / 4 + 1);
    }

    @Test
    void expected_ofAHabitThatChanged_follows() {
        for (int i = 0; i < 1_000; i++) {
            expected.note(KEY, MODEL, 10_000);
        }
        for (int i = 0; i < 5_000; i++) {
            expected.note(KEY, MODEL, 10);
        }

        assertThat(expected.expected(KEY, MODEL)).isLessThan(20);
    }

    @Test
    void expected_ofSizesAtTheEdges_isNeverBelowThem() {
        for (long size : new long[] {0, 1, 4, 5, 7, 8, 1L << 20, (1L << 28) - 1}) {
            ExpectedOutput one = new ExpectedOutput();
            for (int i = 0; i < ExpectedOutput.LEAST_CALLS; i++) {
                one.note(KEY, MODEL, size);
            }
            assertThat(one.expected(KEY, MODEL)).as("%d", size).isGreaterThanOrEqualTo(size);
        }
    }
}
