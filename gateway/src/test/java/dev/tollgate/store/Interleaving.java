package dev.tollgate.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.Answer.Granted;
import dev.tollgate.budget.Ledger.Answer.Refused;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.budget.Ledger.Level;
import dev.tollgate.budget.Ledger.LiveHold;
import dev.tollgate.budget.Ledger.OpenHold;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Random steps of many exchanges against ledgers of one or two nodes that share their counters, and a plain model of them, which decides one
 * call after the other. After each step, for each counter: spent and held are what the model says, and for enforced budgets their sum is within
 * the limit, because no exchange here takes more than it holds. A call is granted if and only if the model has room for it.
 */
final class Interleaving {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final List<String> TARGETS = List.of("openai/a", "openai/b", "");
    private static final List<String> LOST = List.of("openai/a", "openai/b", "openai/c");

    private final LedgerContract contract;
    private final Ledger[] nodes;
    private final Random random;
    private final Counter[] counters;
    private final Map<String, long[]> model = new TreeMap<>();
    private final List<Call> calls = new ArrayList<>();

    private enum State {
        LIVE,
        SWEPT,
        OVER
    }

    /** An exchange as the model knows it. */
    private static final class Call {
        private final ExchangeId id;
        private final int node;
        private Reservation held;
        private final boolean isShort;
        private List<Spend.Lost> lost = List.of();
        private State state = State.LIVE;

        Call(ExchangeId id, int node, Reservation held, boolean isShort) {
            this.id = id;
            this.node = node;
            this.held = held;
            this.isShort = isShort;
        }
    }

    Interleaving(LedgerContract contract, List<Ledger> nodes, String prefix, Random random) {
        this.contract = contract;
        this.nodes = nodes.toArray(Ledger[]::new);
        this.random = random;
        this.counters = new Counter[] {
            LedgerContract.counter(prefix + "a", 1_000),
            LedgerContract.counter(prefix + "b", 2_500),
            LedgerContract.counter("tokens:" + prefix + "c", 9_000),
            LedgerContract.counter("requests:" + prefix + "d", 9),
            LedgerContract.counter(prefix + "bound", 600),
            LedgerContract.observed(prefix + "observed", 300)
        };
        for (Counter counter : counters) {
            model.put(counter.key(), new long[2]);
        }
    }

    void run(int steps) {
        for (int step = 0; step < steps; step++) {
            switch (random.nextInt(14)) {
                case 0, 1, 2, 3, 4, 5 -> reserve();
                case 12, 13 -> lose();
                case 6, 7 -> settle();
                case 8 -> release();
                case 9 -> endAgain();
                case 10 -> sweep();
                default -> restart();
            }
            check();
        }
        in(State.LIVE).forEach(this::settle);
        check();
    }

    private void reserve() {
        List<Counter> chosen = new ArrayList<>(Arrays.asList(counters));
        chosen.removeIf(unused -> random.nextInt(3) == 0);
        if (chosen.isEmpty()) {
            return;
        }
        Amounts amounts = new Amounts(random.nextLong(300), random.nextLong(3_000), 1);
        boolean isShort = random.nextInt(3) == 0;
        int node = random.nextInt(nodes.length);
        ExchangeId exchange = contract.exchange();
        boolean fits = chosen.stream()
                .allMatch(counter -> !counter.isEnforced() || free(counter) >= amounts.in(counter.unit()));

        switch (contract.await(nodes[node].reserve(exchange, chosen, amounts, isShort ? SHORT : LONG))) {
            case Granted(Reservation held, List<Counter> exceeded) -> {
                assertThat(fits).as("granted what does not fit").isTrue();
                assertThat(exceeded).isEqualTo(exceeded(chosen, amounts));
                Reservation bound = held.withBound(bound(held));
                held.counters().forEach(key -> model.get(key)[1] += held.heldIn(key));
                calls.add(new Call(exchange, node, bound, isShort));
            }
            case Refused(Counter tightest, long remaining, Amounts left) -> {
                assertThat(fits).as("refused what fits").isFalse();
                assertThat(remaining).isEqualTo(free(tightest)).isLessThan(amounts.in(tightest.unit()));
            }
        }
    }

    private List<Counter> exceeded(List<Counter> chosen, Amounts amounts) {
        return chosen.stream()
                .filter(counter -> !counter.isEnforced() && free(counter) < amounts.in(counter.unit()))
                .toList();
    }

    /** An attempt is lost: before the next one it is held for where it counts, and what another target may take where that counts. */
    private void lose() {
        List<Call> able = in(State.LIVE).stream()
                .filter(call -> !call.isShort && call.lost.size() < 2)
                .toList();
        if (able.isEmpty()) {
            return;
        }
        Call call = able.get(random.nextInt(able.size()));
        List<Spend.Lost> lost = new ArrayList<>(call.lost);
        lost.add(new Spend.Lost(
                LOST.get(random.nextInt(LOST.size())), new Amounts(random.nextLong(100), random.nextLong(900), 0)));
        Reservation wanted = call.held.raised(call.held.amounts(), lost);
        List<Counter> asked = Arrays.stream(counters)
                .filter(counter -> wanted.counters().contains(counter.key()))
                .map(counter -> counter.holding(wanted.heldIn(counter.key()), wanted.amounts()))
                .toList();
        boolean fits = asked.stream()
                .allMatch(counter -> !counter.isEnforced()
                        || free(counter) + call.held.heldIn(counter.key()) >= wanted.heldIn(counter.key()));

        switch (contract.await(nodes[call.node].raise(call.id, asked, wanted.amounts(), LONG))) {
            case Granted(Reservation held, List<Counter> unused) -> {
                assertThat(fits).as("raised to what does not fit").isTrue();
                for (String key : wanted.counters()) {
                    assertThat(held.heldIn(key)).isEqualTo(wanted.heldIn(key));
                    model.get(key)[1] += wanted.heldIn(key) - call.held.heldIn(key);
                }
                call.held = wanted;
                call.lost = lost;
            }
            case Refused refused ->
                assertThat(fits).as("not raised to what fits").isFalse();
        }
    }

    private static Map<String, Set<String>> bound(Reservation held) {
        Map<String, Set<String>> bound = new HashMap<>();
        held.counters().stream()
                .filter(key -> key.endsWith("bound"))
                .forEach(key -> bound.put(key, Set.of(TARGETS.get(0))));
        return bound;
    }

    @CanIgnoreReturnValue
    private long free(Counter counter) {
        long[] level = model.get(counter.key());
        return counter.limit() - level[0] - level[1];
    }

    private void settle() {
        any(State.LIVE, State.SWEPT).ifPresent(this::settle);
    }

    private void settle(Call call) {
        Amounts held = call.held.amounts();
        Amounts actual = new Amounts(random.nextLong(held.nanos() + 1), random.nextLong(held.tokens() + 1), 1);
        Spend spend = new Spend(actual, server(call), call.lost);
        contract.await(nodes[call.node].settle(call.id, call.held, spend));
        end(call);
        call.held.counters().forEach(key -> model.get(key)[0] += call.held.chargeTo(key, spend));
    }

    /** What was lost never serves. */
    private String server(Call call) {
        List<String> left = TARGETS.stream()
                .filter(target ->
                        call.lost.stream().noneMatch(lost -> lost.target().equals(target)))
                .toList();
        return left.get(random.nextInt(left.size()));
    }

    private void release() {
        any(State.LIVE, State.SWEPT).ifPresent(call -> {
            contract.await(nodes[call.node].release(call.id, call.held));
            end(call);
        });
    }

    /** Takes a call's hold, or what it was charged for want of knowing better, out of the model. */
    private void end(Call call) {
        int where = call.state == State.LIVE ? 1 : 0;
        call.held.counters().forEach(key -> model.get(key)[where] -= call.held.heldIn(key));
        call.state = State.OVER;
    }

    private void endAgain() {
        any(State.OVER).ifPresent(call -> {
            Ledger node = nodes[call.node];
            contract.await(
                    random.nextBoolean()
                            ? node.settle(call.id, call.held, new Spend(call.held.amounts(), "", call.lost))
                            : node.release(call.id, call.held));
        });
    }

    private void sweep() {
        contract.letShortLeasesRunOut();
        List<Call> overdue =
                in(State.LIVE).stream().filter(call -> call.isShort).toList();

        assertThat(contract.await(nodes[random.nextInt(nodes.length)].sweep())).isEqualTo(overdue.size());

        for (Call call : overdue) {
            call.state = State.SWEPT;
            for (String key : call.held.counters()) {
                model.get(key)[1] -= call.held.heldIn(key);
                model.get(key)[0] += call.held.heldIn(key);
            }
        }
    }

    /** A node is killed and starts again: its log knows what has ended, and what has not is charged whole. */
    private void restart() {
        if (random.nextInt(4) > 0) {
            return;
        }
        int node = random.nextInt(nodes.length);
        List<Call> orphans = calls.stream()
                .filter(call -> call.node == node && call.state != State.OVER)
                .toList();
        Map<String, Long> spent = spent();
        for (Call call : orphans) {
            if (call.state == State.SWEPT) {
                call.held.counters().forEach(key -> spent.merge(key, -call.held.heldIn(key), Long::sum));
            }
        }
        nodes[node] = contract.restarted(nodes[node]);
        contract.await(nodes[node].restore(
                spent,
                orphans.stream().map(call -> new OpenHold(call.id, call.held)).toList()));
        for (Call call : orphans) {
            contract.await(nodes[node].settle(call.id, call.held, new Spend(call.held.amounts(), "", call.lost)));
            end(call);
            call.held.counters().forEach(key -> model.get(key)[0] += call.held.heldIn(key));
        }
        // What ended before the restart is told by nobody any more.
        calls.removeIf(call -> call.node == node);
    }

    private Map<String, Long> spent() {
        Map<String, Long> spent = new HashMap<>();
        model.forEach((key, level) -> spent.put(key, level[0]));
        return spent;
    }

    private List<Call> in(State state) {
        return calls.stream().filter(call -> call.state == state).toList();
    }

    private java.util.Optional<Call> any(State... states) {
        List<Call> found = calls.stream()
                .filter(call -> Arrays.asList(states).contains(call.state))
                .toList();
        return found.isEmpty()
                ? java.util.Optional.empty()
                : java.util.Optional.of(found.get(random.nextInt(found.size())));
    }

    private void check() {
        String[] keys = model.keySet().toArray(String[]::new);
        for (Level level : contract.levels(nodes[0], keys)) {
            long[] expected = model.get(level.key());
            assertThat(level).isEqualTo(LedgerContract.level(level.key(), expected[0], expected[1]));
        }
        for (Counter counter : counters) {
            assertThat(!counter.isEnforced() || free(counter) >= 0)
                    .as(counter.key())
                    .isTrue();
        }
        assertThat(contract.await(nodes[0].contents(10_000)).holds())
                .extracting(LiveHold::exchange)
                .containsExactlyInAnyOrderElementsOf(
                        in(State.LIVE).stream().map(call -> call.id).toList());
        contract.checkConsistency(nodes[0]);
    }
}
