package dev.tollgate.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.Answer.Granted;
import dev.tollgate.budget.Ledger.Answer.Refused;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.budget.Ledger.Level;
import dev.tollgate.budget.Ledger.OpenHold;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What every ledger does, whatever it is made of. */
public abstract class LedgerContract extends LedgerPeriodsContract {
    protected static final int STEPS = 400;

    @Test
    void reserve_holdsTheAmountInEveryCounter() {
        Ledger ledger = ledger();

        Reservation held = granted(ledger, exchange(), 30, counter("a", 100), counter("b", 50));

        assertThat(held.counters()).containsExactly("a", "b");
        assertThat(held.tightest()).isEqualTo("budget-b");
        assertThat(held.remaining()).isEqualTo(20);
        assertThat(levels(ledger, "a", "b", "c"))
                .containsExactly(level("a", 0, 30), level("b", 0, 30), level("c", 0, 0));
    }

    @Test
    void reserve_holdsNothing_whereOneCounterDoesNotFit() {
        Ledger ledger = ledger();
        granted(ledger, exchange(), 30, counter("b", 50));

        Ledger.Answer answer = reserve(ledger, exchange(), 21, counter("a", 100), counter("b", 50), counter("c", 100));

        assertThat(answer).isEqualTo(refused(counter("b", 50), 20));
        assertThat(levels(ledger, "a", "b", "c"))
                .containsExactly(level("a", 0, 0), level("b", 0, 30), level("c", 0, 0));
    }

    @Test
    void reserve_fitsExactly_whereTheLimitIsReached() {
        Ledger ledger = ledger();
        granted(ledger, exchange(), 60, counter("a", 100));

        assertThat(reserve(ledger, exchange(), 40, counter("a", 100))).isInstanceOf(Granted.class);
        assertThat(reserve(ledger, exchange(), 1, counter("a", 100))).isInstanceOf(Refused.class);
        assertThat(reserve(ledger, exchange(), 0, counter("a", 100))).isInstanceOf(Granted.class);
    }

    @Test
    void reserve_grantsWhatIsHeld_whenAskedAgain() {
        Ledger ledger = ledger();
        ExchangeId exchange = exchange();
        Reservation first = granted(ledger, exchange, 60, counter("a", 100));

        Reservation second = granted(ledger, exchange, 60, counter("a", 100));

        assertThat(second).isEqualTo(first);
        assertThat(levels(ledger, "a")).containsExactly(level("a", 0, 60));
    }

    @Test
    void reserve_withoutCounters_isGrantedAndHoldsNothing() {
        Reservation held = granted(ledger(), exchange(), 60);

        assertThat(held.counters()).isEmpty();
    }

    @Test
    void raise_holdsMore_inAllCountersOrInNone() {
        Ledger ledger = ledger();
        ExchangeId exchange = exchange();
        Reservation first = granted(ledger, exchange, 30, counter("a", 100), counter("b", 50));
        granted(ledger, exchange(), 5, counter("b", 50));

        Ledger.Answer refused = raise(ledger, exchange, 46, counter("a", 100), counter("b", 50));
        assertThat(refused).isEqualTo(refused(counter("b", 50), 45));
        assertThat(levels(ledger, "a", "b")).containsExactly(level("a", 0, 30), level("b", 0, 35));

        Ledger.Answer granted = raise(ledger, exchange, 45, counter("a", 100), counter("b", 50));
        assertThat(granted).isInstanceOf(Granted.class);
        assertThat(((Granted) granted).reservation().amounts()).isEqualTo(amounts(45));
        assertThat(levels(ledger, "a", "b")).containsExactly(level("a", 0, 45), level("b", 0, 50));

        await(ledger.settle(exchange, first, money(40)));
        assertThat(levels(ledger, "a", "b")).containsExactly(level("a", 40, 0), level("b", 40, 5));
    }

    /** One target of three was lost: what it may bill counts where it is, what another may take where that is. */
    @Test
    void raise_forALostAttempt_holdsInEachCounterWhatMayCountInIt() {
        Ledger ledger = ledger();
        ExchangeId exchange = exchange();
        Map<String, Set<String>> bound = Map.of("lost", Set.of("openai/a"), "other", Set.of("openai/b"));
        Reservation first = granted(
                        ledger, exchange, 30, counter("all", 100), counter("lost", 30), counter("other", 30))
                .withBound(bound);
        List<Spend.Lost> lost = List.of(new Spend.Lost("openai/a", amounts(4)));
        Reservation wanted = first.raised(first.amounts(), lost);

        Ledger.Answer tooMuch = await(ledger.raise(
                exchange, List.of(holding("all", 33, wanted), holding("lost", 30, wanted)), wanted.amounts(), LEASE));
        assertThat(tooMuch).isEqualTo(new Refused(holding("all", 33, wanted), 33, left(29)));
        assertThat(levels(ledger, "all", "lost", "other"))
                .containsExactly(level("all", 0, 30), level("lost", 0, 30), level("other", 0, 30));

        Reservation raised = reservation(await(ledger.raise(
                exchange,
                List.of(holding("all", 100, wanted), holding("lost", 30, wanted), holding("other", 30, wanted)),
                wanted.amounts(),
                LEASE)));
        assertThat(raised.heldIn("lost")).isEqualTo(4);
        assertThat(raised.left().nanos()).as("fits into the tightest beside it").isZero();
        assertThat(levels(ledger, "all", "lost", "other"))
                .containsExactly(level("all", 0, 34), level("lost", 0, 4), level("other", 0, 30));
        assertThat(await(ledger.contents(10)).holds())
                .singleElement()
                .satisfies(hold -> assertThat(hold.held().counters())
                        .allSatisfy(key -> assertThat(hold.held().heldIn(key)).isEqualTo(wanted.heldIn(key))));

        await(ledger.settle(exchange, first, new Spend(amounts(20), "openai/b", lost)));
        assertThat(levels(ledger, "all", "lost", "other"))
                .containsExactly(level("all", 24, 0), level("lost", 4, 0), level("other", 20, 0));
    }

    private static Counter holding(String key, long limit, Reservation wanted) {
        return counter(key, limit).holding(wanted.heldIn(key), wanted.amounts());
    }

    @Test
    void raise_ofAHoldThatEnded_holdsNothing() {
        Ledger ledger = ledger();
        ExchangeId exchange = exchange();
        assertThat(raising(ledger, exchange, 1).failed()).isTrue();
        Reservation held = granted(ledger, exchange, 30, counter("a", 100));
        await(ledger.settle(exchange, held, money(7)));

        assertThat(raising(ledger, exchange, 60).failed()).isTrue();
        assertThat(levels(ledger, "a")).containsExactly(level("a", 7, 0));
    }

    @Test
    void settle_turnsTheHoldIntoItsCost_once() {
        Ledger ledger = ledger();
        ExchangeId exchange = exchange();
        Reservation held = granted(ledger, exchange, 60, counter("a", 100), counter("b", 100));

        await(ledger.settle(exchange, held, money(25)));
        await(ledger.settle(exchange, held, money(99)));
        await(ledger.release(exchange, held));

        assertThat(levels(ledger, "a", "b")).containsExactly(level("a", 25, 0), level("b", 25, 0));
    }

    @Test
    void release_givesTheHoldBack_once() {
        Ledger ledger = ledger();
        ExchangeId exchange = exchange();
        Reservation held = granted(ledger, exchange, 60, counter("a", 100));

        await(ledger.release(exchange, held));
        await(ledger.release(exchange, held));
        await(ledger.settle(exchange, held, money(7)));

        assertThat(levels(ledger, "a")).containsExactly(level("a", 0, 0));
    }

    @Test
    void settle_chargesTheWholeCost_evenAboveTheHold() {
        Ledger ledger = ledger();
        ExchangeId exchange = exchange();
        Reservation held = granted(ledger, exchange, 60, counter("a", 100));

        await(ledger.settle(exchange, held, money(130)));

        assertThat(levels(ledger, "a")).containsExactly(level("a", 130, 0));
        assertThat(reserve(ledger, exchange(), 0, counter("a", 100))).isEqualTo(refused(counter("a", 100), 0));
    }

    @Test
    void settle_withoutAHold_chargesTheCost_once() {
        Ledger ledger = ledger();
        ExchangeId exchange = exchange();
        Reservation observed =
                new Reservation(new NanoUsd(60), List.of("a"), END_OF_PERIOD, "budget-a", new NanoUsd(40));

        await(ledger.settle(exchange, observed, money(5)));
        await(ledger.settle(exchange, observed, money(5)));

        assertThat(levels(ledger, "a")).containsExactly(level("a", 5, 0));
    }

    @Test
    void sweep_chargesAnExpiredHoldWhole_andALateSettleCorrectsIt() {
        Ledger ledger = ledger();
        ExchangeId late = exchange();
        Reservation held = reservation(reserveFor(ledger, late, 60, Duration.ofMillis(1), counter("a", 100)));
        granted(ledger, exchange(), 10, counter("a", 100));

        letShortLeasesRunOut();
        assertThat(await(ledger.sweep())).isEqualTo(1);
        assertThat(await(ledger.sweep())).isZero();
        assertThat(levels(ledger, "a")).containsExactly(level("a", 60, 10));

        await(ledger.settle(late, held, money(25)));
        await(ledger.settle(late, held, money(25)));
        assertThat(levels(ledger, "a")).containsExactly(level("a", 25, 10));
    }

    @Test
    void release_afterASweep_givesTheChargeBack() {
        Ledger ledger = ledger();
        ExchangeId late = exchange();
        Reservation held = reservation(reserveFor(ledger, late, 60, Duration.ofMillis(1), counter("a", 100)));
        letShortLeasesRunOut();
        await(ledger.sweep());

        await(ledger.release(late, held));

        assertThat(levels(ledger, "a")).containsExactly(level("a", 0, 0));
    }

    @Test
    void pages_holdEveryCounterOnce() {
        Ledger ledger = ledger();
        for (int i = 0; i < 25; i++) {
            granted(ledger, exchange(), i, counter("c" + i, 100));
        }
        Map<String, Level> found = new HashMap<>();
        String cursor = "";
        do {
            Ledger.Page page = await(ledger.page(cursor, 7));
            page.levels().forEach(level -> found.put(level.key(), level));
            cursor = page.next();
        } while (!cursor.isEmpty());

        assertThat(found.values())
                .containsExactlyInAnyOrderElementsOf(await(ledger.contents(100)).levels())
                .hasSize(25);
    }

    @Test
    void amounts_areExact_toTheNano_upToMillionsOfDollars() {
        Ledger ledger = ledger();
        long millions = 8_999_999_999_999_999L;
        ExchangeId first = exchange();
        Reservation held = granted(ledger, first, millions - 1, counter("a", millions));

        assertThat(reserve(ledger, exchange(), 2, counter("a", millions)))
                .isEqualTo(refused(counter("a", millions), 1));
        await(ledger.settle(first, held, money(millions - 2)));
        assertThat(reserve(ledger, exchange(), 2, counter("a", millions))).isInstanceOf(Granted.class);
    }

    @Test
    void twoHundredAtOnce_areGrantedFifty_whereFiftyFit() throws Exception {
        Ledger ledger = ledger();
        int threads = 8;
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Ledger.Answer>> answers = new ArrayList<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(threads)) {
            List<java.util.concurrent.Future<Future<Ledger.Answer>>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                ExchangeId exchange = exchange();
                calls.add(callers.submit(() -> {
                    start.await();
                    return ledger.reserve(
                            exchange,
                            List.of(counter("key", 1_000), counter("team", 500)),
                            Amounts.of(new NanoUsd(10)),
                            LEASE);
                }));
            }
            start.countDown();
            for (java.util.concurrent.Future<Future<Ledger.Answer>> call : calls) {
                answers.add(call.get());
            }
        }

        long granted = answers.stream()
                .map(this::await)
                .filter(Granted.class::isInstance)
                .count();

        assertThat(granted).isEqualTo(50);
        assertThat(levels(ledger, "key", "team")).containsExactly(level("key", 0, 500), level("team", 0, 500));
    }

    @Test
    void restore_putsBackSpendAndOpenHolds() {
        Ledger ledger = emptied();
        ExchangeId open = exchange();
        Reservation held = new Reservation(new NanoUsd(30), List.of("a", "b"), END_OF_PERIOD, "budget-a", NanoUsd.ZERO);

        await(ledger.restore(Map.of("a", 50L), List.of(new OpenHold(open, held))));

        assertThat(await(ledger.isIntact())).isTrue();
        assertThat(levels(ledger, "a", "b")).containsExactly(level("a", 50, 30), level("b", 0, 30));
        assertThat(reserve(ledger, exchange(), 21, counter("a", 100))).isEqualTo(refused(counter("a", 100), 20));
        await(ledger.settle(open, held, money(1)));
        assertThat(levels(ledger, "a", "b")).containsExactly(level("a", 51, 0), level("b", 1, 0));
    }

    /** After any interleaving each counter holds what a plain sum says, and never more than its limit. */
    @Test
    void anyInterleaving_keepsTheBooks() {
        for (long seed = 1; seed <= 5; seed++) {
            interleave(List.of(ledger()), seed);
        }
    }

    /** Random steps by nodes that share their counters. */
    protected final void interleave(List<Ledger> nodes, long seed) {
        new Interleaving(this, nodes, "s" + seed + "/", new Random(seed)).run(STEPS);
    }
}
