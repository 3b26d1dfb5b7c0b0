package dev.tollgate.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.TicketWords;
import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.value.TicketId;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A ticket that a call, or a call of a tool in its reply, waited for. The record of the call names it; who decided it, when and why stands on
 * the ticket, as long as that is kept.
 */
record HeldView(Ticket ticket) {
    /** Most tickets that are told of one call. */
    private static final int MOST = 10;

    /** The tickets of a call that are still kept; none where their store does not answer: the record tells who decided all the same. */
    static Future<List<HeldView>> of(Shell shell, ExchangeRow row) {
        List<Future<Optional<Ticket>>> found = new ExchangeView(row)
                .verdicts().stream()
                        .flatMap(verdict -> TicketWords.named(verdict.detail()).stream())
                        .distinct()
                        .limit(MOST)
                        .map(id -> shell.rooms().tickets().find(new TicketId(id)))
                        .toList();
        return Future.all(found)
                .map(all -> {
                    List<HeldView> held = new ArrayList<>();
                    // What a person or a rule is called must not lead to the ticket of another team.
                    found.forEach(one -> one.result()
                            .filter(ticket ->
                                    ticket.team().equals(row.received().team()))
                            .ifPresent(ticket -> held.add(new HeldView(ticket))));
                    return held;
                })
                .otherwise(List.of());
    }

    String address() {
        return "/approvals/" + Format.url(ticket.id().value());
    }

    /** What waited, and what was decided after how long. */
    String words() {
        String tool = ticket.details().wish().tool();
        String what = tool.isEmpty() ? "Held" : "Its call of " + tool + " was held";
        String changed = ticket.details().edit() == null ? "" : "changed and ";
        return switch (ticket.state()) {
            case PENDING -> what + ", and waits for a person";
            case EXPIRED -> what + "; nobody decided in time";
            case DENIED -> what + ", denied by " + by();
            case APPROVED, CONSUMED -> what + ", " + changed + "approved by " + by();
        };
    }

    private String by() {
        Instant at = ticket.decidedAt();
        String by = ticket.decidedBy() == null ? "nobody" : ticket.decidedBy();
        if (at == null) {
            return by;
        }
        Duration waited = Duration.between(ticket.createdAt(), at);
        return by + (waited.toSeconds() == 0 ? " at once" : " after " + Format.length(waited));
    }

    /** The reason that they gave; empty where they gave none. */
    String note() {
        return ticket.note() == null ? "" : ticket.note().strip();
    }

    String tone() {
        return switch (ticket.state()) {
            case APPROVED, CONSUMED -> "good";
            case DENIED, EXPIRED -> "bad";
            case PENDING -> "calm";
        };
    }

    /** The same as JSON. */
    static void put(ObjectNode exchange, List<HeldView> all) {
        ArrayNode array = exchange.putArray("tickets");
        for (HeldView held : all) {
            Ticket ticket = held.ticket;
            ObjectNode node = array.addObject()
                    .put("id", ticket.id().value())
                    .put("rule", ticket.rule())
                    .put("tool", ticket.details().wish().tool())
                    .put("state", Format.word(ticket.state()))
                    .put("created_at", ticket.createdAt().toString())
                    .put("decided_by", ticket.decidedBy());
            Documents.time(node, "decided_at", ticket.decidedAt());
            node.put("note", ticket.note());
        }
    }
}
