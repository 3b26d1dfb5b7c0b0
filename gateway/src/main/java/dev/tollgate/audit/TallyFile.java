package dev.tollgate.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code tally} of a journal folder: the {@link Tally} up to one record, so that opening a journal reads what came after it instead
 * of everything. It can be deleted at any time; where it is missing, damaged or does not fit the journal, everything is read.
 */
final class TallyFile {
    private static final String NAME = "tally";
    private static final JsonFactory FACTORY = new JsonFactory();

    private TallyFile() {}

    /**
     * @param upTo the last record that is in it
     */
    record Kept(Tally tally, Head upTo) {}

    static void write(Path folder, Tally tally, Head upTo) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("chain", upTo.chain());
            json.writeNumberField("seq", upTo.sequence());
            json.writeStringField("hash", upTo.hash());
            json.writeNumberField("segment", upTo.end().segment());
            json.writeNumberField("offset", upTo.end().offset());
            json.writeObjectFieldStart("spent_nanos");
            for (Map.Entry<String, NanoUsd> counter : tally.spent().entrySet()) {
                json.writeNumberField(counter.getKey(), counter.getValue().nanos());
            }
            json.writeEndObject();
            json.writeObjectFieldStart("open");
            for (Map.Entry<ExchangeId, Tally.Open> call : tally.open().entrySet()) {
                json.writeObjectFieldStart(call.getKey().value());
                open(json, call.getValue());
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        byte[] body = bytes.toByteArray();
        Path fresh = folder.resolve(NAME + ".new");
        byte[] check = checksum(body, 0).getBytes(US_ASCII);
        byte[] file = Arrays.copyOf(check, check.length + body.length);
        System.arraycopy(body, 0, file, check.length, body.length);
        Files.write(fresh, file);
        Files.move(fresh, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void open(JsonGenerator json, Tally.Open call) throws IOException {
        json.writeStringField("at", call.at().toString());
        RecordWriter.reservation(json, call.reservation());
        NanoUsd charge = call.charge();
        if (charge != null) {
            json.writeNumberField("charge_nanos", charge.nanos());
        }
    }

    static Optional<Kept> read(Path folder) throws IOException {
        byte[] file;
        try {
            file = Files.readAllBytes(folder.resolve(NAME));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
        int start = 2 * RecordHash.LENGTH;
        if (file.length <= start || !checksum(file, start).equals(new String(file, 0, start, US_ASCII))) {
            return Optional.empty();
        }
        try (JsonParser json = FACTORY.createParser(file, start, file.length - start)) {
            return Optional.of(kept(json));
        } catch (IllegalArgumentException | IOException unreadable) {
            return Optional.empty();
        }
    }

    private static Kept kept(JsonParser json) throws IOException {
        Tally tally = new Tally();
        String chain = "";
        String hash = "";
        long sequence = 0;
        long segment = 0;
        long offset = 0;
        json.nextToken();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "chain" -> chain = json.getText();
                case "seq" -> sequence = json.getLongValue();
                case "hash" -> hash = json.getText();
                case "segment" -> segment = json.getLongValue();
                case "offset" -> offset = json.getLongValue();
                case "spent_nanos" -> spent(json, tally);
                case "open" -> openCalls(json, tally);
                default -> json.skipChildren();
            }
        }
        return new Kept(tally, new Head(chain, sequence, hash, new Position(segment, offset)));
    }

    private static void spent(JsonParser json, Tally tally) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String counter = json.currentName();
            json.nextToken();
            tally.restoreSpent(counter, json.getLongValue());
        }
    }

    private static void openCalls(JsonParser json, Tally tally) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            ExchangeId exchange = new ExchangeId(json.currentName());
            json.nextToken();
            tally.restoreOpen(exchange, openCall(json));
        }
    }

    private static Tally.Open openCall(JsonParser json) throws IOException {
        Instant at = Instant.EPOCH;
        @Nullable Reservation reservation = null;
        @Nullable NanoUsd charge = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "at" -> at = Instant.parse(json.getText());
                case "reservation" -> reservation = ReceivedMembers.reservation(json);
                case "charge_nanos" -> charge = RecordReader.money(json);
                default -> json.skipChildren();
            }
        }
        return new Tally.Open(at, reservation, charge);
    }

    private static String checksum(byte[] bytes, int from) {
        return RecordHash.hex(new RecordHash().of(bytes, from, bytes.length - from));
    }
}
