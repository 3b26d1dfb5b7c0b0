package dev.tollgate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollgate.budget.Ledger.LiveHold;
import dev.tollgate.budget.Standing;
import dev.tollgate.policy.Mode;
import dev.tollgate.value.Unit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One counter as {@code budget show} prints it.
 *
 * @param budget its budget, with the mode where it is not enforced
 * @param subject whose spend it is
 * @param unit of the amounts
 * @param spent settled
 * @param held by calls under way
 * @param free what may still be spent
 * @param limit most that may be spent
 * @param startsAnew when it starts again at nothing
 * @param holds one sentence for each live reservation
 */
record BudgetLine(
        String budget,
        String subject,
        Unit unit,
        long spent,
        long held,
        long free,
        long limit,
        String startsAnew,
        List<String> holds) {
    private static final String FORM = "%-28s %-32s %18s %18s %18s %18s  %s%n";

    static String heading() {
        return FORM.formatted("BUDGET", "WHOSE", "SPENT", "HELD", "FREE", "LIMIT", "STARTS ANEW");
    }

    static BudgetLine of(Standing.Row row, Instant now) {
        Unit unit = row.budget().unit();
        String id = row.budget().id();
        return new BudgetLine(
                row.budget().mode() == Mode.ENFORCE ? id : id + " (observed)",
                row.subject(),
                unit,
                row.spent(),
                row.held(),
                row.free(),
                row.limit(),
                row.startsAnew().equals(Instant.MAX)
                        ? "never"
                        : row.startsAnew().toString(),
                row.holds().stream().map(hold -> hold(unit, hold, now)).toList());
    }

    private static String hold(Unit unit, LiveHold hold, Instant now) {
        return hold(
                unit.show(hold.held().amounts().in(unit)),
                Duration.between(hold.since(), now),
                hold.exchange().value(),
                hold.held().leaseUntil().toString());
    }

    private static String hold(String amount, Duration age, String exchange, String leaseUntil) {
        return amount + " held for " + age.toSeconds() + " s by " + exchange + ", lease until " + leaseUntil;
    }

    /** One of the admin API's rows. */
    static BudgetLine of(JsonNode row, Instant now) {
        Unit unit = Unit.valueOf(row.path("unit").asText().toUpperCase(Locale.ROOT));
        List<String> holds = new ArrayList<>();
        for (JsonNode hold : row.path("holds")) {
            holds.add(hold(
                    unit.show(amount(hold, "amount", unit)),
                    Duration.between(Instant.parse(hold.path("since").asText()), now),
                    hold.path("exchange").asText(),
                    hold.path("lease_until").asText()));
        }
        String budget = row.path("budget").asText();
        return new BudgetLine(
                row.path("mode").asText().equals("enforce") ? budget : budget + " (observed)",
                row.path("subject").asText(),
                unit,
                amount(row, "spent", unit),
                amount(row, "held", unit),
                amount(row, "free", unit),
                amount(row, "limit", unit),
                row.path("ends_at").asText("never"),
                holds);
    }

    private static long amount(JsonNode row, String name, Unit unit) {
        return row.path(unit == Unit.USD ? name + "_nanos" : name).asLong();
    }

    String text() {
        return FORM.formatted(
                budget,
                subject.isEmpty() ? "nobody yet" : subject,
                unit.show(spent),
                unit.show(held),
                unit.show(free),
                unit.show(limit),
                startsAnew);
    }
}
