package dev.tollgate.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.budget.Budgets;
import dev.tollgate.budget.Entries;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.Answer.Granted;
import dev.tollgate.budget.Ledger.Answer.Refused;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.budget.Ledger.Level;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Route;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.BudgetPolicy.Period;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.TeamId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every ledger does with budgets whose counters start anew, or roll. The time is that of the calls, and lies ahead of every clock, so that no
 * store takes a counter for one of the past.
 */
public abstract class LedgerPeriodsContract extends LedgerWords {
    private static final Route ROUTE = new Route(List.of(new Target("openai", "gpt-4o-mini")), null);
    private static final Caller CALLER =
            new Caller(new KeyId("k_1"), new AgentId("coder"), new TeamId("red"), Scopes.ALL, Optional.empty(), false);
    /** A full day, some weeks from now. */
    private final Instant begin = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(30));

    private static final Duration DAY = Duration.ofDays(1);

    private static Budgets budgets(Entries... entries) {
        try {
            return Entries.compiled(entries);
        } catch (PolicyException wrong) {
            throw new AssertionError(wrong);
        }
    }

    /** A budget of so many nano-dollars. */
    private static Entries limited(String id, long nanos) {
        return Entries.of(id, new NanoUsd(nanos).toString().substring(1), "agent");
    }

    private Ledger.Answer reserveAt(Ledger ledger, Budgets budgets, Instant at, long nanos) {
        return await(ledger.reserve(
                exchange(),
                budgets.claims(CALLER, ROUTE, at).counters(),
                Amounts.of(new NanoUsd(nanos)),
                Duration.ofMinutes(30)));
    }

    @CanIgnoreReturnValue
    private Reservation spendAt(Ledger ledger, Budgets budgets, Instant at, long nanos) {
        ExchangeId exchange = exchange();
        List<Counter> counters = budgets.claims(CALLER, ROUTE, at).counters();
        Ledger.Answer answer =
                await(ledger.reserve(exchange, counters, Amounts.of(new NanoUsd(nanos)), Duration.ofMinutes(30)));
        Reservation held = reservation(answer);
        await(ledger.settle(exchange, held, money(nanos)));
        return held;
    }

    private void assertLeft(Ledger ledger, Budgets budgets, Instant at, long left) {
        assertThat(reserveAt(ledger, budgets, at, left + 1)).as("at %s", at).isInstanceOf(Refused.class);
        if (reserveAt(ledger, budgets, at, left) instanceof Granted(Reservation held, List<Counter> unused)) {
            // Given back: the next look starts from the same.
            await(ledger.release(lastExchange(), held));
        } else {
            throw new AssertionError(left + " do not fit at " + at);
        }
    }

    @Test
    void settle_countsInThePeriodOfTheHold() {
        Ledger ledger = ledger();
        ExchangeId exchange = exchange();
        Reservation held = granted(ledger, exchange, 60, counter("daily/2026-11-20", 100));
        granted(ledger, exchange(), 10, counter("daily/2026-11-21", 100));

        await(ledger.settle(exchange, held, money(25)));

        assertThat(levels(ledger, "daily/2026-11-20", "daily/2026-11-21"))
                .containsExactly(level("daily/2026-11-20", 25, 0), level("daily/2026-11-21", 0, 10));
    }

    @Test
    void rollingBudget_countsItsWholeTime_andForgetsStepByStep() {
        Ledger ledger = ledger();
        Budgets rolling = budgets(limited("r", 100).rolling(DAY));
        spendAt(ledger, rolling, begin, 40);
        spendAt(ledger, rolling, begin.plus(Duration.ofHours(6)), 30);
        spendAt(ledger, rolling, begin.plus(Duration.ofHours(12)), 20);

        assertLeft(ledger, rolling, begin.plus(Duration.ofHours(12)), 10);
        assertLeft(ledger, rolling, begin.plus(DAY).minusMillis(1), 10);
        // A step counts until its last moment is a day ago: for up to an hour more.
        assertLeft(ledger, rolling, begin.plus(DAY).plus(Duration.ofHours(1)).minusMillis(1), 10);
        assertLeft(ledger, rolling, begin.plus(DAY).plus(Duration.ofHours(1)), 50);
        assertLeft(ledger, rolling, begin.plus(DAY).plus(Duration.ofHours(7)), 80);
        assertLeft(ledger, rolling, begin.plus(DAY).plus(Duration.ofHours(13)), 100);
    }

    @Test
    void rollingBudget_neverHasMoreThanItsLimit_inAnyWindow() {
        Ledger ledger = ledger();
        Budgets rolling = budgets(limited("r", 100).rolling(DAY));
        Map<Instant, Long> spent = new java.util.TreeMap<>();
        for (int i = 0; i < 150; i++) {
            Instant at = begin.plus(Duration.ofMinutes(47L * i));
            if (reserveAt(ledger, rolling, at, 9) instanceof Granted(Reservation held, List<Counter> unused)) {
                await(ledger.settle(lastExchange(), held, money(9)));
                spent.put(at, 9L);
            }
        }

        for (Instant end : spent.keySet()) {
            long window = spent.entrySet().stream()
                    .filter(one -> one.getKey().isAfter(end.minus(DAY))
                            && !one.getKey().isAfter(end))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
            assertThat(window).as("the day before %s", end).isBetween(9L, 100L);
        }
        assertThat(spent)
                .as("almost five days' worth, less what counts a step longer")
                .hasSizeBetween(45, 60);
    }

    @Test
    void holdInARollingBudget_countsLikeSpend_andIsSettledInItsOwnStep() {
        Ledger ledger = ledger();
        Budgets rolling = budgets(limited("r", 100).rolling(DAY));
        ExchangeId open = exchange();
        Reservation held = reservation(await(ledger.reserve(
                open,
                rolling.claims(CALLER, ROUTE, begin).counters(),
                Amounts.of(new NanoUsd(70)),
                Duration.ofMinutes(30))));
        assertLeft(ledger, rolling, begin.plus(Duration.ofHours(5)), 30);

        await(ledger.settle(open, held, money(50)));

        assertLeft(ledger, rolling, begin.plus(Duration.ofHours(5)), 50);
        assertLeft(ledger, rolling, begin.plus(Duration.ofHours(25)), 100);
    }

    @Test
    void twoRollingBudgets_countApart() {
        Ledger ledger = ledger();
        Budgets both = budgets(
                limited("hour", 50).rolling(Duration.ofHours(1)),
                limited("week", 120).rolling(Duration.ofDays(7)));
        spendAt(ledger, both, begin, 50);
        assertLeft(ledger, both, begin.plus(Duration.ofMinutes(30)), 0);
        spendAt(ledger, both, begin.plus(Duration.ofHours(2)), 50);

        assertLeft(ledger, both, begin.plus(Duration.ofHours(4)), 20);
        assertLeft(ledger, both, begin.plus(Duration.ofDays(7)), 20);
        assertLeft(ledger, both, begin.plus(Duration.ofDays(7)).plus(Duration.ofHours(8)), 50);
    }

    @Test
    void limit_thatIsChanged_keepsWhatWasSpent() {
        Ledger ledger = ledger();
        for (Entries kind :
                List.of(limited("r", 1).rolling(DAY), limited("d", 1).per(Period.DAY, "UTC"))) {
            String id = kind.entry().id();
            boolean isRolling = kind.entry().rolling() != null;
            Budgets before = budgets(
                    isRolling ? limited(id, 100).rolling(DAY) : limited(id, 100).per(Period.DAY, "UTC"));
            Budgets raised = budgets(
                    isRolling ? limited(id, 150).rolling(DAY) : limited(id, 150).per(Period.DAY, "UTC"));
            Budgets lowered = budgets(
                    isRolling ? limited(id, 50).rolling(DAY) : limited(id, 50).per(Period.DAY, "UTC"));
            spendAt(ledger, before, begin, 60);

            Instant later = begin.plus(Duration.ofHours(3));
            assertLeft(ledger, before, later, 40);
            assertLeft(ledger, raised, later, 90);
            assertThat(reserveAt(ledger, lowered, later, 0)).isInstanceOf(Refused.class);
            assertLeft(ledger, before, later, 40);
        }
    }

    @Test
    void rollingBudget_goesOn_acrossARestart() {
        Ledger before = emptied();
        await(before.restore(Map.of(), List.of()));
        Budgets rolling = budgets(limited("r", 100).rolling(DAY));
        spendAt(before, rolling, begin, 40);
        spendAt(before, rolling, begin.plus(Duration.ofHours(6)), 30);
        Map<String, Long> logged = await(before.contents(100)).levels().stream()
                .filter(level -> level.spent() > 0)
                .collect(Collectors.toMap(Level::key, Level::spent));

        Ledger after = restarted(before);
        await(after.restore(logged, List.of()));

        assertThat(logged).hasSize(2);
        assertLeft(after, rolling, begin.plus(Duration.ofHours(12)), 30);
        assertLeft(after, rolling, begin.plus(Duration.ofHours(25)), 70);
        assertLeft(after, rolling, begin.plus(Duration.ofHours(31)), 100);
    }

    /** Both ways: a day of 23 hours and one of 25, and the week and month around them. */
    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, DAY", "Europe/Berlin, WEEK", "Europe/Berlin, MONTH",
        "America/Los_Angeles, DAY", "America/Los_Angeles, WEEK", "America/Los_Angeles, MONTH"
    })
    void counters_rollOverWhereTheZonesCalendarDoes_whenItsClocksChange(String zone, Period period) {
        Ledger ledger = ledger();
        ZoneId id = ZoneId.of(zone);
        Budgets budgets = budgets(limited("b", 100).per(period, zone));
        ZoneOffsetTransition change = id.getRules().nextTransition(begin);
        TreeSet<Long> hours = new TreeSet<>();
        for (int i = 0; i < 2; i++) {
            LocalDate day = change.getDateTimeBefore().toLocalDate();
            LocalDate first = switch (period) {
                case WEEK -> day.with(java.time.temporal.TemporalAdjusters.previousOrSame(java.time.DayOfWeek.MONDAY));
                case MONTH -> day.withDayOfMonth(1);
                default -> day;
            };
            LocalDate next = switch (period) {
                case WEEK -> first.plusWeeks(1);
                case MONTH -> first.plusMonths(1);
                default -> first.plusDays(1);
            };
            Instant start = first.atStartOfDay(id).toInstant();
            Instant end = next.atStartOfDay(id).toInstant();
            spendAt(ledger, budgets, start.minusMillis(1), 90);

            assertLeft(ledger, budgets, start, 100);
            spendAt(ledger, budgets, start, 40);
            assertLeft(ledger, budgets, change.getInstant().minusMillis(1), 60);
            assertLeft(ledger, budgets, change.getInstant(), 60);
            assertLeft(ledger, budgets, end.minusMillis(1), 60);
            assertLeft(ledger, budgets, end, 100);

            long usual = ChronoUnit.DAYS.between(first, next) * 24;
            hours.add(Duration.between(start, end).toHours() - usual);
            change = id.getRules().nextTransition(change.getInstant());
        }
        assertThat(hours).as("an hour less, and an hour more").containsExactly(-1L, 1L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Europe/Berlin", "America/Los_Angeles"})
    void hourThatComesTwice_isTwoCounters(String zone) {
        Ledger ledger = ledger();
        ZoneId id = ZoneId.of(zone);
        Budgets hourly = budgets(limited("h", 100).per(Period.HOUR, zone));
        ZoneOffsetTransition back = id.getRules().nextTransition(begin);
        back = back.isOverlap() ? back : id.getRules().nextTransition(back.getInstant());
        List<Instant> both = new ArrayList<>(List.of(back.getInstant().minusMillis(1), back.getInstant()));
        both.forEach(at -> spendAt(ledger, hourly, at, 70));

        both.forEach(at -> assertLeft(ledger, hourly, at, 30));
    }
}
