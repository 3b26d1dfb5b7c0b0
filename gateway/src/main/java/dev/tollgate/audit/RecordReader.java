package dev.tollgate.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Other;
import dev.tollgate.audit.AuditRecord.Sealed;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads back what {@link RecordWriter} wrote. Members it does not know are passed over, missing ones are empty, and of a type it does not know it
 * tells only that, so that records of older and newer versions can be read. Safe on any thread.
 */
public final class RecordReader {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private RecordReader() {}

    /**
     * Reads one record, with or without the members that place it in its chain.
     *
     * @throws IOException if the bytes are no record
     */
    public static AuditRecord read(byte[] json) throws IOException {
        try (JsonParser parser = FACTORY.createParser(json)) {
            parser.nextToken();
            // The members that place the record in its chain come first and mean nothing here.
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean type = parser.currentName().equals("type");
                parser.nextToken();
                if (type) {
                    return body(parser, parser.getText());
                }
                parser.skipChildren();
            }
            throw new IOException("a record without a type");
        } catch (IllegalArgumentException | DateTimeException malformed) {
            throw new IOException("a malformed record: " + malformed.getMessage(), malformed);
        }
    }

    private static AuditRecord body(JsonParser parser, String type) throws IOException {
        return switch (type) {
            case RecordWriter.RECEIVED -> new ReceivedMembers().read(parser);
            case RecordWriter.ENDED -> new EndedMembers().read(parser);
            case RecordWriter.ADMINISTRATIVE -> administrative(parser);
            case RecordWriter.CHECKPOINT -> sealed(parser);
            default -> other(parser, type);
        };
    }

    private static Sealed sealed(JsonParser parser) throws IOException {
        Instant at = Instant.EPOCH;
        String key = "";
        String note = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "at" -> at = Moments.parse(parser.getText());
                case "key" -> key = parser.getText();
                case "note" -> note = parser.getText();
                default -> parser.skipChildren();
            }
        }
        return new Sealed(at, key, note);
    }

    private static Other other(JsonParser parser, String type) throws IOException {
        Instant at = Instant.EPOCH;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean isMoment = parser.currentName().equals("at");
            if (parser.nextToken() == JsonToken.VALUE_STRING && isMoment) {
                at = Moments.parse(parser.getText());
            } else {
                parser.skipChildren();
            }
        }
        return new Other(at, type);
    }

    private static Administrative administrative(JsonParser parser) throws IOException {
        Instant at = Instant.EPOCH;
        String action = "";
        String actor = "";
        String subject = "";
        Map<String, String> details = Map.of();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "at" -> at = Moments.parse(parser.getText());
                case "action" -> action = parser.getText();
                case "actor" -> actor = parser.getText();
                case "subject" -> subject = parser.getText();
                case "details" -> details = texts(parser);
                default -> parser.skipChildren();
            }
        }
        return new Administrative(at, action, actor, subject, details);
    }

    static SortedMap<String, String> texts(JsonParser parser) throws IOException {
        SortedMap<String, String> texts = new TreeMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            texts.put(name, parser.getText());
        }
        return texts;
    }

    static List<String> strings(JsonParser parser) throws IOException {
        List<String> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            values.add(parser.getText());
        }
        return List.copyOf(values);
    }

    static @Nullable NanoUsd money(JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_NULL ? null : new NanoUsd(parser.getLongValue());
    }

    static PayloadNote payload(JsonParser parser) throws IOException {
        String level = "";
        String commitment = "";
        long bytes = 0;
        String missing = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "level" -> level = parser.getText();
                case "commitment" -> commitment = parser.getText();
                case "bytes" -> bytes = parser.getLongValue();
                case "missing" -> missing = parser.getText();
                default -> parser.skipChildren();
            }
        }
        return new PayloadNote(level, commitment, bytes, missing);
    }

    static ExchangeId exchange(JsonParser parser) throws IOException {
        return new ExchangeId(parser.getText());
    }
}
