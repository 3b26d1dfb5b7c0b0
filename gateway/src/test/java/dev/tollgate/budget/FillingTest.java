package dev.tollgate.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.budget.Ledger.Level;
import dev.tollgate.policy.BudgetPolicy;
import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import dev.tollgate.policy.BudgetPolicy.Period;
import dev.tollgate.policy.Names;
import dev.tollgate.policy.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FillingTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private static Filling filling(@Nullable Duration rolling, Integer... notifyAt) throws Exception {
        BudgetEntry entry = new BudgetEntry(
                "b",
                null,
                Names.of("agent"),
                null,
                Quantity.parse("5"),
                null,
                Period.DAY,
                rolling,
                null,
                null,
                null,
                null,
                null,
                List.of(notifyAt));
        return new Filling(Budgets.of(new BudgetPolicy(null, null, null, null, null, List.of(entry))), NOON);
    }

    @Test
    void budgetThatNotifiesNobody_isNotLookedAt() throws Exception {
        assertThat(filling(null).isEmpty()).isTrue();
        assertThat(filling(null, 50).isEmpty()).isFalse();
    }

    @Test
    void counterOfThisPeriod_isToldWithItsPage_andOthersAreNot() throws Exception {
        Filling filling = filling(null, 50);

        List<Standing.Row> rows = filling.add(List.of(
                new Level("b/agent/coder/2026-11-21", 7, 1),
                new Level("b/agent/coder/2026-11-20", 9, 0),
                new Level("c/agent/coder/2026-11-21", 9, 0)));

        assertThat(rows).singleElement().satisfies(row -> {
            assertThat(row.subject()).isEqualTo("agent coder");
            assertThat(row.spent()).isEqualTo(7);
            assertThat(row.startsAnew()).isEqualTo(Instant.parse("2026-11-22T00:00:00Z"));
        });
        assertThat(filling.rest()).isEmpty();
    }

    @Test
    void stepsOfARollingBudget_areAddedUpOverAllPages_onceEach() throws Exception {
        Filling filling = filling(Duration.ofDays(1), 50);
        long step = NOON.getEpochSecond() / 3600;

        assertThat(filling.add(List.of(level(step, 4), level(step - 23, 3)))).isEmpty();
        assertThat(filling.add(List.of(level(step - 23, 3), level(step - 25, 100))))
                .isEmpty();

        assertThat(filling.rest())
                .singleElement()
                .satisfies(row -> assertThat(row.spent()).isEqualTo(7));
    }

    private static Level level(long step, long spent) {
        return new Level("b/agent/coder/rolling.86400s." + step, spent, 0);
    }
}
