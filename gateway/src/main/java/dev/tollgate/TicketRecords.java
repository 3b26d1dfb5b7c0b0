package dev.tollgate;

import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.TicketRecorder;
import dev.tollgate.audit.AuditLog;
import dev.tollgate.audit.AuditRecord;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;

/** Puts what happens to tickets on the audit log. */
final class TicketRecords implements TicketRecorder {
    private final AuditLog log;
    private final InstantSource clock;

    TicketRecords(AuditLog log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    @Override
    public Future<Void> record(Event event, Ticket ticket) {
        String decidedBy = ticket.decidedBy();
        String note = ticket.note();
        return log.append(new AuditRecord.Administrative(
                clock.instant(),
                "ticket_" + (event == Event.DECIDED ? ticket.state().name() : event.name()).toLowerCase(Locale.ROOT),
                event == Event.DECIDED && decidedBy != null ? decidedBy : "gateway",
                ticket.id().value(),
                Map.of(
                        "exchange", ticket.exchange().value(),
                        "rule", ticket.rule(),
                        "state", ticket.state().name().toLowerCase(Locale.ROOT),
                        "decided_by", decidedBy == null ? "" : decidedBy,
                        "note", note == null ? "" : note)));
    }
}
