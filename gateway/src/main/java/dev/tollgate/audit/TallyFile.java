package dev.tollgate.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the records up to one of them come to, as a file. The file {@code tally} of a journal folder holds it up to some late record, so that opening a
 * journal reads what came after it instead of everything; it can be deleted at any time, and where it is missing, damaged or does not fit the journal,
 * everything is read. The {@link Segments#base base} of a segment holds what came before that segment: it is where the journal begins once what came
 * before was dropped.
 */
final class TallyFile {
    /** Name of the file that is kept up to date. */
    static final String NAME = "tally";

    private static final int FORMAT = 2;
    private static final int USUAL_LENGTH = 16 * 1024;
    private static final JsonFactory FACTORY = new JsonFactory();

    private TallyFile() {}

    /**
     * @param tally what the records add up to
     * @param seals the tree over them
     * @param upTo the last record that is in it
     */
    record Kept(Tally tally, Seals seals, Head upTo) {}

    static void write(Path target, Kept kept) throws IOException {
        Tally tally = kept.tally();
        Head upTo = kept.upTo();
        CanonicalJson json = new CanonicalJson(USUAL_LENGTH)
                .beginObject()
                .number("format", FORMAT)
                .text("chain", upTo.chain())
                .number("seq", upTo.sequence())
                .text("hash", upTo.hash())
                .number("segment", upTo.end().segment())
                .number("offset", upTo.end().offset())
                .beginObject("seals");
        SealsMembers.write(json, kept.seals());
        json.endObject().beginObject("spent_nanos");
        tally.spent().forEach((counter, spent) -> json.number(counter, spent));
        json.endObject().texts("others", List.copyOf(tally.others())).beginObject("told");
        tally.told().forEach((filled, percent) -> json.text(filled, Integer.toString(percent)));
        json.endObject().number("dropped", tally.dropped()).beginObject("open");
        tally.open().forEach((exchange, call) -> open(json.beginObject(exchange.value()), call));
        byte[] body = json.endObject().endObject().toByteArray();
        Path fresh = target.resolveSibling(target.getFileName() + ".new");
        byte[] check = checksum(body, 0).getBytes(US_ASCII);
        byte[] file = Arrays.copyOf(check, check.length + body.length);
        System.arraycopy(body, 0, file, check.length, body.length);
        Files.write(fresh, file);
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void open(CanonicalJson json, Tally.Open call) {
        json.moment("at", call.at()).number("may_be_sent", call.mayBeSent() ? 1 : 0);
        RecordWriter.reservation(json, call.reservation());
        NanoUsd charge = call.charge();
        if (charge != null) {
            json.number("charge_nanos", charge.nanos());
        }
        if (!call.lost().isEmpty()) {
            json.text("lost", LostAttempt.write(call.lost()));
        }
        json.endObject();
    }

    /** Empty where there is no such file, or it is damaged. */
    static Optional<Kept> read(Path source) throws IOException {
        byte[] file;
        try {
            file = Files.readAllBytes(source);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
        int start = 2 * RecordHash.LENGTH;
        if (file.length <= start || !checksum(file, start).equals(new String(file, 0, start, US_ASCII))) {
            return Optional.empty();
        }
        try (JsonParser json = FACTORY.createParser(file, start, file.length - start)) {
            return kept(json);
        } catch (IllegalArgumentException | IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Empty where it is of an earlier format, which told nothing of the tree. */
    private static Optional<Kept> kept(JsonParser json) throws IOException {
        Tally tally = new Tally();
        Seals seals = new Seals();
        long format = 1;
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
                case "format" -> format = json.getLongValue();
                case "seals" -> seals = SealsMembers.read(json);
                case "chain" -> chain = json.getText();
                case "seq" -> sequence = json.getLongValue();
                case "hash" -> hash = json.getText();
                case "segment" -> segment = json.getLongValue();
                case "offset" -> offset = json.getLongValue();
                case "spent_nanos" -> spent(json, tally);
                case "others" -> tally.others().addAll(RecordReader.strings(json));
                case "told" -> told(json, tally);
                case "dropped" -> tally.restoreDropped(json.getLongValue());
                case "open" -> openCalls(json, tally);
                default -> json.skipChildren();
            }
        }
        return format == FORMAT
                ? Optional.of(new Kept(tally, seals, new Head(chain, sequence, hash, new Position(segment, offset))))
                : Optional.empty();
    }

    private static void spent(JsonParser json, Tally tally) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String counter = json.currentName();
            json.nextToken();
            tally.restoreSpent(counter, json.getLongValue());
        }
    }

    private static void told(JsonParser json, Tally tally) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String filled = json.currentName();
            json.nextToken();
            tally.restoreTold(filled, json.getText());
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
        boolean mayBeSent = true;
        List<LostAttempt> lost = List.of();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "at" -> at = Moments.parse(json.getText());
                case "reservation" -> reservation = ReceivedMembers.reservation(json);
                case "may_be_sent" -> mayBeSent = json.getIntValue() != 0;
                case "charge_nanos" -> charge = RecordReader.money(json);
                case "lost" -> lost = LostAttempt.read(json.getText());
                default -> json.skipChildren();
            }
        }
        Reservation held = reservation == null || lost.isEmpty()
                ? reservation
                : reservation.raised(reservation.amounts(), LostAttempt.spend(lost));
        return new Tally.Open(at, held, charge, mayBeSent, lost);
    }

    private static String checksum(byte[] bytes, int from) {
        return RecordHash.hex(new RecordHash().of(bytes, from, bytes.length - from));
    }
}
