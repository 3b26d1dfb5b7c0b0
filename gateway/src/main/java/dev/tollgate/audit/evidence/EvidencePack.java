package dev.tollgate.audit.evidence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tollgate.audit.Signer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The evidence of one call as one JSON document.
 *
 * @param exchange the call
 * @param records its records in the order of the log
 * @param checkpoint signed note over a tree that has all of them
 * @param signers the keys of the log from its first to the one that signed the checkpoint
 * @param payloads what was kept of the request and the reply, where it was asked for
 */
public record EvidencePack(
        String exchange, List<Item> records, String checkpoint, List<Signer> signers, List<Content> payloads) {
    private static final String FORMAT = "tollgate-evidence-1";
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    /**
     * A record.
     *
     * @param index its place in the tree, from 0
     * @param json its canonical text
     * @param proof hashes in base64 from its sibling up to the root
     */
    public record Item(long index, String json, List<String> proof) {
        public Item {
            proof = List.copyOf(proof);
        }

        @Override
        public String toString() {
            return "Item[" + index + "]";
        }
    }

    /**
     * A payload.
     *
     * @param part {@code request} or {@code reply}
     * @param salt of its commitment, in base64
     * @param bytes the payload, in base64
     */
    public record Content(String part, String salt, String bytes) {
        @Override
        public String toString() {
            return "Content[" + part + ", redacted]";
        }
    }

    public EvidencePack {
        records = List.copyOf(records);
        signers = List.copyOf(signers);
        payloads = List.copyOf(payloads);
    }

    /** The same with payloads. */
    public EvidencePack withPayloads(List<Content> kept) {
        return new EvidencePack(exchange, records, checkpoint, signers, kept);
    }

    public byte[] write() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = MAPPER.createGenerator(bytes).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField("format", FORMAT);
            json.writeStringField("exchange", exchange);
            json.writeStringField("checkpoint", checkpoint);
            json.writeArrayFieldStart("keys");
            for (Signer signer : signers) {
                json.writeStartObject();
                json.writeStringField("key", signer.key());
                json.writeStringField("endorsement", signer.endorsement());
                json.writeEndObject();
            }
            json.writeEndArray();
            records(json);
            json.writeArrayFieldStart("payloads");
            for (Content payload : payloads) {
                json.writeStartObject();
                json.writeStringField("part", payload.part());
                json.writeStringField("salt", payload.salt());
                json.writeStringField("bytes", payload.bytes());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private void records(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("records");
        for (Item item : records) {
            json.writeStartObject();
            json.writeNumberField("index", item.index());
            json.writeStringField("json", item.json());
            json.writeArrayFieldStart("proof");
            for (String hash : item.proof()) {
                json.writeString(hash);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /**
     * Reads a document.
     *
     * @throws IOException if it is none
     */
    public static EvidencePack read(byte[] document) throws IOException {
        JsonNode json = MAPPER.readTree(document);
        if (!json.path("format").asText().equals(FORMAT)) {
            throw new IOException("it is not an evidence pack of the format " + FORMAT);
        }
        return new EvidencePack(
                json.path("exchange").asText(),
                all(
                        json.path("records"),
                        item -> new Item(
                                item.path("index").asLong(-1),
                                item.path("json").asText(),
                                all(item.path("proof"), JsonNode::asText))),
                json.path("checkpoint").asText(),
                all(
                        json.path("keys"),
                        key -> new Signer(
                                key.path("key").asText(),
                                key.path("endorsement").asText())),
                all(
                        json.path("payloads"),
                        payload -> new Content(
                                payload.path("part").asText(),
                                payload.path("salt").asText(),
                                payload.path("bytes").asText())));
    }

    private static <T> List<T> all(JsonNode array, Function<JsonNode, T> made) {
        List<T> items = new ArrayList<>();
        array.forEach(item -> items.add(made.apply(item)));
        return items;
    }
}
