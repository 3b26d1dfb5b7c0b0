package dev.tollgate.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.budget.Ledger;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.exchange.Target;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.policy.BudgetPolicy.Unpriced;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.policy.StorePolicy.WhenAway;
import dev.tollgate.store.AwayLedger;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.wire.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BudgetStageTest extends PricedCalls {
    @Test
    void call_withinItsBudgets_isHeldAtItsWorstCase() {
        Proceed proceed = proceed(decide(policy("5"), call("max_tokens", 500, "m")));

        assertThat(proceed.exchange().estimate()).isEqualTo(NanoUsd.ofDollars("0.0005"));
        Reservation held = Objects.requireNonNull(proceed.exchange().reservation());
        assertThat(held.counters()).containsExactly("daily/key/k_1/2026-05-04");
        assertThat(held.remaining()).isEqualTo(NanoUsd.ofDollars("4.9995").nanos());
    }

    @Test
    void worstCase_isTheModelsOwnLimit_timesTheChoices() {
        Proceed proceed = proceed(decide(policy("5"), call("n", 3, "m")));

        assertThat(proceed.exchange().estimate()).isEqualTo(NanoUsd.ofDollars("0.003"));
    }

    @Test
    void worstCase_isTheDearestTargets() {
        Exchange call = call("max_tokens", 500, "m", "dear");

        assertThat(proceed(decide(policy("5"), call)).exchange().estimate()).isEqualTo(NanoUsd.ofDollars("0.05"));
    }

    @Test
    void call_aboveTheRequestCap_isDenied() {
        Problem problem =
                denied(decide(policy("5"), call("max_tokens", 3_000_001, "m"))).problem();

        assertThat(problem.kind()).isEqualTo(Problem.Kind.BUDGET);
        assertThat(problem.code()).isEqualTo("request_cap_exceeded");
        assertThat(problem.message()).isEqualTo("worst-case cost $3.000001 exceeds the request cap $3");
        assertThat(level().held()).isZero();
    }

    @Test
    void refusedCall_whereOnlyObserved_goesOnWithoutAHold_andIsCounted() {
        Deny deny = (Deny) decide(policy("5"), call("max_tokens", 3_000_001, "m"));

        Exchange observed = Objects.requireNonNull(deny.observed());
        Reservation uncovered = Objects.requireNonNull(observed.reservation());
        assertThat(level().held()).isZero();
        assertThat(ledger.settle(observed.id(), uncovered, Spend.of(NanoUsd.ofDollars("2")))
                        .succeeded())
                .isTrue();
        assertThat(level().spent()).isEqualTo(NanoUsd.ofDollars("2").nanos());
    }

    @Test
    void call_aboveABudget_isDenied_withTheTimeOfTheNextPeriod() {
        PolicySnapshot policy = policy("4");
        assertThat(decide(policy, call("max_tokens", 2_500_000, "m"))).isInstanceOf(Proceed.class);

        Deny deny = (Deny) decide(policy, call("max_tokens", 2_500_000, "m"));

        assertThat(deny.denial().problem().code()).isEqualTo("budget_exceeded");
        assertThat(deny.denial().problem().message())
                .isEqualTo("worst-case cost $2.50 exceeds the $1.50 left of budget daily ($4);"
                        + " it starts anew at 2026-05-05T00:00:00Z");
        assertThat(deny.denial().problem().resetsAt()).hasValue(Instant.parse("2026-05-05T00:00:00Z"));
        assertThat(deny.denial().problem().retryAfter()).isEmpty();
        assertThat(deny.denial().rules()).containsExactly("daily");
    }

    @Test
    void model_whoseNameIsNone_isTheCallersFault() {
        for (String name : List.of("", "x".repeat(257))) {
            Problem problem =
                    denied(decide(policy("5"), call("max_tokens", 500, name))).problem();

            assertThat(problem.kind()).isEqualTo(Problem.Kind.MALFORMED);
            assertThat(problem.message())
                    .isEqualTo("the model's name has " + name.length() + " characters, allowed are 1 to 256");
        }
    }

    @Test
    void model_withoutAPrice_isDenied_orLetThroughUnheld() {
        Exchange call = call("max_tokens", 500, "nobody-knows");

        assertThat(denied(decide(policy("5"), call)).problem().message())
                .isEqualTo("model p/nobody-knows has no price, and the policy denies models without one"
                        + " (budget.unpriced: deny)");
        Proceed proceed = proceed(decide(policy("5", Unpriced.ALLOW_UNPRICED, WhenAway.CLOSED), call));
        assertThat(proceed.rules()).containsExactly("unpriced");
        assertThat(proceed.exchange().reservation()).isNull();
    }

    @Test
    void fallback_withoutAPrice_isNotTried() {
        Proceed proceed = proceed(decide(policy("5"), call("max_tokens", 500, "m", "nobody-knows", "dear")));

        assertThat(proceed.exchange().route().targets()).containsExactly(new Target("p", "m"), new Target("p", "dear"));
    }

    @Test
    void policyWithoutBudgets_holdsNothing_butKnowsTheCost() {
        Proceed proceed = proceed(decide(policy(null), call("max_tokens", 500, "m")));

        assertThat(proceed.exchange().reservation()).isNull();
        assertThat(proceed.exchange().estimate()).isEqualTo(NanoUsd.ofDollars("0.0005"));
    }

    @Test
    void input_isCountedClosely_whereMoneyIsNearItsLimit() {
        counter.load();
        PolicySnapshot policy = policy("2");
        // 1,000 words are 1,000 tokens and some; the quick estimate is a third above them, and would not fit.
        Exchange call = call("max_tokens", 1, List.of("read"), "hello ".repeat(1_450));

        NanoUsd cost =
                Objects.requireNonNull(proceed(decide(policy, call)).exchange().estimate());

        assertThat(cost).isBetween(NanoUsd.ofDollars("1.45"), NanoUsd.ofDollars("1.60"));
    }

    @Test
    void ledgerAway_failsTheStage_orLetsPassUnheld_asThePolicySays() {
        Ledger away = new AwayLedger();
        Exchange call = call("max_tokens", 500, "m");

        assertThat(stage(away).decide(under(policy("5"), call)).failed()).isTrue();
        Proceed proceed = proceed(stage(away)
                .decide(under(policy("5", Unpriced.DENY, WhenAway.OPEN), call))
                .result());
        assertThat(proceed.rules()).containsExactly("ledger_away");
    }

    @Test
    void twoHundredCalls_areServedFifty_whereFiftyFit() {
        PolicySnapshot policy = policy("5");
        int served = 0;
        for (int i = 0; i < 200; i++) {
            served += decide(policy, call("max_tokens", 100_000, "m")) instanceof Proceed ? 1 : 0;
        }

        assertThat(served).isEqualTo(50);
    }
}
