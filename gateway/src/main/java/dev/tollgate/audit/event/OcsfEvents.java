package dev.tollgate.audit.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tollgate.audit.AuditRecord;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Other;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.AuditRecord.Sealed;
import dev.tollgate.audit.Head;
import dev.tollgate.audit.JournalEntry;
import dev.tollgate.exchange.Verdict;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Events of the Open Cybersecurity Schema Framework 1.3. A call is two API Activities (6003) that share {@code metadata.correlation_uid}: one
 * when it was decided on, one when it ended. Signing in and out is Authentication (3002), a start of the gateway Application Lifecycle (6002),
 * and what else people and the gateway do Entity Management (3004). What the schema has no place for stands in {@code unmapped}.
 */
final class OcsfEvents implements EventFormat {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String VERSION = "1.3.0";
    private static final String PRODUCT = "tollgate";
    /** Callers remembered until their calls end; of those forgotten, and after a restart, the end names the gateway alone. */
    private static final int MAX_CALLERS = 50_000;

    private static final int INFORMATIONAL = 1;
    private static final int MEDIUM = 3;
    private static final int SUCCESS = 1;
    private static final int FAILURE = 2;

    private final Map<String, Received> callers = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Received> eldest) {
            return size() > MAX_CALLERS;
        }
    };

    @Override
    public String batchType() {
        return "application/json";
    }

    @Override
    public String write(JournalEntry entry) throws IOException {
        AuditRecord record = entry.record();
        StringWriter text = new StringWriter(1024);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            switch (record) {
                case Received received -> received(json, entry, received);
                case Ended ended -> ended(json, entry, ended);
                case Administrative said -> administrative(json, entry, said);
                case Sealed checkpoint ->
                    administrative(json, entry, own(checkpoint.at(), "audit_sealed", checkpoint.key()));
                case Other other -> administrative(json, entry, own(other.at(), other.type(), ""));
            }
            json.writeEndObject();
        }
        return text.toString();
    }

    /** What the gateway tells of itself with a record of another type, in the words of an administrative one. */
    private static Administrative own(Instant at, String action, String subject) {
        return new Administrative(at, action, "gateway", subject, Map.of());
    }

    private void received(JsonGenerator json, JournalEntry entry, Received record) throws IOException {
        String exchange = record.exchange().value();
        Optional<Verdict> refusal = record.verdicts().stream()
                .filter(verdict ->
                        verdict.result().equals("deny") || verdict.result().equals("failed"))
                .findFirst();
        head(json, entry, OcsfKind.CALL, record.at(), refusal.isPresent() ? MEDIUM : INFORMATIONAL, exchange);
        json.writeNumberField("status_id", refusal.isPresent() ? FAILURE : SUCCESS);
        if (refusal.isPresent()) {
            json.writeStringField("status_code", refusal.get().code());
            some(json, "status_detail", refusal.get().detail());
        }
        actor(json, record);
        api(json, record, exchange, null);
        json.writeObjectFieldStart("http_request");
        json.writeStringField("http_method", record.method());
        json.writeNumberField("length", record.requestBytes());
        json.writeEndObject();
        unmapped(json, entry);
        callers.put(exchange, record);
    }

    private void ended(JsonGenerator json, JournalEntry entry, Ended record) throws IOException {
        String exchange = record.exchange().value();
        Received began = callers.remove(exchange);
        boolean done = record.result().equals("completed");
        boolean denied = record.result().equals("denied");
        head(json, entry, OcsfKind.CALL_END, record.at(), denied ? MEDIUM : INFORMATIONAL, exchange);
        json.writeStringField("activity_name", "End");
        json.writeNumberField("status_id", done ? SUCCESS : FAILURE);
        json.writeStringField("status_code", record.code().isEmpty() ? record.result() : record.code());
        json.writeStringField("status_detail", record.result());
        actor(json, began);
        api(json, began, exchange, record);
        json.writeNumberField("duration", record.durationMicros() / 1000);
        unmapped(json, entry);
    }

    private static void administrative(JsonGenerator json, JournalEntry entry, Administrative record)
            throws IOException {
        OcsfKind kind = OcsfKind.of(record.action());
        boolean refused =
                record.action().endsWith("_refused") || record.action().endsWith("_failed");
        head(json, entry, kind, record.at(), refused ? MEDIUM : INFORMATIONAL, record.subject());
        json.writeNumberField("status_id", refused ? FAILURE : SUCCESS);
        json.writeStringField("status_code", record.action());
        switch (kind) {
            case START -> {
                json.writeObjectFieldStart("app");
                json.writeStringField("name", PRODUCT);
                json.writeStringField("vendor_name", PRODUCT);
                json.writeEndObject();
            }
            case LOGON, LOGOFF -> {
                user(json, record.actor());
                json.writeObjectFieldStart("service");
                json.writeStringField("name", "tollgate console");
                json.writeEndObject();
                endpoint(json, "src_endpoint", record.details().getOrDefault("address", "unknown"));
            }
            default -> {
                json.writeObjectFieldStart("actor");
                user(json, record.actor());
                json.writeEndObject();
                json.writeObjectFieldStart("entity");
                json.writeStringField("name", record.subject().isEmpty() ? record.action() : record.subject());
                json.writeStringField("type", record.action());
                json.writeEndObject();
                some(json, "comment", record.details().getOrDefault("note", ""));
            }
        }
        json.writeObjectFieldStart("unmapped");
        json.writeStringField("action", record.action());
        for (Map.Entry<String, String> fact : new TreeMap<>(record.details()).entrySet()) {
            json.writeStringField(fact.getKey(), fact.getValue());
        }
        json.writeEndObject();
    }

    private static void head(
            JsonGenerator json, JournalEntry entry, OcsfKind kind, Instant at, int severity, String correlation)
            throws IOException {
        json.writeNumberField("category_uid", kind.category());
        json.writeNumberField("class_uid", kind.uid());
        json.writeNumberField("activity_id", kind.activity());
        json.writeNumberField("type_uid", kind.uid() * 100L + kind.activity());
        json.writeStringField("type_name", kind.typeName());
        json.writeNumberField("severity_id", severity);
        json.writeNumberField("time", at.toEpochMilli());
        json.writeObjectFieldStart("metadata");
        json.writeStringField("version", VERSION);
        if (kind.namesActor()) {
            json.writeArrayFieldStart("profiles");
            json.writeString("host");
            json.writeEndArray();
        }
        json.writeStringField("uid", entry.chain() + "/" + entry.sequence());
        json.writeStringField("correlation_uid", correlation);
        json.writeStringField("event_code", entry.type());
        json.writeStringField("log_name", Head.of(entry).node());
        json.writeNumberField("sequence", entry.sequence());
        json.writeStringField("original_time", at.toString());
        json.writeObjectFieldStart("product");
        json.writeStringField("name", PRODUCT);
        json.writeStringField("vendor_name", PRODUCT);
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void actor(JsonGenerator json, @Nullable Received caller) throws IOException {
        json.writeObjectFieldStart("actor");
        if (caller == null || caller.agent().isEmpty()) {
            json.writeStringField("app_name", caller == null ? PRODUCT : "unknown");
        } else {
            json.writeStringField("app_name", caller.agent());
            user(json, caller);
        }
        if (caller != null && !caller.session().isEmpty()) {
            json.writeObjectFieldStart("session");
            json.writeStringField("uid", caller.session());
            json.writeEndObject();
        }
        json.writeEndObject();
        // Where a call comes from is not on the record; who makes it is.
        endpoint(json, "src_endpoint", caller == null || caller.agent().isEmpty() ? "unknown" : caller.agent());
    }

    private static void user(JsonGenerator json, Received caller) throws IOException {
        json.writeObjectFieldStart("user");
        json.writeStringField(
                "name",
                caller.labels().user().isEmpty()
                        ? caller.agent()
                        : caller.labels().user());
        json.writeStringField("credential_uid", caller.key());
        json.writeArrayFieldStart("groups");
        json.writeStartObject();
        json.writeStringField("name", caller.team());
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void user(JsonGenerator json, String name) throws IOException {
        json.writeObjectFieldStart("user");
        json.writeStringField("name", name);
        json.writeEndObject();
    }

    private static void endpoint(JsonGenerator json, String field, String name) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeStringField("name", name);
        json.writeEndObject();
    }

    private static void api(JsonGenerator json, @Nullable Received began, String exchange, @Nullable Ended ended)
            throws IOException {
        json.writeObjectFieldStart("api");
        json.writeStringField("operation", began == null ? "unknown" : began.method() + " " + began.endpoint());
        json.writeObjectFieldStart("request");
        json.writeStringField("uid", exchange);
        json.writeEndObject();
        if (ended != null) {
            json.writeObjectFieldStart("response");
            json.writeNumberField("code", ended.status());
            some(json, "error", ended.code());
            json.writeEndObject();
            if (!ended.target().isEmpty()) {
                json.writeObjectFieldStart("service");
                json.writeStringField("name", ended.target());
                json.writeEndObject();
            }
        }
        json.writeEndObject();
    }

    private static void unmapped(JsonGenerator json, JournalEntry entry) throws IOException {
        json.writeObjectFieldStart("unmapped");
        json.writeFieldName("record");
        json.writeRawValue(new String(entry.json(), UTF_8));
        json.writeEndObject();
    }

    private static void some(JsonGenerator json, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStringField(name, value);
        }
    }
}
