package dev.tollgate.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The first members of every record, which place it in its chain:
 *
 * <pre>{@code {"chain":"n4k2j7qx.000012.x7f2","seq":41,"prev":"<64 hex digits>","type":"received",…}}</pre>
 *
 * They are always these, in this order, without blanks: a record that starts otherwise is not canonical.
 *
 * @param chain id of the chain
 * @param sequence place in the chain, from 0
 * @param previous hash of the record before, in hex; for the first record of a chain, of the last one of the chain before
 * @param type {@code received}, {@code ended}, {@code administrative} or {@code checkpoint}
 */
record Envelope(String chain, long sequence, String previous, String type) {
    private static final byte[] CHAIN = "{\"chain\":\"".getBytes(US_ASCII);
    private static final byte[] SEQUENCE = "\",\"seq\":".getBytes(US_ASCII);
    private static final byte[] PREVIOUS = ",\"prev\":\"".getBytes(US_ASCII);
    private static final byte[] TYPE = "\",\"type\":\"".getBytes(US_ASCII);
    private static final int MAX_NAME_LENGTH = 64;
    private static final int MAX_DIGITS = 18;

    /** Most bytes that the members before {@code type} can take. */
    static final int MAX_LENGTH = CHAIN.length
            + MAX_NAME_LENGTH
            + SEQUENCE.length
            + MAX_DIGITS
            + PREVIOUS.length
            + 2 * RecordHash.LENGTH
            + TYPE.length;

    /** Writes the members before {@code type}, up to and with the comma. */
    static void put(ByteBuffer target, String chain, long sequence, String previous) {
        target.put(CHAIN).put(chain.getBytes(US_ASCII));
        target.put(SEQUENCE).put(Long.toString(sequence).getBytes(US_ASCII));
        target.put(PREVIOUS).put(previous.getBytes(US_ASCII)).put((byte) '"').put((byte) ',');
    }

    /**
     * A whole record.
     *
     * @param members its own, type included, as {@link RecordWriter} writes them
     */
    byte[] with(byte[] members) {
        byte[] whole = new byte[lengthWith(members)];
        ByteBuffer target = ByteBuffer.wrap(whole);
        put(target, chain, sequence, previous);
        // Without its opening brace: the envelope brought one.
        target.put(members, 1, members.length - 1);
        return whole;
    }

    /** Bytes of a whole record with these members. */
    int lengthWith(byte[] members) {
        // The quote and the comma before "type" belong to what stands before the members.
        return length() - (TYPE.length - 2) - type.length() - 1 + members.length - 1;
    }

    /** Bytes that it takes, up to the quote that closes the type. */
    int length() {
        return CHAIN.length
                + chain.length()
                + SEQUENCE.length
                + Long.toString(sequence).length()
                + PREVIOUS.length
                + previous.length()
                + TYPE.length
                + type.length()
                + 1;
    }

    /** Whether a record can begin at this place. */
    static boolean startsAt(byte[] bytes, int from) {
        return Scan.matches(bytes, from, CHAIN);
    }

    /** Reads the members; null where the bytes do not start canonically. */
    static @Nullable Envelope read(byte[] json) {
        Scan scan = new Scan(json);
        scan.skip(CHAIN);
        String chain = scan.until('"');
        scan.skip(SEQUENCE);
        String sequence = scan.until(',');
        scan.skip(PREVIOUS);
        String previous = scan.until('"');
        scan.skip(TYPE);
        String type = scan.until('"');
        boolean canonical = !scan.failed
                && sequence.length() <= MAX_DIGITS
                && isWhole(sequence)
                && previous.length() == 2 * RecordHash.LENGTH;
        return canonical ? new Envelope(chain, Long.parseLong(sequence), previous, type) : null;
    }

    private static boolean isWhole(String digits) {
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return false;
            }
        }
        return digits.equals("0") || (!digits.isEmpty() && digits.charAt(0) != '0');
    }

    /** A place in bytes that moves on as long as they are as expected. */
    private static final class Scan {
        private final byte[] bytes;
        private int at;
        private boolean failed;

        Scan(byte[] bytes) {
            this.bytes = bytes;
        }

        void skip(byte[] expected) {
            // until() stops before its end character, which every expected text but the first begins with.
            failed |= !matches(bytes, at, expected);
            at += expected.length;
        }

        String until(char end) {
            int from = at;
            while (!failed && at < bytes.length && at - from <= 2 * RecordHash.LENGTH && bytes[at] != end) {
                at++;
            }
            failed |= at >= bytes.length || bytes[at] != end;
            return failed ? "" : new String(bytes, from, at - from, US_ASCII);
        }

        static boolean matches(byte[] bytes, int from, byte[] expected) {
            if (from < 0 || bytes.length - from < expected.length) {
                return false;
            }
            for (int i = 0; i < expected.length; i++) {
                if (bytes[from + i] != expected[i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
