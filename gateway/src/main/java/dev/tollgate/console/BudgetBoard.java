package dev.tollgate.console;

import dev.tollgate.budget.Budgets;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.exchange.Caller;
import dev.tollgate.identity.Key;
import dev.tollgate.identity.KeyStore;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the counters of all budgets hold in their current periods, for the keys that can be used. */
final class BudgetBoard {
    private final PolicyDesk policy;
    private final KeyStore keys;
    private final Ledger ledger;
    private final InstantSource clock;

    BudgetBoard(PolicyDesk policy, KeyStore keys, Ledger ledger, InstantSource clock) {
        this.policy = policy;
        this.keys = keys;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * One counter.
     *
     * @param budget id of the budget in the policy
     * @param subject whose spend it counts: {@code agent ci-bot}, or {@code all}
     * @param limit most that may be spent and held
     * @param spent settled
     * @param held by calls under way
     * @param endsAt when the period ends; {@link Instant#MAX} for never
     */
    record Row(String budget, String subject, NanoUsd limit, NanoUsd spent, NanoUsd held, Instant endsAt) {
        /** Share of the limit that is spent or held, 0 to 100. */
        int fullness() {
            return Format.percent(spent.plus(held).nanos(), limit.nanos());
        }
    }

    /** The fullest first. */
    Future<List<Row>> rows() {
        Budgets budgets = policy.current().view(Budgets.class);
        if (budgets.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        Instant now = clock.instant();
        return keys.list(Limits.MAX_KEYS_SHOWN).compose(all -> {
            List<Counter> counters = counters(budgets, all, now);
            return ledger.levels(counters.stream().map(Counter::key).toList()).map(levels -> rows(counters, levels));
        });
    }

    private static List<Counter> counters(Budgets budgets, List<Key> keys, Instant now) {
        Map<String, Counter> byKey = new LinkedHashMap<>();
        for (Key key : keys) {
            if (key.isUsableAt(now) && byKey.size() < Limits.MAX_COUNTERS_READ) {
                Caller caller = new Caller(key.id(), key.agent(), key.team(), key.scopes(), Optional.empty(), false);
                budgets.countersFor(caller, now).forEach(counter -> byKey.putIfAbsent(counter.key(), counter));
            }
        }
        return List.copyOf(byKey.values());
    }

    private static List<Row> rows(List<Counter> counters, List<Ledger.Level> levels) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < counters.size(); i++) {
            Counter counter = counters.get(i);
            Ledger.Level level = levels.get(i);
            rows.add(new Row(
                    counter.budget(),
                    subject(counter),
                    counter.limit(),
                    level.spent(),
                    level.held(),
                    counter.endsAt()));
        }
        rows.sort(Comparator.comparingInt(Row::fullness)
                .thenComparing(row -> row.spent().plus(row.held()))
                .reversed());
        return rows;
    }

    /** A counter's key is {@code budget/scope/subject/period}, without a subject where there is one counter for all. */
    private static String subject(Counter counter) {
        String rest = counter.key().substring(counter.budget().length() + 1);
        int period = rest.lastIndexOf('/');
        String whose = period < 0 ? rest : rest.substring(0, period);
        // The id of a key says itself that it is one.
        return whose.startsWith("key/") ? whose.substring("key/".length()) : whose.replaceFirst("/", " ");
    }
}
