package dev.tollgate.budget;

import dev.tollgate.budget.Ledger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How full the budgets are of which people want to be told, from all counters, a page at a time. Keeps nothing of a page but the steps of rolling
 * budgets, which count together. For use by one thread at a time.
 */
public final class Filling {
    private final List<Budget> whole = new ArrayList<>();
    private final List<Budget> rolling = new ArrayList<>();
    private final Instant now;
    private final Map<Budget, Map<Budget.Subject, Long>> sums = new HashMap<>();
    private final Set<String> added = new HashSet<>();

    public Filling(Budgets budgets, Instant now) {
        this.now = now;
        for (Budget budget : budgets.all()) {
            if (!budget.entry().notifyAt().isEmpty() && budget.limit() > 0 && budget.isCounted()) {
                (budget.entry().rolling() == null ? whole : rolling).add(budget);
            }
        }
    }

    /** Whether nobody wants to be told of any. */
    public boolean isEmpty() {
        return whole.isEmpty() && rolling.isEmpty();
    }

    /** Takes a page; yields the budgets whose only counter of this time is in it. */
    public List<Standing.Row> add(List<Level> page) {
        List<Standing.Row> rows = new ArrayList<>();
        for (Level level : page) {
            for (Budget budget : whole) {
                budget.subjectOf(level.key(), now).ifPresent(subject -> rows.add(row(budget, subject, level.spent())));
            }
            for (Budget budget : rolling) {
                budget.subjectOf(level.key(), now)
                        // Counters that move between pages come twice.
                        .filter(subject -> added.add(level.key()))
                        .ifPresent(subject -> sums.computeIfAbsent(budget, none -> new HashMap<>())
                                .merge(subject, level.spent(), Long::sum));
            }
        }
        return rows;
    }

    /** Those that need all pages. */
    public List<Standing.Row> rest() {
        List<Standing.Row> rows = new ArrayList<>();
        sums.forEach((budget, subjects) -> subjects.forEach((subject, spent) -> rows.add(row(budget, subject, spent))));
        return rows;
    }

    private Standing.Row row(Budget budget, Budget.Subject subject, long spent) {
        return new Standing.Row(
                budget.entry(),
                subject.words(),
                subject.names(),
                budget.limit(),
                spent,
                0,
                budget.startsAnew(now),
                List.of());
    }
}
