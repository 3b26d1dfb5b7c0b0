package dev.tollgate.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Labels;
import dev.tollgate.exchange.Route;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.BudgetPolicy.Period;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.SessionId;
import dev.tollgate.value.TeamId;
import dev.tollgate.value.Unit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BudgetsTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Target MINI = new Target("openai", "gpt-4o-mini");
    private static final Target SONNET = new Target("anthropic", "claude-sonnet-4-5");
    private static final Route TO_MINI = new Route(List.of(MINI), "fast");
    private static final Route TO_BOTH = new Route(List.of(MINI, SONNET), "fast");
    private static final Caller CALLER =
            new Caller(new KeyId("k_1"), new AgentId("coder"), new TeamId("red"), Scopes.ALL, Optional.empty(), false);
    private static final Caller LABELLED = CALLER.withSession(new SessionId("run/7"))
            .withLabels(Labels.of("ann@x", new TreeMap<>(Map.of("project", "a+b"))));

    @Test
    void claims_haveOneCounterPerScope() throws PolicyException {
        assertThat(keys(
                        CALLER,
                        Entries.of("a", "5"),
                        Entries.of("b", "5", "agent").per(Period.MONTH, "UTC"),
                        Entries.of("c", "5", "team").per(Period.LIFETIME, "UTC"),
                        Entries.of("d", "5", "all"),
                        Entries.of("e", "5", "model").per(Period.WEEK, "UTC"),
                        Entries.of("f", "5", "provider", "route").per(Period.HOUR, "UTC")))
                .containsExactly(
                        "a/key/k_1/2026-11-21",
                        "b/agent/coder/2026-11",
                        "c/team/red/lifetime",
                        "d/all/2026-11-21",
                        "e/model/gpt-4o-mini/week.2026-11-16",
                        "f/provider+route/openai+fast/hour.2026-11-21T12:00Z");
    }

    @Test
    void labels_areEscaped_soThatNoTwoShareACounter() throws PolicyException {
        Entries entry = Entries.of("a", "5", "session", "user", "tag.project");

        assertThat(keys(LABELLED, entry)).containsExactly("a/session+user+tag.project/run%2F7+ann@x+a%2Bb/2026-11-21");
    }

    @Test
    void callsWithoutALabel_shareOneCounter() throws PolicyException {
        assertThat(keys(CALLER, Entries.of("a", "5", "session"), Entries.of("b", "5", "team", "user")))
                .containsExactly("a/session//2026-11-21", "b/team+user/red+/2026-11-21");
    }

    @Test
    void unit_standsInTheKey_andTheLimitIsInIt() throws PolicyException {
        List<Counter> counters = Entries.compiled(
                        Entries.of("a", "2_000_000").in(Unit.TOKENS),
                        Entries.of("b", "100").in(Unit.REQUESTS),
                        Entries.of("c", "0.25"))
                .claims(CALLER, TO_MINI, NOON)
                .counters();

        assertThat(counters)
                .extracting(Counter::key)
                .containsExactly(
                        "tokens:a/key/k_1/2026-11-21", "requests:b/key/k_1/2026-11-21", "c/key/k_1/2026-11-21");
        assertThat(counters).extracting(Counter::limit).containsExactly(2_000_000L, 100L, 250_000_000L);
        assertThat(counters)
                .extracting(counter -> Unit.ofCounter(counter.key()))
                .containsExactly(Unit.TOKENS, Unit.REQUESTS, Unit.USD);
    }

    @Test
    void match_leavesOutWhatItDoesNotName() throws PolicyException {
        Entries blue = Entries.of("blue", "5", "all").match("team", "blue");
        Entries all = Entries.of("all", "5", "all")
                .match("team", "blue", "r*")
                .match("agent", "*d*r")
                .match("model", "openai/*mini")
                .match("route", "fast");
        Entries user = Entries.of("user", "5", "all").match("user", "ann@x");
        Entries only = Entries.of("only", "5", "team").only("red");
        Entries other = Entries.of("other", "5", "team").only("blue");

        assertThat(keys(CALLER, blue, all, user, only, other))
                .containsExactly("all/all/2026-11-21", "only/team/red/2026-11-21");
        assertThat(keys(LABELLED, user)).containsExactly("user/all/2026-11-21");
    }

    @Test
    void modelBudget_ofACallWithFallbacks_isBoundToItsTarget() throws PolicyException {
        Claims claims = Entries.compiled(
                        Entries.of("sonnet", "5", "all").match("model", "claude-*"),
                        Entries.of("each", "5", "model"),
                        Entries.of("any", "5", "all").match("provider", "*"))
                .claims(CALLER, TO_BOTH, NOON);

        assertThat(claims.counters())
                .extracting(Counter::key)
                .containsExactly(
                        "sonnet/all/2026-11-21",
                        "each/model/gpt-4o-mini/2026-11-21",
                        "each/model/claude-sonnet-4-5/2026-11-21",
                        "any/all/2026-11-21");
        assertThat(claims.bound())
                .isEqualTo(Map.of(
                        "sonnet/all/2026-11-21", Set.of(SONNET.toString()),
                        "each/model/gpt-4o-mini/2026-11-21", Set.of(MINI.toString()),
                        "each/model/claude-sonnet-4-5/2026-11-21", Set.of(SONNET.toString())));
    }

    @Test
    void requestBudget_hasNoCounter() throws PolicyException {
        Claims claims = Entries.compiled(Entries.of("one", "0.5").per(Period.REQUEST, "UTC"))
                .claims(CALLER, TO_MINI, NOON);

        assertThat(claims.counters()).isEmpty();
        assertThat(claims.ceilings()).extracting(Claims.Ceiling::limit).containsExactly(500_000_000L);
    }

    @Test
    void rollingBudget_countsTogetherWithTwentyFourStepsBefore() throws PolicyException {
        Budgets budgets = Entries.compiled(Entries.of("r", "5").rolling(Duration.ofHours(24)));

        Counter counter = budgets.claims(CALLER, TO_MINI, NOON).counters().get(0);

        long step = NOON.getEpochSecond() / 3600;
        assertThat(counter.key()).isEqualTo("r/key/k_1/rolling.86400s." + step);
        assertThat(counter.before())
                .hasSize(24)
                .startsWith("r/key/k_1/rolling.86400s." + (step - 1))
                .endsWith("r/key/k_1/rolling.86400s." + (step - 24));
        assertThat(counter.endsAt()).isEqualTo(NOON.plus(Duration.ofHours(25)));
        assertThat(CounterPeriod.isOpen(
                        counter.key(), NOON.plus(Duration.ofHours(25)).minusMillis(1)))
                .isTrue();
        assertThat(CounterPeriod.isOpen(counter.key(), NOON.plus(Duration.ofHours(25))))
                .isFalse();
    }

    @Test
    void limit_canChange_andTheCountersStay() throws PolicyException {
        assertThat(keys(CALLER, Entries.of("a", "5")))
                .isEqualTo(keys(CALLER, Entries.of("a", "7").observed()));
    }

    @Test
    void compile_refusesWhatCannotBe() {
        assertThatThrownBy(() -> Entries.compiled(Entries.of("a", "5"), Entries.of("a", "5", "team")))
                .hasMessage("budget.budgets[1].id: \"a\" is used twice");
        assertThatThrownBy(() -> Entries.compiled(Entries.of("a/b", "5"))).isInstanceOf(PolicyException.class);
        assertThatThrownBy(() -> Entries.compiled(Entries.of("a", "5", "planet")))
                .hasMessage("budget.budgets[0].scope: \"planet\" is not one of key, agent, team, session, user, model,"
                        + " provider, route or tag.NAME");
        assertThatThrownBy(() -> Entries.compiled(Entries.of("a", "5", "team", "team")))
                .hasMessage("budget.budgets[0].scope: names team twice");
        assertThatThrownBy(() -> Entries.compiled(Entries.of("a", "5").match("tag.", "x")))
                .hasMessageStartingWith("budget.budgets[0].match.tag.: \"tag.\" is not one of");
        assertThatThrownBy(() -> Entries.compiled(Entries.of("a", "0.5").in(Unit.TOKENS)))
                .hasMessage("budget.budgets[0].limit: 0.5 is no whole number of tokens");
        assertThatThrownBy(() -> Entries.compiled(Entries.of("a", "10000000")))
                .hasMessageContaining("is above $9007199.254740992");
        assertThatThrownBy(() ->
                        Entries.compiled(Entries.of("a", "5", "team", "user").only("x")))
                .hasMessage("budget.budgets[0].only: goes with a scope of one kind; use match instead");
    }

    private static List<String> keys(Caller caller, Entries... entries) throws PolicyException {
        return Entries.compiled(entries).claims(caller, TO_MINI, NOON).counters().stream()
                .map(Counter::key)
                .toList();
    }
}
