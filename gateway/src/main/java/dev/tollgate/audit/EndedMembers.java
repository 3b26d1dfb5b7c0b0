package dev.tollgate.audit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
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
                durationMicros);
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
            case "usage" -> usage = usage(parser);
            case "cost_nanos" -> cost = RecordReader.money(parser);
            case "reply_bytes" -> replyBytes = parser.getLongValue();
            case "first_byte_micros" -> firstByteMicros = parser.getLongValue();
            case "duration_micros" -> durationMicros = parser.getLongValue();
            default -> parser.skipChildren();
        }
    }

    private static Usage usage(JsonParser parser) throws IOException {
        TokenMembers tokens = new TokenMembers();
        NanoUsd providerCost = null;
        Usage.Source source = Usage.Source.NONE;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "provider_cost_nanos" -> providerCost = RecordReader.money(parser);
                case "source" -> source = Usage.Source.valueOf(parser.getText().toUpperCase(Locale.ROOT));
                default -> tokens.take(name, parser);
            }
        }
        return tokens.usage(providerCost, source);
    }

    private static final class TokenMembers {
        private long input;
        private long cacheRead;
        private long cacheWrite;
        private long cacheWriteLong;
        private long output;
        private long reasoning;
        private long audioInput;
        private long audioOutput;
        private long imageInput;
        private long imageOutput;

        void take(String name, JsonParser parser) throws IOException {
            switch (name) {
                case "input" -> input = parser.getLongValue();
                case "cache_read" -> cacheRead = parser.getLongValue();
                case "cache_write" -> cacheWrite = parser.getLongValue();
                case "cache_write_long" -> cacheWriteLong = parser.getLongValue();
                case "output" -> output = parser.getLongValue();
                case "reasoning" -> reasoning = parser.getLongValue();
                case "audio_input" -> audioInput = parser.getLongValue();
                case "audio_output" -> audioOutput = parser.getLongValue();
                case "image_input" -> imageInput = parser.getLongValue();
                case "image_output" -> imageOutput = parser.getLongValue();
                default -> parser.skipChildren();
            }
        }

        Usage usage(@Nullable NanoUsd providerCost, Usage.Source source) {
            return new Usage(
                    input,
                    cacheRead,
                    cacheWrite,
                    cacheWriteLong,
                    output,
                    reasoning,
                    audioInput,
                    audioOutput,
                    imageInput,
                    imageOutput,
                    providerCost,
                    source);
        }
    }
}
