package dev.tollgate.scenario;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.Zstd;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A request as it goes over the wire.
 *
 * @param method HTTP method
 * @param path path and query
 * @param headers header fields
 * @param body the body, compressed where the scenario says so
 */
record ScenarioRequest(String method, String path, Map<String, String> headers, Buffer body) {
    private static final byte[] NONE = new byte[0];

    static ScenarioRequest of(WireTemplates wires, String wire, JsonNode when, String key, String script)
            throws IOException {
        String method = when.path("method").asText("POST");
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", "application/json");
        headers.put("x-script", script);
        String shown = when.path("key").asText(key);
        if (!shown.equals("none")) {
            String[] header = wires.keyHeader(wire).split(": ?", 2);
            headers.put(header[0], header[1] + shown);
        }
        when.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asText()));
        byte[] body = method.equals("GET") ? NONE : body(wires, wire, when);
        String coding = when.path("coding").asText("");
        if (!coding.isEmpty()) {
            headers.put("content-encoding", coding);
        }
        return new ScenarioRequest(method, wires.path(wire, when), headers, Buffer.buffer(coded(coding, body)));
    }

    private static byte[] body(WireTemplates wires, String wire, JsonNode when) {
        return when.has("bytes")
                ? when.get("bytes").asText().getBytes(ISO_8859_1)
                : text(wires, wire, when).getBytes(UTF_8);
    }

    private static String text(WireTemplates wires, String wire, JsonNode when) {
        JsonNode body = when.has("body") ? when.get("body") : wires.body(wire, when);
        return body.isTextual() ? body.asText() : body.toString();
    }

    private static byte[] coded(String coding, byte[] body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        switch (coding) {
            case "gzip" -> write(new GZIPOutputStream(out), body);
            case "deflate" -> write(new DeflaterOutputStream(out), body);
            case "zstd" -> out.writeBytes(Zstd.compress(body));
            // A coding that nobody knows: the scenario is about that.
            default -> out.writeBytes(body);
        }
        return out.toByteArray();
    }

    private static void write(OutputStream coder, byte[] body) throws IOException {
        try (coder) {
            coder.write(body);
        }
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
