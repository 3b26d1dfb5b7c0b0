package dev.tollgate.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollgate.budget.Ledger.LiveHold;
import dev.tollgate.budget.Standing;
import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Unit;
import java.time.Instant;
import java.util.Locale;

/** Where budgets stand, as JSON. Amounts of money are told as {@code …_nanos} and {@code …_usd}, of tokens and requests as plain numbers. */
final class BudgetDocument {
    private BudgetDocument() {}

    static byte[] of(BudgetBoard.View view) {
        ObjectNode document = Documents.object();
        document.put("at", view.now().toString()).put("complete", view.isWhole());
        ArrayNode rows = document.putArray("budgets");
        view.rows().forEach(row -> rows.add(row(row)));
        return Documents.bytes(document);
    }

    private static ObjectNode row(Standing.Row row) {
        BudgetEntry budget = row.budget();
        ObjectNode document = Documents.object()
                .put("budget", budget.id())
                .put("subject", row.subject())
                .put("unit", budget.unit().name().toLowerCase(Locale.ROOT))
                .put("mode", Format.word(budget.mode()))
                .put("period", Format.period(budget));
        amount(document, "limit", budget.unit(), row.limit());
        amount(document, "spent", budget.unit(), row.spent());
        amount(document, "held", budget.unit(), row.held());
        amount(document, "free", budget.unit(), row.free());
        Documents.time(document, "ends_at", row.startsAnew().equals(Instant.MAX) ? null : row.startsAnew());
        ArrayNode holds = document.putArray("holds");
        row.holds().forEach(hold -> holds.add(hold(budget.unit(), hold)));
        return document;
    }

    private static ObjectNode hold(Unit unit, LiveHold hold) {
        ObjectNode document = Documents.object().put("exchange", hold.exchange().value());
        amount(document, "amount", unit, hold.held().amounts().in(unit));
        Documents.time(document, "since", hold.since());
        Documents.time(document, "lease_until", hold.held().leaseUntil());
        return document;
    }

    private static void amount(ObjectNode document, String name, Unit unit, long amount) {
        if (unit == Unit.USD) {
            Documents.money(document, name, new NanoUsd(amount));
        } else {
            document.put(name, amount);
        }
    }
}
