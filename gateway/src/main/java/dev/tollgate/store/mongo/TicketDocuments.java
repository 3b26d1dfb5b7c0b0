package dev.tollgate.store.mongo;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.TicketText;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.TicketId;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Tickets as documents. */
final class TicketDocuments {
    /** The fingerprint while the ticket stands for it; absent afterwards. */
    static final String STANDING = "standing";

    /** What the same call has in common in all sessions of its key. */
    static final String ANY_SESSION = "anySession";

    /** What the calls of a turn have in common; absent where it is for one call alone. */
    static final String TURN = "turn";

    private static final String DETAILS = "details";

    private TicketDocuments() {}

    /** All of a new ticket but {@link #STANDING}, which an upsert takes from its filter. */
    static Document of(Ticket ticket) {
        NanoUsd estimate = ticket.estimate();
        String turn = ticket.details().turn().digest();
        Document document = new Document("_id", ticket.id().value())
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
                .append("note", ticket.note())
                .append(ANY_SESSION, ticket.details().anySession())
                .append(DETAILS, TicketText.write(ticket.details()));
        return turn.isEmpty() ? document : document.append(TURN, turn);
    }

    /** The update that writes what a change may change. */
    static Bson change(Ticket changed) {
        return Updates.combine(Updates.set(DETAILS, TicketText.write(changed.details())), stand(changed));
    }

    /** The update that writes how a ticket stands, and leaves its details alone. */
    static Bson stand(Ticket changed) {
        List<Bson> updates = new ArrayList<>(List.of(
                Updates.set("state", changed.state().name()),
                Updates.set("deadline", Date.from(changed.deadline())),
                Updates.set("decidedBy", changed.decidedBy()),
                Updates.set("decidedAt", MongoKeyStore.date(changed.decidedAt())),
                Updates.set("note", changed.note())));
        if (changed.state() == State.CONSUMED) {
            updates.add(Updates.unset(STANDING));
        }
        return Updates.combine(updates);
    }

    /** Finds a ticket as long as nobody has changed it. */
    static Bson unchanged(Ticket ticket, Document document) {
        return Filters.and(
                Filters.eq("_id", ticket.id().value()),
                Filters.eq("state", ticket.state().name()),
                Filters.eq("deadline", Date.from(ticket.deadline())),
                Filters.eq(DETAILS, document.get(DETAILS)));
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
                document.getString("note"),
                TicketText.details(document.getString(DETAILS)));
    }
}
