package dev.tollgate.budget;

import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Grant;
import dev.tollgate.exchange.Route;
import dev.tollgate.policy.BudgetPolicy;
import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import dev.tollgate.policy.BudgetPolicy.OnExceed;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.ViewCompiler;
import dev.tollgate.value.Unit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The budgets of a policy: what a call must fit into. Immutable but for the windows it remembers; safe on any thread. */
public final class Budgets {
    /** Begins the rule of a hold whose leave lets a call pass a budget. */
    public static final String LEAVE = "budget:";

    private final List<Budget> all;

    private Budgets(List<Budget> all) {
        this.all = List.copyOf(all);
    }

    /** Whether the policy has any budget at all. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** What a call must fit into. */
    public Claims claims(Caller caller, Route route, Instant at) {
        if (all.isEmpty()) {
            return Claims.NONE;
        }
        ClaimsDraft draft = new ClaimsDraft(all.size());
        for (Budget budget : all) {
            budget.claim(caller, route, at, draft);
        }
        return draft.claims(route.targets().size());
    }

    /**
     * What a call must fit into that was identified and routed. Budgets that a person has let it pass refuse nothing.
     *
     * @param isPriced whether it is known what the call costs; else money is not counted
     */
    public Claims claims(Exchange exchange, boolean isPriced) {
        Claims claims = claims(exchange.caller(), exchange.route(), exchange.countsAt());
        Grant grant = exchange.grant();
        Claims counted = isPriced ? claims : claims.without(Unit.USD);
        return grant == null ? counted : counted.letting(grant.rulesBehind(LEAVE));
    }

    /** Those that count at all, in the order of the policy. */
    List<Budget> all() {
        return all;
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
                checkReliefs(bundle);
                return of(bundle.budget());
            }
        };
    }

    private static void checkReliefs(Bundle bundle) throws PolicyException {
        int index = 0;
        for (BudgetEntry entry : bundle.budget().budgets()) {
            String here = "budget.budgets[" + index++ + "].";
            for (int percent : entry.notifyAt()) {
                if (percent < 1 || percent > 100) {
                    throw PolicyException.at(here + "notify_at", percent + " is not a percent from 1 to 100");
                }
            }
            String path = here + "downgrade_to";
            String alias = entry.downgradeTo();
            if (alias == null) {
                if (entry.onExceed() == OnExceed.DOWNGRADE) {
                    throw PolicyException.at(path, "is needed for on_exceed: downgrade");
                }
            } else if (entry.onExceed() != OnExceed.DOWNGRADE) {
                throw PolicyException.at(path, "says nothing without on_exceed: downgrade");
            } else if (!bundle.models().containsKey(alias)) {
                throw PolicyException.at(path, "there is no alias \"" + alias + "\" in models");
            }
        }
    }

    static Budgets of(BudgetPolicy policy) throws PolicyException {
        Set<String> ids = new HashSet<>();
        List<Budget> budgets = new ArrayList<>();
        int index = 0;
        for (BudgetEntry entry : policy.budgets()) {
            String path = "budget.budgets[" + index++ + "]";
            Selection.requireId(entry.id(), path + ".id");
            // Two budgets of one id would share their counters and so each count the other's spend.
            if (!ids.add(entry.id())) {
                throw PolicyException.at(path + ".id", '"' + entry.id() + "\" is used twice");
            }
            Budget budget = budget(entry, path);
            if (entry.mode() != Mode.OFF) {
                budgets.add(budget);
            }
        }
        return new Budgets(budgets);
    }

    private static Budget budget(BudgetEntry entry, String path) throws PolicyException {
        Selection selection = Selection.of(entry.match(), entry.scope(), path);
        selection.requireNoneTwice(path + ".scope");
        if (!entry.only().all().isEmpty()) {
            selection = selection.only(entry.only(), path + ".only");
        }
        try {
            return new Budget(entry, entry.limit().in(entry.unit()), selection);
        } catch (IllegalArgumentException noAmount) {
            throw PolicyException.at(path + ".limit", String.valueOf(noAmount.getMessage()));
        }
    }
}
