package dev.tollgate.store.mongo;

import com.mongodb.client.model.Updates;
import dev.tollgate.approval.Ticket;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.TicketId;
import java.util.Date;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Tickets as documents. */
final class TicketDocuments {
    /** The fingerprint while the ticket stands for it; absent afterwards. */
    static final String STANDING = "standing";

    private TicketDocuments() {}

    /** All of a new ticket but {@link #STANDING}, which an upsert takes from its filter. */
    static Document of(Ticket ticket) {
        NanoUsd estimate = ticket.estimate();
        return new Document("_id", ticket.id().value())
                .append("fingerprint", ticket.fingerprint())
                .append("exchange", ticket.exchange().value())
                .append("key", ticket.key())
                .append("agent", ticket.agent())
                .append("team", ticket.team())
                .append("session", ticket.session())
                .append("model", ticket.model())
                .append("rule", ticket.rule())
                .append("reason", ticket.reason())
                .append("summary", ticket.summary())
                .append("estimateNanos", estimate == null ? null : estimate.nanos())
                .append("createdAt", Date.from(ticket.createdAt()))
                .append("deadline", Date.from(ticket.deadline()))
                .append("state", ticket.state().name())
                .append("decidedBy", ticket.decidedBy())
                .append("decidedAt", MongoKeyStore.date(ticket.decidedAt()))
                .append("note", ticket.note());
    }

    /** The update that writes a decision. */
    static Bson decision(Ticket decided) {
        return Updates.combine(
                Updates.set("state", decided.state().name()),
                Updates.set("deadline", Date.from(decided.deadline())),
                Updates.set("decidedBy", decided.decidedBy()),
                Updates.set("decidedAt", MongoKeyStore.date(decided.decidedAt())),
                Updates.set("note", decided.note()));
    }

    static Ticket ticket(Document document) {
        Long nanos = document.getLong("estimateNanos");
        return new Ticket(
                new TicketId(document.getString("_id")),
                document.getString("fingerprint"),
                new ExchangeId(document.getString("exchange")),
                document.getString("key"),
                document.getString("agent"),
                document.getString("team"),
                document.getString("session"),
                document.getString("model"),
                document.getString("rule"),
                document.getString("reason"),
                document.getString("summary"),
                nanos == null ? null : new NanoUsd(nanos),
                document.getDate("createdAt").toInstant(),
                document.getDate("deadline").toInstant(),
                Ticket.State.valueOf(document.getString("state")),
                document.getString("decidedBy"),
                MongoKeyStore.moment(document, "decidedAt"),
                document.getString("note"));
    }
}
