package dev.tollgate.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.Answer.Granted;
import dev.tollgate.budget.Ledger.Answer.Refused;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.budget.Ledger.Level;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Random steps of many exchanges against a ledger and a plain model of it. After each step, for each counter: spent and held are what the
 * model says, and their sum is within the limit, because no exchange here costs more than it holds.
 */
final class Interleaving {
    private static final long[] LIMITS = {1_000, 2_500, 700, 5_000};
    private static final Duration LONG = Duration.ofHours(1);

    private final LedgerContract contract;
    private final Ledger ledger;
    private final Random random;
    private final Counter[] counters;
    private final Map<String, long[]> model = new TreeMap<>();
    private final Map<ExchangeId, Reservation> live = new LinkedHashMap<>();
    private final Map<ExchangeId, Reservation> over = new LinkedHashMap<>();

    Interleaving(LedgerContract contract, Ledger ledger, String prefix, Random random) {
        this.contract = contract;
        this.ledger = ledger;
        this.random = random;
        this.counters = new Counter[LIMITS.length];
        for (int i = 0; i < LIMITS.length; i++) {
            counters[i] = LedgerContract.counter(prefix + i, LIMITS[i]);
            model.put(counters[i].key(), new long[2]);
        }
    }

    void run(int steps) {
        for (int step = 0; step < steps; step++) {
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> reserve();
                case 3 -> settle();
                case 4 -> release();
                default -> endAgain();
            }
            check();
        }
        while (!live.isEmpty()) {
            settle();
        }
        check();
    }

    private void reserve() {
        List<Counter> chosen = new ArrayList<>(Arrays.asList(counters));
        chosen.removeIf(unused -> random.nextBoolean());
        if (chosen.isEmpty()) {
            return;
        }
        long amount = random.nextLong(300);
        ExchangeId exchange = contract.exchange();
        boolean fits = chosen.stream().allMatch(counter -> free(counter) >= amount);

        Ledger.Answer answer = contract.reserveFor(ledger, exchange, amount, LONG, chosen.toArray(Counter[]::new));

        switch (answer) {
            case Granted(Reservation held) -> {
                assertThat(fits).as("granted what does not fit").isTrue();
                live.put(exchange, held);
                held.counters().forEach(key -> model.get(key)[1] += amount);
            }
            case Refused(Counter tightest, NanoUsd remaining) -> {
                assertThat(fits).as("refused what fits").isFalse();
                assertThat(remaining.nanos()).isEqualTo(free(tightest));
            }
        }
    }

    @CanIgnoreReturnValue
    private long free(Counter counter) {
        long[] level = model.get(counter.key());
        return counter.limit().nanos() - level[0] - level[1];
    }

    private void settle() {
        if (!live.isEmpty()) {
            ExchangeId exchange = any(live);
            Reservation held = live.get(exchange);
            long cost = random.nextLong(held.amount().nanos() + 1);
            contract.await(ledger.settle(exchange, held, new NanoUsd(cost)));
            end(exchange, held, cost);
        }
    }

    private void release() {
        if (!live.isEmpty()) {
            ExchangeId exchange = any(live);
            Reservation held = live.get(exchange);
            contract.await(ledger.release(exchange, held));
            end(exchange, held, 0);
        }
    }

    private void end(ExchangeId exchange, Reservation held, long cost) {
        held.counters().forEach(key -> {
            model.get(key)[0] += cost;
            model.get(key)[1] -= held.amount().nanos();
        });
        live.remove(exchange);
        over.put(exchange, held);
    }

    private void endAgain() {
        if (!over.isEmpty()) {
            ExchangeId exchange = any(over);
            Reservation held = over.get(exchange);
            contract.await(
                    random.nextBoolean()
                            ? ledger.settle(exchange, held, held.amount())
                            : ledger.release(exchange, held));
        }
    }

    @CanIgnoreReturnValue
    private ExchangeId any(Map<ExchangeId, Reservation> of) {
        return new ArrayList<>(of.keySet()).get(random.nextInt(of.size()));
    }

    private void check() {
        String[] keys = model.keySet().toArray(String[]::new);
        for (Level level : contract.levels(ledger, keys)) {
            long[] expected = model.get(level.key());
            assertThat(level).isEqualTo(LedgerContract.level(level.key(), expected[0], expected[1]));
        }
        for (Counter counter : counters) {
            assertThat(free(counter)).isNotNegative();
        }
        contract.checkConsistency(ledger);
    }
}
