package dev.tollgate.budget;

import dev.tollgate.budget.Calendar.Window;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Route;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import dev.tollgate.policy.BudgetPolicy.Period;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One budget, compiled. Remembers the counters of the window under way, since most calls come from few callers. Safe on any thread. */
final class Budget {
    private static final int MAX_REMEMBERED = 4096;

    private final BudgetEntry entry;
    private final long limit;
    private final List<Condition> conditions;
    private final List<Dimension> scope;
    private final boolean isByTarget;
    private final Calendar calendar;
    private final String series;
    private volatile Remembered remembered;

    /** What a call must have. */
    record Condition(Dimension dimension, NamePattern names) {
        boolean holds(Caller caller, @Nullable String alias, Target target) {
            String value = dimension.of(caller, alias, target);
            // A model is known by its provider's name for it, and by that of both.
            return names.matches(value)
                    || (dimension.name().equals(Dimension.MODEL) && names.matches(target.toString()));
        }
    }

    private record Remembered(Window window, ConcurrentMap<String, Counter> counters) {}

    /**
     * @param limit in the smallest part of the budget's unit
     * @param scope what there is one counter for each of; empty for a single one
     */
    Budget(BudgetEntry entry, long limit, List<Condition> conditions, List<Dimension> scope) {
        this.entry = entry;
        this.limit = limit;
        this.conditions = List.copyOf(conditions);
        this.scope = List.copyOf(scope);
        this.isByTarget = conditions.stream().anyMatch(one -> one.dimension().isByTarget())
                || scope.stream().anyMatch(Dimension::isByTarget);
        this.calendar = new Calendar(entry);
        this.series = entry.unit().prefix() + entry.id() + "/"
                + (scope.isEmpty()
                        ? "all"
                        : scope.stream().map(Dimension::name).collect(Collectors.joining("+")) + "/");
        this.remembered = new Remembered(calendar.windowOf(Instant.EPOCH), new ConcurrentHashMap<>());
    }

    BudgetEntry entry() {
        return entry;
    }

    long limit() {
        return limit;
    }

    /** Adds what this budget asks of a call. */
    void claim(Caller caller, Route route, Instant at, ClaimsDraft draft) {
        List<Target> targets = route.targets();
        if (!isByTarget || targets.size() == 1) {
            Target first = targets.get(0);
            if (applies(caller, route.alias(), first)) {
                draft.add(subject(caller, route.alias(), first), at, this);
            }
            return;
        }
        for (Target target : targets) {
            if (applies(caller, route.alias(), target)) {
                draft.add(subject(caller, route.alias(), target), at, this, target.toString());
            }
        }
    }

    /** Whether it has counters: a limit on single calls has none. */
    boolean isCounted() {
        return entry.period() != Period.REQUEST || entry.rolling() != null;
    }

    /** Whose spend a counter holds, if it is one of this budget's and counts at this time. */
    Optional<String> subjectOf(String key, Instant now) {
        int label = key.lastIndexOf('/') + 1;
        if (!key.startsWith(series) || label < series.length() || !counts(key.substring(label), now)) {
            return Optional.empty();
        }
        if (scope.isEmpty()) {
            return label == series.length() + 1 ? Optional.of("all") : Optional.empty();
        }
        List<String> values = Subjects.values(key.substring(series.length(), label - 1));
        List<String> words = new ArrayList<>();
        for (int i = 0; i < Math.min(scope.size(), values.size()); i++) {
            String name = scope.get(i).name();
            words.add(values.get(i).isEmpty() ? "no " + name : name + " " + values.get(i));
        }
        return Optional.of(String.join(", ", words));
    }

    private boolean counts(String label, Instant now) {
        Duration rolling = entry.rolling();
        return rolling == null
                ? calendar.windowOf(now).label().equals(label)
                : Rolling.read(label)
                        .filter(step -> step.isOf(rolling) && now.isBefore(step.countsUntil()))
                        .isPresent();
    }

    /** When its counters start again at nothing; {@link Instant#MAX} for never. */
    Instant startsAnew(Instant now) {
        return entry.rolling() == null ? calendar.windowOf(now).end() : Instant.MAX;
    }

    private boolean applies(Caller caller, @Nullable String alias, Target target) {
        for (Condition condition : conditions) {
            if (!condition.holds(caller, alias, target)) {
                return false;
            }
        }
        return true;
    }

    /** The counter of a subject at this time. */
    Counter counter(String subject, Instant at) {
        Window window = calendar.windowOf(at);
        Remembered now = remembered;
        if (!now.window().equals(window)) {
            now = new Remembered(window, new ConcurrentHashMap<>());
            remembered = now;
        }
        Counter known = now.counters().get(subject);
        if (known != null) {
            return known;
        }
        Counter counter = counter(series + subject + "/" + window.label(), window);
        if (now.counters().size() < MAX_REMEMBERED) {
            now.counters().put(subject, counter);
        }
        return counter;
    }

    private Counter counter(String key, Window window) {
        List<String> before = entry.rolling() == null ? List.of() : Rolling.before(key);
        return new Counter(key, entry, limit, window.countsUntil(), before);
    }

    private String subject(Caller caller, @Nullable String alias, Target target) {
        if (scope.size() == 1) {
            return Subjects.escape(scope.get(0).of(caller, alias, target));
        }
        List<String> values = new ArrayList<>(scope.size());
        for (Dimension dimension : scope) {
            values.add(Subjects.escape(dimension.of(caller, alias, target)));
        }
        return String.join("+", values);
    }
}
