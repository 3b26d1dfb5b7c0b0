package dev.tollgate.audit;

import java.io.IOException;

/** One record as it lies in the journal. Immutable; the arrays are not to be changed. */
public final class JournalEntry {
    private final Position position;
    private final Envelope envelope;
    private final byte[] hash;
    private final byte[] json;

    JournalEntry(Position position, Envelope envelope, byte[] hash, byte[] json) {
        this.position = position;
        this.envelope = envelope;
        this.hash = hash;
        this.json = json;
    }

    /** Where its frame begins. */
    public Position position() {
        return position;
    }

    /** Where the next frame begins. */
    public Position end() {
        return new Position(position.segment(), position.offset() + Frame.HEADER + json.length);
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

    /** The canonical bytes. */
    public byte[] json() {
        return json;
    }

    /**
     * What it says.
     *
     * @throws IOException if it is no record
     */
    public AuditRecord record() throws IOException {
        return RecordReader.read(json);
    }

    byte[] rawHash() {
        return hash;
    }

    @Override
    public String toString() {
        return "record " + sequence() + " of chain " + chain() + " (" + position + ")";
    }
}
