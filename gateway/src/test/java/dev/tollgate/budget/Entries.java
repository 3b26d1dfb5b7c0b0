package dev.tollgate.budget;

import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.policy.BudgetPolicy;
import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import dev.tollgate.policy.BudgetPolicy.Period;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.Names;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.Quantity;
import dev.tollgate.value.Unit;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Budgets of tests, as an operator would write them. */
public record Entries(BudgetEntry entry) {
    /** A daily budget by this scope. */
    public static Entries of(String id, String limit, String... scope) {
        return new Entries(new BudgetEntry(
                id,
                null,
                scope.length == 0 ? null : Names.of(scope),
                null,
                Quantity.parse(limit),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null));
    }

    public Entries match(String what, String... names) {
        Map<String, Names> all = new java.util.HashMap<>(entry.match());
        all.put(what, Names.of(names));
        return with(all, entry.only(), entry.unit(), entry.period(), entry.rolling(), entry.timeZone(), entry.mode());
    }

    public Entries only(String... names) {
        return with(
                entry.match(),
                Names.of(names),
                entry.unit(),
                entry.period(),
                entry.rolling(),
                entry.timeZone(),
                entry.mode());
    }

    public Entries in(Unit unit) {
        return with(entry.match(), entry.only(), unit, entry.period(), entry.rolling(), entry.timeZone(), entry.mode());
    }

    public Entries per(Period period, String zone) {
        return with(entry.match(), entry.only(), entry.unit(), period, entry.rolling(), ZoneId.of(zone), entry.mode());
    }

    public Entries rolling(Duration rolling) {
        return with(entry.match(), entry.only(), entry.unit(), entry.period(), rolling, entry.timeZone(), entry.mode());
    }

    public Entries observed() {
        return with(
                entry.match(),
                entry.only(),
                entry.unit(),
                entry.period(),
                entry.rolling(),
                entry.timeZone(),
                Mode.OBSERVE);
    }

    private Entries with(
            Map<String, Names> match,
            Names only,
            Unit unit,
            Period period,
            @Nullable Duration rolling,
            ZoneId zone,
            Mode mode) {
        return new Entries(new BudgetEntry(
                entry.id(),
                match,
                entry.scope(),
                only,
                entry.limit(),
                unit,
                period,
                rolling,
                zone,
                mode,
                null,
                null,
                null,
                null));
    }

    /** The counter of a key whose limit is in the smallest part of the key's unit. */
    public static Counter counter(String key, String budget, long limit, Instant endsAt) {
        return counter(key, budget, limit, endsAt, Mode.ENFORCE);
    }

    public static Counter counter(String key, String budget, long limit, Instant endsAt, Mode mode) {
        Unit unit = Unit.ofCounter(key);
        BigDecimal number = BigDecimal.valueOf(limit, unit == Unit.USD ? 9 : 0);
        BudgetEntry entry = new BudgetEntry(
                budget, null, null, null, new Quantity(number), unit, null, null, null, mode, null, null, null, null);
        return new Counter(key, entry, limit, endsAt, List.of());
    }

    /** Several as a policy. */
    public static Budgets compiled(Entries... entries) throws PolicyException {
        return Budgets.of(policy(entries));
    }

    public static BudgetPolicy policy(Entries... entries) {
        return new BudgetPolicy(
                null,
                null,
                null,
                null,
                null,
                List.of(entries).stream().map(Entries::entry).toList());
    }
}
