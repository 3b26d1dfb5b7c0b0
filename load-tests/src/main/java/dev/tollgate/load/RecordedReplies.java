package dev.tollgate.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.wire.AwsMessageReader;
import dev.tollgate.wire.JsonArrayReader;
import dev.tollgate.wire.ReplyMeter;
import dev.tollgate.wire.SseReader;
import dev.tollgate.wire.StreamReader;
import dev.tollgate.wire.Wire;
import dev.tollgate.wire.Wires;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Recorded exchanges, one to a line of a gzipped file, and what the meters of their wires read from them. */
final class RecordedReplies {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int MAX_EVENT_BYTES = 8 << 20;

    private final Wires wires = new Wires();

    /** The rows of a file. */
    static List<JsonNode> rows(Path file) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rows.add(MAPPER.readTree(line));
            }
        }
        return rows;
    }

    static boolean isStream(JsonNode row) {
        return row.path("response_headers").path("content-type").asText().startsWith("text/event-stream");
    }

    /**
     * The meter of a row's wire, once it has seen the reply.
     *
     * @param chunkSize bytes in which a stream comes
     */
    ReplyMeter meter(JsonNode row, int chunkSize) {
        String path = path(row);
        Wire wire = wires.forPath(row.path("method").asText(), path);
        ReplyMeter meter = wire.meter(facts(row, wire, path));
        byte[] body = body(row, "response_body");
        StreamReader reader = reader(row, body);
        if (reader == null) {
            meter.onBody(body);
        } else {
            feed(body, chunkSize, reader, meter);
        }
        return meter;
    }

    /** What a row's request sends. */
    Content content(JsonNode row) {
        String path = path(row);
        Wire wire = wires.forPath(row.path("method").asText(), path);
        byte[] body = body(row.path("request"), "body");
        return new Content(body, "", "", json(body), facts(row, wire, path));
    }

    private static String path(JsonNode row) {
        return row.path("path").asText().replaceFirst("^/(v\\d\\w*/)?", "").replaceFirst("\\?.*", "");
    }

    private static Facts facts(JsonNode row, Wire wire, String path) {
        byte[] body = body(row.path("request"), "body");
        String type = row.path("request").path("headers").path("content-type").asText();
        return wire.read(new Wire.Request(
                row.path("method").asText(), path, body, type.replaceFirst(";.*", ""), type, json(body)));
    }

    private static Json.@Nullable Obj json(byte[] body) {
        try {
            return JsonReader.readObject(body);
        } catch (JsonReader.JsonRefused refused) {
            return null;
        }
    }

    /** What cuts the reply; null for one that is no stream. */
    private static @Nullable StreamReader reader(JsonNode row, byte[] body) {
        if (isStream(row)) {
            return new SseReader(MAX_EVENT_BYTES);
        }
        String path = row.path("path").asText();
        // Some recordings hide the media type; no document begins with a zero.
        if ((path.endsWith("/converse-stream") || path.endsWith("-with-response-stream")) && body[0] == 0) {
            return new AwsMessageReader(MAX_EVENT_BYTES);
        }
        boolean isArray = path.contains(":streamGenerateContent") && body.length > 0;
        return isArray && body[0] == '[' ? new JsonArrayReader(MAX_EVENT_BYTES) : null;
    }

    private static void feed(byte[] body, int chunkSize, StreamReader reader, ReplyMeter meter) {
        StreamReader.Sink sink = new StreamReader.Sink() {
            @Override
            public void event(byte[] raw, @Nullable String name, byte @Nullable [] data) {
                if (data != null) {
                    var unused = meter.onEvent(name, data);
                }
            }

            @Override
            public void piece(byte[] raw) {}
        };
        for (int at = 0; at < body.length; at += chunkSize) {
            reader.feed(body, at, Math.min(chunkSize, body.length - at), sink);
        }
        reader.finish(sink);
    }

    private static byte[] body(JsonNode holder, String name) {
        return holder.has(name + "_base64")
                ? Base64.getDecoder().decode(holder.path(name + "_base64").asText())
                : holder.path(name).asText().getBytes(StandardCharsets.UTF_8);
    }
}
