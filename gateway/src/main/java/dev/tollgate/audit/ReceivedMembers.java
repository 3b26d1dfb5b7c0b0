package dev.tollgate.audit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.exchange.Labels;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Members of a {@link Received} as they are read, one after the other. */
final class ReceivedMembers {
    private @Nullable ExchangeId exchange;
    private Instant at = Instant.EPOCH;
    private String policy = "";
    private String method = "";
    private String endpoint = "";
    private String wire = "";
    private String key = "";
    private String agent = "";
    private String team = "";
    private String session = "";
    private String model = "";
    private List<String> targets = List.of();
    private long requestBytes;
    private String requestSha256 = "";
    private List<String> notScanned = List.of();
    private List<Verdict> verdicts = List.of();
    private @Nullable Reservation reservation;
    private @Nullable NanoUsd estimate;
    private String user = "";
    private SortedMap<String, String> tags = Labels.NONE.tags();
    private String subAgent = "";
    private String parentAgent = "";
    private int depth;
    private @Nullable PayloadNote payload;

    Received read(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            take(name, parser);
        }
        if (exchange == null) {
            throw new IOException("a received record without an exchange");
        }
        return new Received(
                exchange,
                at,
                policy,
                method,
                endpoint,
                wire,
                key,
                agent,
                team,
                session,
                model,
                targets,
                requestBytes,
                requestSha256,
                notScanned,
                verdicts,
                reservation,
                estimate,
                new Labels(user, tags, subAgent, parentAgent, depth),
                payload);
    }

    private void take(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "exchange" -> exchange = RecordReader.exchange(parser);
            case "at" -> at = Moments.parse(parser.getText());
            case "policy" -> policy = parser.getText();
            case "method" -> method = parser.getText();
            case "endpoint" -> endpoint = parser.getText();
            case "wire" -> wire = parser.getText();
            case "key" -> key = parser.getText();
            case "agent" -> agent = parser.getText();
            case "team" -> team = parser.getText();
            case "session" -> session = parser.getText();
            case "model" -> model = parser.getText();
            case "targets" -> targets = RecordReader.strings(parser);
            case "request_bytes" -> requestBytes = parser.getLongValue();
            case "request_sha256" -> requestSha256 = parser.getText();
            case "not_scanned" -> notScanned = RecordReader.strings(parser);
            case "verdicts" -> verdicts = verdicts(parser);
            case "reservation" -> reservation = reservation(parser);
            case "estimate_nanos" -> estimate = RecordReader.money(parser);
            default -> takeLabel(name, parser);
        }
    }

    private void takeLabel(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "user" -> user = parser.getText();
            case "tags" -> tags = RecordReader.texts(parser);
            case "sub_agent" -> subAgent = parser.getText();
            case "parent_agent" -> parentAgent = parser.getText();
            case "depth" -> depth = parser.getIntValue();
            case "payload" -> payload = RecordReader.payload(parser);
            default -> parser.skipChildren();
        }
    }

    static List<Verdict> verdicts(JsonParser parser) throws IOException {
        List<Verdict> verdicts = new ArrayList<>();
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            verdicts.add(new VerdictMembers().read(parser));
        }
        return List.copyOf(verdicts);
    }

    static @Nullable Reservation reservation(JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_NULL ? null : new ReservationMembers().read(parser);
    }
}
