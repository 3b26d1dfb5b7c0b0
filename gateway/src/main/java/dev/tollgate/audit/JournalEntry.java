package dev.tollgate.audit;

import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** One record as it lies in the journal. Immutable; the arrays are not to be changed. */
public final class JournalEntry {
    private final Position position;
    private final Envelope envelope;
    private final byte[] hash;
    /** All of its bytes, or its own members alone, as {@link RecordWriter} wrote them. */
    private final byte[] bytes;

    private final int length;
    /** What the bytes say; null where all of them are there and have to be read for it. */
    private final @Nullable AuditRecord known;

    JournalEntry(Position position, Envelope envelope, byte[] hash, byte[] json) {
        this.known = null;
        this.position = position;
        this.envelope = envelope;
        this.hash = hash;
        this.bytes = json;
        this.length = json.length;
    }

    /**
     * A record that was just written.
     *
     * @param members its own, as they were written
     */
    JournalEntry(Position position, Envelope envelope, byte[] hash, byte[] members, AuditRecord record) {
        this.known = record;
        this.position = position;
        this.envelope = envelope;
        this.hash = hash;
        this.bytes = members;
        this.length = envelope.lengthWith(members);
    }

    /**
     * A record that is kept elsewhere than in a journal.
     *
     * @param end where the next one began in its journal
     * @param hash its hash in hex
     * @param json its canonical bytes
     * @throws IllegalArgumentException if it is no record
     */
    public static JournalEntry endingAt(Position end, String hash, byte[] json) {
        Envelope envelope = Envelope.read(json);
        if (envelope == null || hash.length() != 2 * RecordHash.LENGTH) {
            throw new IllegalArgumentException("a record does not begin with its place in the chain");
        }
        Position position = new Position(end.segment(), end.offset() - Frame.HEADER - json.length);
        return new JournalEntry(position, envelope, HexFormat.of().parseHex(hash), json);
    }

    /** Where its frame begins. */
    public Position position() {
        return position;
    }

    /** Where the next frame begins. */
    public Position end() {
        return new Position(position.segment(), position.offset() + Frame.HEADER + length);
    }

    public String chain() {
        return envelope.chain();
    }

    /** Place in the chain, from 0. */
    public long sequence() {
        return envelope.sequence();
    }

    /** Hash of the record before, in hex. */
    public String previous() {
        return envelope.previous();
    }

    /** {@code received}, {@code ended}, {@code administrative} or {@code checkpoint}. */
    public String type() {
        return envelope.type();
    }

    /** Its own hash as the frame tells it, in hex; only {@link Verifier} checks it. */
    public String hash() {
        return RecordHash.hex(hash);
    }

    /** The canonical bytes. Put together anew at each call where it was just written: who follows the journal seldom asks. */
    public byte[] json() {
        return known == null ? bytes : envelope.with(bytes);
    }

    /** How many bytes {@link #json} has. */
    int length() {
        return length;
    }

    /**
     * What it says.
     *
     * @throws IOException if it is no record
     */
    public AuditRecord record() throws IOException {
        return known == null ? RecordReader.read(bytes) : known;
    }

    /**
     * A record of which only the text is known.
     *
     * @throws IllegalArgumentException if it is no record
     */
    public static JournalEntry ofLog(byte[] json) {
        return endingAt(Position.START, RecordHash.hex(leafOf(json)), json);
    }

    /** The hash of a record, and the leaf that it is in the tree. */
    public static byte[] leafOf(byte[] json) {
        return new RecordHash().of(json, 0, json.length);
    }

    /** Its own hash as it was stored; only {@link LogCheck} checks it. */
    public byte[] leaf() {
        return hash.clone();
    }

    /** Whether it is about an exchange, as far as its first members tell. */
    public boolean mentions(String exchange) {
        return exchange.equals(Peek.exchange(this));
    }

    /** Whether it says that no record of its log came before it. */
    public boolean isFirst() {
        return envelope.previous().equals(RecordHash.NONE);
    }

    /**
     * When it happened.
     *
     * @throws IOException if it is no record
     */
    public Instant at() throws IOException {
        Instant told = Peek.at(this);
        return told == null ? record().at() : told;
    }

    /** Where in the JSON its own members begin, behind {@code type}. */
    int bodyStart() {
        return envelope.length();
    }

    byte[] rawHash() {
        return hash;
    }

    @Override
    public String toString() {
        return "record " + sequence() + " of chain " + chain() + " (" + position + ")";
    }
}
