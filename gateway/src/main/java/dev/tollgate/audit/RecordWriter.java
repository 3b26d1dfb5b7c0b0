package dev.tollgate.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a record says as canonical JSON: every member, always in the same order, no blanks, whole numbers (but for scores),
 * moments as ISO 8601 in UTC,
 * maps sorted by name. The members that place it in its chain come later, from {@link Envelope}. Safe on any thread.
 */
final class RecordWriter {
    static final String RECEIVED = "received";
    static final String ENDED = "ended";
    static final String ADMINISTRATIVE = "administrative";

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int USUAL_LENGTH = 1024;

    private RecordWriter() {}

    /**
     * The record's own members as an object whose first member is {@code type}. Characters outside the basic plane, and halves of such, are
     * written as escapes, so that every text comes back as it was.
     */
    static byte[] write(AuditRecord record) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_LENGTH);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            switch (record) {
                case Received received -> received(json, received);
                case Ended ended -> ended(json, ended);
                case Administrative administrative -> administrative(json, administrative);
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void received(JsonGenerator json, Received record) throws IOException {
        json.writeStringField("type", RECEIVED);
        json.writeStringField("exchange", record.exchange().value());
        json.writeStringField("at", record.at().toString());
        json.writeStringField("policy", record.policy());
        json.writeStringField("method", record.method());
        json.writeStringField("endpoint", record.endpoint());
        json.writeStringField("wire", record.wire());
        json.writeStringField("key", record.key());
        json.writeStringField("agent", record.agent());
        json.writeStringField("team", record.team());
        json.writeStringField("session", record.session());
        json.writeStringField("model", record.model());
        strings(json, "targets", record.targets());
        json.writeNumberField("request_bytes", record.requestBytes());
        json.writeStringField("request_sha256", record.requestSha256());
        strings(json, "not_scanned", record.notScanned());
        verdicts(json, record.verdicts());
        reservation(json, record.reservation());
        money(json, "estimate_nanos", record.estimate());
    }

    private static void verdicts(JsonGenerator json, List<Verdict> verdicts) throws IOException {
        json.writeArrayFieldStart("verdicts");
        for (Verdict verdict : verdicts) {
            json.writeStartObject();
            json.writeStringField("stage", verdict.stage());
            json.writeStringField("result", verdict.result());
            json.writeStringField("code", verdict.code());
            strings(json, "rules", verdict.rules());
            json.writeStringField("detail", verdict.detail());
            json.writeNumberField("micros", verdict.micros());
            json.writeNumberField("score", verdict.score());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    static void reservation(JsonGenerator json, @Nullable Reservation held) throws IOException {
        if (held == null) {
            json.writeNullField("reservation");
            return;
        }
        json.writeObjectFieldStart("reservation");
        json.writeNumberField("amount_nanos", held.amount().nanos());
        strings(json, "counters", held.counters());
        json.writeStringField("lease_until", held.leaseUntil().toString());
        json.writeStringField("tightest", held.tightest());
        json.writeNumberField("remaining_nanos", held.remaining().nanos());
        json.writeEndObject();
    }

    private static void ended(JsonGenerator json, Ended record) throws IOException {
        json.writeStringField("type", ENDED);
        json.writeStringField("exchange", record.exchange().value());
        json.writeStringField("at", record.at().toString());
        json.writeStringField("result", record.result());
        json.writeNumberField("status", record.status());
        json.writeStringField("code", record.code());
        json.writeStringField("target", record.target());
        json.writeNumberField("attempts", record.attempts());
        usage(json, record.usage());
        money(json, "cost_nanos", record.cost());
        json.writeNumberField("reply_bytes", record.replyBytes());
        json.writeNumberField("first_byte_micros", record.firstByteMicros());
        json.writeNumberField("duration_micros", record.durationMicros());
    }

    private static void usage(JsonGenerator json, Usage usage) throws IOException {
        json.writeObjectFieldStart("usage");
        json.writeNumberField("input", usage.input());
        json.writeNumberField("cache_read", usage.cacheRead());
        json.writeNumberField("cache_write", usage.cacheWrite());
        json.writeNumberField("cache_write_long", usage.cacheWriteLong());
        json.writeNumberField("output", usage.output());
        json.writeNumberField("reasoning", usage.reasoning());
        json.writeNumberField("audio_input", usage.audioInput());
        json.writeNumberField("audio_output", usage.audioOutput());
        json.writeNumberField("image_input", usage.imageInput());
        json.writeNumberField("image_output", usage.imageOutput());
        money(json, "provider_cost_nanos", usage.providerCost());
        json.writeStringField("source", usage.source().name().toLowerCase(Locale.ROOT));
        json.writeEndObject();
    }

    private static void administrative(JsonGenerator json, Administrative record) throws IOException {
        json.writeStringField("type", ADMINISTRATIVE);
        json.writeStringField("at", record.at().toString());
        json.writeStringField("action", record.action());
        json.writeStringField("actor", record.actor());
        json.writeStringField("subject", record.subject());
        json.writeObjectFieldStart("details");
        for (Map.Entry<String, String> detail : new TreeMap<>(record.details()).entrySet()) {
            json.writeStringField(detail.getKey(), detail.getValue());
        }
        json.writeEndObject();
    }

    private static void strings(JsonGenerator json, String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    private static void money(JsonGenerator json, String name, @Nullable NanoUsd amount) throws IOException {
        if (amount == null) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, amount.nanos());
        }
    }
}
