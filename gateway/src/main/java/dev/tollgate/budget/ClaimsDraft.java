package dev.tollgate.budget;

import dev.tollgate.budget.Claims.Ceiling;
import dev.tollgate.budget.Ledger.Counter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@link Claims} in the making. */
final class ClaimsDraft {
    private final List<Counter> counters;
    private List<Ceiling> ceilings = List.of();
    private Map<String, Set<String>> bound = Map.of();

    ClaimsDraft(int budgets) {
        counters = new ArrayList<>(budgets);
    }

    /** What a budget asks of a call whoever serves it. */
    void add(String subject, Instant at, Budget budget) {
        if (budget.isCounted()) {
            counters.add(budget.counter(subject, at));
        } else {
            addCeiling(budget);
        }
    }

    /** What a budget asks of a call if that target serves it. Several targets may have one counter: it is asked once. */
    void add(String subject, Instant at, Budget budget, String target) {
        if (!budget.isCounted()) {
            addCeiling(budget);
            return;
        }
        if (bound.isEmpty()) {
            bound = new HashMap<>();
        }
        Counter counter = budget.counter(subject, at);
        Set<String> targets = bound.get(counter.key());
        if (targets == null) {
            targets = new HashSet<>();
            bound.put(counter.key(), targets);
            counters.add(counter);
        }
        targets.add(target);
    }

    private void addCeiling(Budget budget) {
        if (ceilings.isEmpty()) {
            ceilings = new ArrayList<>();
        }
        Ceiling ceiling = new Ceiling(budget.entry(), budget.limit());
        if (!ceilings.contains(ceiling)) {
            ceilings.add(ceiling);
        }
    }

    /** @param targets how many the call may go to: a counter of all of them is bound to none */
    Claims claims(int targets) {
        if (!bound.isEmpty()) {
            bound.values().removeIf(some -> some.size() == targets);
        }
        return new Claims(counters, bound, ceilings);
    }
}
