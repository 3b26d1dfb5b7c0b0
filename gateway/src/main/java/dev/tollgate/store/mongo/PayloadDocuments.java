package dev.tollgate.store.mongo;

import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.PayloadShelf.Erased;
import dev.tollgate.audit.payload.PayloadShelf.Row;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import java.time.Instant;
import org.bson.Document;
import org.bson.types.Binary;

/** Payloads and words of their erasure as documents, and back. */
final class PayloadDocuments {
    private PayloadDocuments() {}

    static String id(String exchange, Part part) {
        return exchange + "/" + part.id();
    }

    static Document document(Row row) {
        return new Document("_id", id(row.exchange(), row.part()))
                .append("exchange", row.exchange())
                .append("part", row.part().code())
                .append("nanos", row.nanos())
                .append("team", row.team())
                .append("agent", row.agent())
                .append("session", row.session())
                .append("user", row.user())
                .append("b", new Binary(row.sealed()));
    }

    static Row row(Document document) {
        return new Row(
                document.getString("exchange"),
                Part.of(document.getInteger("part", 0)),
                AuditDocuments.number(document, "nanos"),
                document.getString("team"),
                document.getString("agent"),
                document.getString("session"),
                document.getString("user"),
                document.get("b", Binary.class).getData());
    }

    static String field(Subject.Kind kind) {
        return switch (kind) {
            case ALL -> "_id";
            case TEAM -> "team";
            case SESSION -> "session";
            case USER -> "user";
            case AGENT -> "agent";
            case EXCHANGE -> "exchange";
        };
    }

    static Erased word(Document found) {
        return new Erased(
                found.getString("_id"),
                Instant.parse(found.getString("at")),
                found.getString("by"),
                found.getString("reason"));
    }

    static Document document(Erased word) {
        return new Document("_id", word.exchange())
                .append("at", word.at().toString())
                .append("by", word.by())
                .append("reason", word.reason());
    }
}
