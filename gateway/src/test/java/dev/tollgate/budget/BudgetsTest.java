package dev.tollgate.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.policy.BudgetPolicy;
import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import dev.tollgate.policy.BudgetPolicy.Period;
import dev.tollgate.policy.BudgetPolicy.Scope;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.TeamId;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BudgetsTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final NanoUsd LIMIT = NanoUsd.ofDollars("5");
    private static final Caller CALLER =
            new Caller(new KeyId("k_1"), new AgentId("coder"), new TeamId("red"), Scopes.ALL, Optional.empty(), false);

    @Test
    void countersFor_hasOneCounterPerScope() throws PolicyException {
        Budgets budgets = budgets(
                budget("a", Scope.KEY, Period.DAY, "UTC"),
                budget("b", Scope.AGENT, Period.MONTH, "UTC"),
                budget("c", Scope.TEAM, Period.LIFETIME, "UTC"),
                budget("d", Scope.ALL, Period.DAY, "UTC"));

        List<Counter> counters = budgets.countersFor(CALLER, NOON);

        assertThat(counters)
                .containsExactly(
                        new Counter("a/key/k_1/2026-11-21", "a", LIMIT, Instant.parse("2026-11-22T00:00:00Z")),
                        new Counter("b/agent/coder/2026-11", "b", LIMIT, Instant.parse("2026-12-01T00:00:00Z")),
                        new Counter("c/team/red/lifetime", "c", LIMIT, Instant.MAX),
                        new Counter("d/all/2026-11-21", "d", LIMIT, Instant.parse("2026-11-22T00:00:00Z")));
    }

    @Test
    void countersFor_leavesOut_whomTheBudgetDoesNotName() throws PolicyException {
        Budgets budgets = budgets(
                new BudgetEntry("x", Scope.TEAM, List.of("blue"), LIMIT, Period.DAY, ZoneId.of("UTC")),
                new BudgetEntry("y", Scope.TEAM, List.of("blue", "red"), LIMIT, Period.DAY, ZoneId.of("UTC")));

        assertThat(budgets.countersFor(CALLER, NOON))
                .extracting(Counter::budget)
                .containsExactly("y");
    }

    @Test
    void day_followsTheCalendarOfItsZone_whenClocksChange() throws PolicyException {
        Budgets berlin = budgets(budget("d", Scope.KEY, Period.DAY, "Europe/Berlin"));

        assertThat(window(berlin, "2026-10-24T21:59:59Z")).isEqualTo("2026-10-24 until 2026-10-24T22:00:00Z");
        assertThat(window(berlin, "2026-10-24T22:00:00Z")).isEqualTo("2026-10-25 until 2026-10-25T23:00:00Z");
        assertThat(window(berlin, "2026-10-25T22:59:59Z")).isEqualTo("2026-10-25 until 2026-10-25T23:00:00Z");
        assertThat(window(berlin, "2026-10-25T23:00:00Z")).isEqualTo("2026-10-26 until 2026-10-26T23:00:00Z");
    }

    @Test
    void day_thatIsShort_endsAnHourEarlier() throws PolicyException {
        Budgets losAngeles = budgets(budget("d", Scope.KEY, Period.DAY, "America/Los_Angeles"));

        assertThat(window(losAngeles, "2026-03-08T08:00:00Z")).isEqualTo("2026-03-08 until 2026-03-09T07:00:00Z");
    }

    @Test
    void compile_refusesIdsThatWouldShareCounters() {
        assertThatThrownBy(() ->
                        budgets(budget("a", Scope.KEY, Period.DAY, "UTC"), budget("a", Scope.TEAM, Period.DAY, "UTC")))
                .isInstanceOf(PolicyException.class)
                .hasMessage("budget.budgets[1].id: \"a\" is used twice");
        assertThatThrownBy(() -> budgets(budget("a/b", Scope.KEY, Period.DAY, "UTC")))
                .isInstanceOf(PolicyException.class);
    }

    private static String window(Budgets budgets, String at) {
        Counter counter = budgets.countersFor(CALLER, Instant.parse(at)).get(0);
        return counter.key().substring("d/key/k_1/".length()) + " until " + counter.endsAt();
    }

    private static BudgetEntry budget(String id, Scope scope, Period period, String zone) {
        return new BudgetEntry(id, scope, List.of(), LIMIT, period, ZoneId.of(zone));
    }

    private static Budgets budgets(BudgetEntry... entries) throws PolicyException {
        BudgetPolicy none = BudgetPolicy.DEFAULT;
        return Budgets.of(new BudgetPolicy(
                none.mode(),
                none.requestCap(),
                none.unpriced(),
                none.defaultMaxOutput(),
                none.lease(),
                List.of(entries)));
    }
}
