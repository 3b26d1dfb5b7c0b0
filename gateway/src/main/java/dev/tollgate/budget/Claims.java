package dev.tollgate.budget;

import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import dev.tollgate.value.Unit;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the budgets of a policy ask of one call.
 *
 * @param counters what it must fit into together with others
 * @param bound as in {@link dev.tollgate.exchange.Reservation#bound}
 * @param ceilings what it must fit into alone
 */
public record Claims(List<Counter> counters, Map<String, Set<String>> bound, List<Ceiling> ceilings) {
    public static final Claims NONE = new Claims(List.of(), Map.of(), List.of());

    /**
     * Most that a single call may take.
     *
     * @param limit in the budget's unit
     */
    public record Ceiling(BudgetEntry budget, long limit) {}

    /** These claims, of which some budgets refuse nothing: a person has let the call pass them. */
    public Claims letting(Set<String> budgets) {
        if (budgets.isEmpty()) {
            return this;
        }
        return new Claims(
                counters.stream()
                        .map(counter -> budgets.contains(counter.budget().id())
                                ? new Counter(
                                        counter.key(),
                                        counter.budget().observed(),
                                        counter.limit(),
                                        counter.endsAt(),
                                        counter.before(),
                                        counter.beside())
                                : counter)
                        .toList(),
                bound,
                ceilings.stream()
                        .map(ceiling -> budgets.contains(ceiling.budget().id())
                                ? new Ceiling(ceiling.budget().observed(), ceiling.limit())
                                : ceiling)
                        .toList());
    }

    /** These claims but for those in a unit. */
    public Claims without(Unit unit) {
        return new Claims(
                counters.stream().filter(counter -> counter.unit() != unit).toList(),
                bound,
                ceilings.stream()
                        .filter(ceiling -> ceiling.budget().unit() != unit)
                        .toList());
    }
}
