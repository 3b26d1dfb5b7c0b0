package dev.tollgate;

import dev.tollgate.approval.Edit;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.TicketRecorder;
import dev.tollgate.approval.Vote;
import dev.tollgate.audit.AuditLog;
import dev.tollgate.audit.AuditRecord;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Puts what happens to tickets on the audit log. */
final class TicketRecords implements TicketRecorder {
    private final AuditLog log;
    private final InstantSource clock;
    private final TicketNotices notices;

    /** @param notices told of what is opened */
    TicketRecords(AuditLog log, InstantSource clock, TicketNotices notices) {
        this.log = log;
        this.clock = clock;
        this.notices = notices;
    }

    @Override
    public Future<Void> record(Event event, Ticket ticket) {
        String decidedBy = ticket.decidedBy();
        String note = ticket.note();
        Future<Void> recorded = log.append(new AuditRecord.Administrative(
                clock.instant(),
                "ticket_" + (event == Event.DECIDED ? ticket.state().name() : event.name()).toLowerCase(Locale.ROOT),
                actor(event, ticket),
                ticket.id().value(),
                Map.of(
                        "exchange", ticket.exchange().value(),
                        "rule", ticket.rule(),
                        "state", ticket.state().name().toLowerCase(Locale.ROOT),
                        "decided_by", decidedBy == null ? "" : decidedBy,
                        "note", note == null ? "" : note,
                        "edit_sha256", edit(ticket),
                        "votes", votes(ticket),
                        "companions", String.join(" ", ticket.details().turn().joined()))));
        return event == Event.OPENED ? recorded.onSuccess(done -> notices.opened(ticket)) : recorded;
    }

    private static String actor(Event event, Ticket ticket) {
        List<Vote> votes = ticket.details().votes();
        boolean isByPerson = event == Event.DECIDED || event == Event.VOTED;
        return isByPerson && !votes.isEmpty() ? votes.getLast().by() : "gateway";
    }

    private static String edit(Ticket ticket) {
        Edit edit = ticket.details().edit();
        return edit == null ? "" : edit.sha256();
    }

    private static String votes(Ticket ticket) {
        return ticket.details().votes().stream()
                .map(vote -> (vote.approves() ? "approve:" : "deny:") + vote.by())
                .collect(Collectors.joining(" "));
    }
}
