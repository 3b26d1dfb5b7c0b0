package dev.tollgate.audit;

import static java.util.stream.Collectors.joining;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.seal.Checkpoint.TreeHead;
import dev.tollgate.audit.seal.CompactRange;
import dev.tollgate.audit.seal.VerifierKey;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The record that says that the log's own policy dropped its oldest records, and all that is needed to go on behind them: the tree over them, the
 * last of them, the last checkpoint, the keys. It stands in the log that is left, under a checkpoint, before anything is deleted.
 *
 * @param record hash of the record that says so
 * @param at when it was recorded
 * @param what was dropped: the name of a segment
 * @param why the setting
 * @param first index of the first record that it is about, from 0; those before were dropped earlier
 * @param last the last record that was dropped; where it ended is not told
 * @param before what all dropped records come to
 */
public record Tombstone(String record, Instant at, String what, String why, long first, Head last, Seals before) {
    /** The action of the record. */
    static final String ACTION = "journal_dropped";

    private static final HexFormat HEX = HexFormat.of();

    /**
     * Says that a part of the log is dropped.
     *
     * @param what names the part
     * @param first index of its first record
     * @param end what the log comes to up to the end of the part
     * @param keep how long records are kept
     */
    static Administrative record(Instant now, String what, long first, TallyFile.Kept end, Duration keep) {
        Seals seals = end.seals();
        Map<String, String> details = new TreeMap<>();
        details.put("setting", "audit.keep " + keep.toDays() + "d");
        details.put("first_index", Long.toString(first));
        details.put("records", Long.toString(seals.tree().size() - first));
        details.put("last_chain", end.upTo().chain());
        details.put("last_seq", Long.toString(end.upTo().sequence()));
        details.put("last_hash", end.upTo().hash());
        details.put("tree_size", Long.toString(seals.tree().size()));
        details.put(
                "tree_hashes",
                seals.tree().hashes().stream().map(HEX::formatHex).collect(joining(" ")));
        details.put("unsealed", Long.toString(seals.unsealed()));
        details.put("key", seals.key());
        details.put("signers", seals.signers().stream().map(Signer::written).collect(joining("\n")));
        seals.last().ifPresent(last -> {
            details.put("checkpoint", last.toString());
            details.put("checkpoint_at", seals.at().toString());
        });
        return new Administrative(now, ACTION, "gateway", what, details);
    }

    /** What a record tells of what was dropped; empty where it tells something else, or not as a gateway writes it. */
    public static Optional<Tombstone> in(JournalEntry entry) {
        try {
            return entry.type().equals(RecordWriter.ADMINISTRATIVE) && entry.record() instanceof Administrative said
                    ? of(entry.hash(), said)
                    : Optional.empty();
        } catch (IOException noRecord) {
            return Optional.empty();
        }
    }

    private static Optional<Tombstone> of(String record, Administrative said) {
        if (!said.action().equals(ACTION)) {
            return Optional.empty();
        }
        try {
            Map<String, String> details = said.details();
            Head last = new Head(
                    text(details, "last_chain"),
                    number(details, "last_seq"),
                    text(details, "last_hash"),
                    Position.START);
            String why = text(details, "setting");
            return Optional.of(new Tombstone(
                    record, said.at(), said.subject(), why, number(details, "first_index"), last, seals(details)));
        } catch (IllegalArgumentException | DateTimeException foreign) {
            return Optional.empty();
        }
    }

    private static Seals seals(Map<String, String> details) {
        Seals seals = new Seals(CompactRange.of(
                number(details, "tree_size"),
                words(text(details, "tree_hashes"), " ").stream()
                        .map(HEX::parseHex)
                        .toList()));
        String checkpoint = details.getOrDefault("checkpoint", "");
        int blank = checkpoint.indexOf(' ');
        String key = text(details, "key");
        if (!key.isEmpty()) {
            VerifierKey unused = VerifierKey.parse(key);
        }
        seals.restore(
                number(details, "unsealed"),
                blank < 0
                        ? Optional.empty()
                        : Optional.of(new TreeHead(
                                Long.parseLong(checkpoint.substring(0, blank)), checkpoint.substring(blank + 1))),
                blank < 0 ? Instant.MIN : Instant.parse(text(details, "checkpoint_at")),
                key);
        seals.restoreSigners(words(text(details, "signers"), "\n").stream()
                .map(Signer::parse)
                .toList());
        return seals;
    }

    private static List<String> words(String text, String between) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split(between, -1));
    }

    private static long number(Map<String, String> details, String name) {
        return Long.parseLong(text(details, name));
    }

    private static String text(Map<String, String> details, String name) {
        String text = details.get(name);
        if (text == null) {
            throw new IllegalArgumentException("a tombstone tells " + name);
        }
        return text;
    }

    /** Whether a record is the first one behind what was dropped. */
    public boolean isBefore(JournalEntry entry) {
        return entry.previous().equals(last.hash());
    }

    /** The tree over all records that were dropped, those before included. */
    public CompactRange tree() {
        return CompactRange.of(before.tree().size(), before.tree().hashes());
    }

    /** The keys of the log up to there, in their order. */
    public List<Signer> signers() {
        return before.signers();
    }

    /** The same for people. */
    @Override
    public String toString() {
        return "the first " + before.tree().size() + " records, up to " + last
                + ", were dropped by the log's own policy (" + why + "), as a record of " + at + " says";
    }
}
