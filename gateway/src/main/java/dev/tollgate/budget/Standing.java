package dev.tollgate.budget;

import dev.tollgate.budget.Ledger.Contents;
import dev.tollgate.budget.Ledger.Level;
import dev.tollgate.budget.Ledger.LiveHold;
import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where budgets stand: each with the counters of the period under way, and what is held in them. */
public final class Standing {
    private Standing() {}

    /**
     * One counter, or a budget that nobody has used yet in this period.
     *
     * @param budget the budget
     * @param subject whose spend it is: {@code agent ci-bot}, {@code team red, no user}, {@code all}; empty where nobody has used it
     * @param names the same by what there is one counter for each of: {@code team} to {@code red}
     * @param limit in the budget's unit
     * @param spent in the budget's unit
     * @param held in the budget's unit
     * @param startsAnew when it starts again at nothing; {@link Instant#MAX} for never, and where time passes out of it bit by bit
     * @param holds what is held, the oldest first
     */
    public record Row(
            BudgetEntry budget,
            String subject,
            Map<String, String> names,
            long limit,
            long spent,
            long held,
            Instant startsAnew,
            List<LiveHold> holds) {
        public Row {
            names = Map.copyOf(names);
            holds = List.copyOf(holds);
        }

        /** What may still be spent, never below zero. */
        public long free() {
            return Math.max(0, limit - spent - held);
        }

        /** Share of the limit that is spent or held, from 0; above 1 where calls cost more than was held. */
        public double fullness() {
            return limit == 0 ? 1 : (double) (spent + held) / limit;
        }
    }

    /** What a row is made of while its counters are added up. */
    private static final class Sum {
        private final Budget.Subject subject;
        private final List<LiveHold> holds = new ArrayList<>();
        private long spent;
        private long held;

        Sum(Budget.Subject subject) {
            this.subject = subject;
        }
    }

    /** All budgets in the order of the policy, of each the fullest counters first. */
    public static List<Row> of(Budgets budgets, Contents contents, Instant now) {
        Map<String, List<LiveHold>> holds = new LinkedHashMap<>();
        for (LiveHold hold : contents.holds()) {
            for (String counter : hold.held().counters()) {
                holds.computeIfAbsent(counter, none -> new ArrayList<>()).add(hold);
            }
        }
        List<Row> rows = new ArrayList<>();
        for (Budget budget : budgets.all()) {
            rows.addAll(rows(budget, contents.levels(), holds, now));
        }
        return List.copyOf(rows);
    }

    private static List<Row> rows(Budget budget, List<Level> levels, Map<String, List<LiveHold>> holds, Instant now) {
        Map<String, Sum> sums = new LinkedHashMap<>();
        for (Level level : levels) {
            budget.subjectOf(level.key(), now).ifPresent(subject -> {
                Sum sum = sums.computeIfAbsent(subject.words(), first -> new Sum(subject));
                sum.spent += level.spent();
                sum.held += level.held();
                sum.holds.addAll(holds.getOrDefault(level.key(), List.of()));
            });
        }
        if (sums.isEmpty() && budget.isCounted()) {
            sums.put("", new Sum(new Budget.Subject("", Map.of())));
        }
        Instant startsAnew = budget.startsAnew(now);
        return sums.values().stream()
                .map(sum -> new Row(
                        budget.entry(),
                        sum.subject.words(),
                        sum.subject.names(),
                        budget.limit(),
                        sum.spent,
                        sum.held,
                        startsAnew,
                        sum.holds))
                .sorted(Comparator.comparingDouble(Row::fullness).reversed())
                .toList();
    }

    /** How long a hold has stood. */
    public static Duration age(LiveHold hold, Instant now) {
        return Duration.between(hold.since(), now);
    }
}
