package dev.tollgate.audit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Members of an {@link Ended} as they are read, one after the other. */
final class EndedMembers {
    private @Nullable ExchangeId exchange;
    private Instant at = Instant.EPOCH;
    private String result = "";
    private int status;
    private String code = "";
    private String target = "";
    private int attempts;
    private Usage usage = Usage.NONE;
    private @Nullable NanoUsd cost;
    private long replyBytes;
    private long firstByteMicros;
    private long durationMicros;
    private long savedNanos;
    private @Nullable PayloadNote payload;
    private final List<LostAttempt> lost = new ArrayList<>();
    private List<Verdict> verdicts = List.of();

    Ended read(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            take(name, parser);
        }
        if (exchange == null) {
            throw new IOException("an ended record without an exchange");
        }
        return new Ended(
                exchange,
                at,
                result,
                status,
                code,
                target,
                attempts,
                usage,
                cost,
                replyBytes,
                firstByteMicros,
                durationMicros,
                savedNanos,
                payload,
                lost,
                verdicts);
    }

    private void take(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "exchange" -> exchange = RecordReader.exchange(parser);
            case "at" -> at = Moments.parse(parser.getText());
            case "result" -> result = parser.getText();
            case "status" -> status = parser.getIntValue();
            case "code" -> code = parser.getText();
            case "target" -> target = parser.getText();
            case "attempts" -> attempts = parser.getIntValue();
            case "usage" -> usage = UsageMembers.read(parser);
            case "cost_nanos" -> cost = RecordReader.money(parser);
            case "reply_bytes" -> replyBytes = parser.getLongValue();
            case "first_byte_micros" -> firstByteMicros = parser.getLongValue();
            case "duration_micros" -> durationMicros = parser.getLongValue();
            case "saved_nanos" -> savedNanos = parser.getLongValue();
            case "lost" -> lost(parser);
            case "verdicts" -> verdicts = ReceivedMembers.verdicts(parser);
            case "payload" -> payload = RecordReader.payload(parser);
            default -> parser.skipChildren();
        }
    }

    private void lost(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            String to = "";
            long tokens = 0;
            NanoUsd billed = null;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "target" -> to = parser.getText();
                    case "input_tokens" -> tokens = parser.getLongValue();
                    case "cost_nanos" -> billed = RecordReader.money(parser);
                    default -> parser.skipChildren();
                }
            }
            lost.add(new LostAttempt(to, tokens, billed));
        }
    }
}
