package dev.tollgate.audit;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Other;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.AuditRecord.Sealed;
import dev.tollgate.exchange.Labels;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.value.NanoUsd;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a record says as canonical JSON: every member, always in the same order, no blanks, whole numbers (but for scores),
 * moments as ISO 8601 in UTC,
 * maps sorted by name, labels only where there are any. The members that place it in its chain come later, from {@link Envelope}. Safe on any thread.
 */
public final class RecordWriter {
    static final String RECEIVED = "received";
    static final String ENDED = "ended";
    static final String ADMINISTRATIVE = "administrative";
    static final String CHECKPOINT = "checkpoint";

    private static final int USUAL_LENGTH = 4096;
    /** What is written grows in the thread's own buffer, and leaves it as bytes of the right length. */
    private static final ThreadLocal<CanonicalJson> JSON =
            ThreadLocal.withInitial(() -> new CanonicalJson(USUAL_LENGTH));

    private RecordWriter() {}

    /** The first member of a record. */
    static String type(AuditRecord record) {
        return switch (record) {
            case Received received -> RECEIVED;
            case Ended ended -> ENDED;
            case Administrative administrative -> ADMINISTRATIVE;
            case Sealed sealed -> CHECKPOINT;
            case Other other -> other.type();
        };
    }

    /** The record's own members as an object whose first member is {@code type}. */
    public static byte[] write(AuditRecord record) {
        CanonicalJson json = JSON.get().restart().beginObject();
        switch (record) {
            case Received received -> received(json, received);
            case Ended ended -> ended(json, ended);
            case Administrative administrative -> administrative(json, administrative);
            case Sealed sealed ->
                json.text("type", CHECKPOINT)
                        .moment("at", sealed.at())
                        .text("key", sealed.key())
                        .text("note", sealed.note());
            case Other other ->
                throw new IllegalArgumentException("a record of type " + other.type() + " is only read");
        }
        return json.endObject().toByteArray();
    }

    private static void received(CanonicalJson json, Received record) {
        json.text("type", RECEIVED)
                .text("exchange", record.exchange().value())
                .moment("at", record.at())
                .text("policy", record.policy())
                .text("method", record.method())
                .text("endpoint", record.endpoint())
                .text("wire", record.wire())
                .text("key", record.key())
                .text("agent", record.agent())
                .text("team", record.team())
                .text("session", record.session())
                .text("model", record.model())
                .texts("targets", record.targets())
                .number("request_bytes", record.requestBytes())
                .text("request_sha256", record.requestSha256())
                .texts("not_scanned", record.notScanned());
        VerdictWriter.write(json, record.verdicts());
        reservation(json, record.reservation());
        money(json, "estimate_nanos", record.estimate());
        labels(json, record.labels());
        payload(json, record.payload());
    }

    /** Only what is said: most calls carry no label. */
    private static void labels(CanonicalJson json, Labels labels) {
        if (!labels.user().isEmpty()) {
            json.text("user", labels.user());
        }
        if (!labels.tags().isEmpty()) {
            json.beginObject("tags");
            labels.tags().forEach(json::text);
            json.endObject();
        }
        if (!labels.subAgent().isEmpty()) {
            json.text("sub_agent", labels.subAgent());
            if (!labels.parent().isEmpty()) {
                json.text("parent_agent", labels.parent());
            }
            json.number("depth", labels.depth());
        }
    }

    static void reservation(CanonicalJson json, @Nullable Reservation held) {
        if (held == null) {
            json.nothing("reservation");
            return;
        }
        json.beginObject("reservation")
                .number("amount_nanos", held.amounts().nanos())
                .number("tokens", held.amounts().tokens())
                .number("requests", held.amounts().requests())
                .texts("counters", held.counters());
        bound(json, held.bound());
        json.moment("lease_until", held.leaseUntil())
                .text("tightest", held.tightest())
                .text("unit", held.unit().name().toLowerCase(Locale.ROOT));
        left(json, "remaining_nanos", held.left().nanos());
        left(json, "remaining_tokens", held.left().tokens());
        left(json, "remaining_requests", held.left().requests());
        json.endObject();
    }

    /** A member that most holds do not have, and then leave out. */
    private static void bound(CanonicalJson json, Map<String, Set<String>> bound) {
        if (!bound.isEmpty()) {
            json.beginObject("bound");
            new TreeMap<>(bound)
                    .forEach((counter, targets) ->
                            json.texts(counter, targets.stream().sorted().toList()));
            json.endObject();
        }
    }

    private static void left(CanonicalJson json, String name, long amount) {
        if (amount != Reservation.UNLIMITED) {
            json.number(name, amount);
        }
    }

    private static void ended(CanonicalJson json, Ended record) {
        json.text("type", ENDED)
                .text("exchange", record.exchange().value())
                .moment("at", record.at())
                .text("result", record.result())
                .number("status", record.status())
                .text("code", record.code())
                .text("target", record.target())
                .number("attempts", record.attempts());
        UsageWriter.write(json, record.usage());
        money(json, "cost_nanos", record.cost());
        json.number("reply_bytes", record.replyBytes())
                .number("first_byte_micros", record.firstByteMicros())
                .number("duration_micros", record.durationMicros());
        if (record.savedNanos() != 0) {
            json.number("saved_nanos", record.savedNanos());
        }
        lost(json, record.lost());
        if (!record.verdicts().isEmpty()) {
            VerdictWriter.write(json, record.verdicts());
        }
        payload(json, record.payload());
    }

    private static void lost(CanonicalJson json, List<LostAttempt> attempts) {
        if (attempts.isEmpty()) {
            return;
        }
        json.beginArray("lost");
        for (LostAttempt attempt : attempts) {
            json.beginObject().text("target", attempt.target()).number("input_tokens", attempt.inputTokens());
            money(json, "cost_nanos", attempt.cost());
            json.endObject();
        }
        json.endArray();
    }

    /** Only where there is one. */
    private static void payload(CanonicalJson json, @Nullable PayloadNote note) {
        if (note == null) {
            return;
        }
        json.beginObject("payload").text("level", note.level());
        if (note.missing().isEmpty()) {
            json.text("commitment", note.commitment()).number("bytes", note.bytes());
        } else {
            json.text("missing", note.missing());
        }
        json.endObject();
    }

    private static void administrative(CanonicalJson json, Administrative record) {
        json.text("type", ADMINISTRATIVE)
                .moment("at", record.at())
                .text("action", record.action())
                .text("actor", record.actor())
                .text("subject", record.subject())
                .beginObject("details");
        new TreeMap<>(record.details()).forEach(json::text);
        json.endObject();
    }

    static void money(CanonicalJson json, String name, @Nullable NanoUsd amount) {
        if (amount == null) {
            json.nothing(name);
        } else {
            json.number(name, amount.nanos());
        }
    }
}
