package dev.tollgate.audit.payload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tollgate.policy.PayloadPolicy.Capture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a stored payload is put together again: the JSON document that a {@link PayloadShelf.Row} holds, sealed.
 *
 * @param level at which it was taken
 * @param salt of its commitment
 * @param bytes how many bytes are kept
 * @param total how many there were
 * @param masked how many placeholders were put in for the keeping
 * @param isAssembled whether it is what the bytes said instead of the bytes
 * @param head what stood around it
 * @param refs pieces and lists of pieces that together are the payload
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Manifest(
        Capture level,
        byte[] salt,
        long bytes,
        long total,
        int masked,
        boolean isAssembled,
        Head head,
        List<Ref> refs) {
    private static final JsonMapper MAPPER =
            JsonMapper.builder(new JsonFactory()).build();

    /**
     * A piece, or all pieces of a list.
     *
     * @param isList whether {@code id} names the last node of a list
     */
    record Ref(boolean isList, PieceId id) {}

    byte[] write() throws IOException {
        ByteArrayOutputStream bytesOut = new ByteArrayOutputStream(512);
        try (JsonGenerator json = MAPPER.createGenerator(bytesOut)) {
            json.writeStartObject();
            json.writeStringField("level", level.name().toLowerCase(Locale.ROOT));
            json.writeStringField("salt", Base64.getEncoder().encodeToString(salt));
            json.writeNumberField("bytes", bytes);
            if (total != bytes) {
                json.writeNumberField("total", total);
            }
            if (masked != 0) {
                json.writeNumberField("masked", masked);
            }
            if (isAssembled) {
                json.writeBooleanField("assembled", true);
            }
            head(json);
            json.writeArrayFieldStart("refs");
            for (Ref ref : refs) {
                json.writeString((ref.isList ? "n" : "p") + ref.id);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return bytesOut.toByteArray();
    }

    private void head(JsonGenerator json) throws IOException {
        text(json, "method", head.method());
        text(json, "provider", head.provider());
        text(json, "path", head.path());
        text(json, "query", head.query());
        text(json, "wire", head.wire());
        if (head.status() != 0) {
            json.writeNumberField("status", head.status());
        }
        if (!head.headers().isEmpty()) {
            json.writeObjectFieldStart("headers");
            for (Map.Entry<String, String> field : new TreeMap<>(head.headers()).entrySet()) {
                json.writeStringField(field.getKey(), field.getValue());
            }
            json.writeEndObject();
        }
    }

    private static void text(JsonGenerator json, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStringField(name, value);
        }
    }

    static Manifest read(byte[] written) throws IOException {
        JsonNode json = MAPPER.readTree(written);
        List<Ref> refs = new ArrayList<>();
        for (JsonNode ref : json.path("refs")) {
            refs.add(new Ref(
                    ref.asText().startsWith("n"), PieceId.parse(ref.asText().substring(1))));
        }
        Map<String, String> headers = new TreeMap<>();
        json.path("headers")
                .properties()
                .forEach(field -> headers.put(field.getKey(), field.getValue().asText()));
        long bytes = json.path("bytes").asLong();
        return new Manifest(
                Capture.valueOf(json.path("level").asText().toUpperCase(Locale.ROOT)),
                Base64.getDecoder().decode(json.path("salt").asText()),
                bytes,
                json.path("total").asLong(bytes),
                json.path("masked").asInt(),
                json.path("assembled").asBoolean(),
                new Head(
                        json.path("method").asText(),
                        json.path("provider").asText(),
                        json.path("path").asText(),
                        json.path("query").asText(),
                        json.path("wire").asText(),
                        headers,
                        json.path("status").asInt()),
                refs);
    }
}
