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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** One budget, compiled. Remembers the counters of the window under way, since most calls come from few callers. Safe on any thread. */
final class Budget {
    private static final int MAX_REMEMBERED = 4096;

    private final BudgetEntry entry;
    private final long limit;
    private final Selection selection;
    private final boolean isByTarget;
    private final Calendar calendar;
    private final String series;
    private volatile Remembered remembered;

    private record Remembered(Window window, ConcurrentMap<String, Counter> counters) {}

    /**
     * @param limit in the smallest part of the budget's unit
     */
    Budget(BudgetEntry entry, long limit, Selection selection) {
        this.entry = entry;
        this.limit = limit;
        this.selection = selection;
        this.isByTarget = selection.isByTarget();
        this.calendar = new Calendar(entry);
        this.series = entry.unit().prefix() + entry.id() + "/" + selection.scopeName() + (selection.isOne() ? "" : "/");
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
            if (selection.matches(caller, route.alias(), first)) {
                draft.add(selection.subject(caller, route.alias(), first), at, this);
            }
            return;
        }
        for (Target target : targets) {
            if (selection.matches(caller, route.alias(), target)) {
                draft.add(selection.subject(caller, route.alias(), target), at, this, target.toString());
            }
        }
    }

    /** Whether it has counters: a limit on single calls has none. */
    boolean isCounted() {
        return entry.period() != Period.REQUEST || entry.rolling() != null;
    }

    /**
     * Whose spend a counter holds.
     *
     * @param words for people
     * @param names by what there is one counter for each of
     */
    record Subject(String words, Map<String, String> names) {}

    /** Whose spend a counter holds, if it is one of this budget's and counts at this time. */
    Optional<Subject> subjectOf(String key, Instant now) {
        int label = key.lastIndexOf('/') + 1;
        if (!key.startsWith(series) || label < series.length() || !counts(key.substring(label), now)) {
            return Optional.empty();
        }
        if (selection.isOne()) {
            return label == series.length() + 1
                    ? Optional.of(new Subject(selection.scopeName(), Map.of()))
                    : Optional.empty();
        }
        String subject = key.substring(series.length(), label - 1);
        return Optional.of(new Subject(selection.words(subject), selection.names(subject)));
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
}
