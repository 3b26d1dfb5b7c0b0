package dev.tollgate.budget;

import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.exchange.Caller;
import dev.tollgate.policy.BudgetPolicy;
import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.ViewCompiler;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The budgets of a policy: which counters a call must fit into. Immutable but for the windows it remembers; safe on any thread. */
public final class Budgets {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

    private final List<Budget> all;

    private Budgets(List<Budget> all) {
        this.all = List.copyOf(all);
    }

    /** Whether the policy has any budget at all. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** The counters of the period that holds {@code at} into which a call of this caller must fit. */
    public List<Counter> countersFor(Caller caller, Instant at) {
        List<Counter> counters = new ArrayList<>(all.size());
        for (Budget budget : all) {
            budget.counterFor(caller, at).ifPresent(counters::add);
        }
        return counters;
    }

    /** Compiles the budgets of a bundle. */
    public static ViewCompiler<Budgets> compiler() {
        return new ViewCompiler<>() {
            @Override
            public Class<Budgets> type() {
                return Budgets.class;
            }

            @Override
            public Budgets compile(Bundle bundle) throws PolicyException {
                return of(bundle.budget());
            }
        };
    }

    static Budgets of(BudgetPolicy policy) throws PolicyException {
        Set<String> ids = new HashSet<>();
        List<Budget> budgets = new ArrayList<>();
        for (BudgetEntry entry : policy.budgets()) {
            String path = "budget.budgets[" + budgets.size() + "].id";
            if (!ID.matcher(entry.id()).matches()) {
                throw PolicyException.at(
                        path, '"' + entry.id() + "\" may have letters, digits, _ . - and up to 64 characters");
            }
            // Two budgets of one id would share their counters and so each count the other's spend.
            if (!ids.add(entry.id())) {
                throw PolicyException.at(path, '"' + entry.id() + "\" is used twice");
            }
            budgets.add(new Budget(entry, Set.copyOf(entry.only()), new Calendar(entry.period(), entry.timeZone())));
        }
        return new Budgets(budgets);
    }

    private record Budget(BudgetEntry entry, Set<String> only, Calendar calendar) {
        Optional<Counter> counterFor(Caller caller, Instant at) {
            String id = switch (entry.scope()) {
                case KEY -> caller.key().value();
                case AGENT -> caller.agent().value();
                case TEAM -> caller.team().value();
                case ALL -> "";
            };
            if (!only.isEmpty() && !id.isEmpty() && !only.contains(id)) {
                return Optional.empty();
            }
            Calendar.Window window = calendar.windowOf(at);
            String key = entry.id() + "/" + scopeName() + (id.isEmpty() ? "" : "/" + id) + "/" + window.label();
            return Optional.of(new Counter(key, entry.id(), entry.limit(), window.end()));
        }

        private String scopeName() {
            return switch (entry.scope()) {
                case KEY -> "key";
                case AGENT -> "agent";
                case TEAM -> "team";
                case ALL -> "all";
            };
        }
    }
}
