package dev.tollgate.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * How a record lies in a segment file. All numbers are big-endian.
 *
 * <pre>
 *   file   = magic frame*
 *   magic  = "TGJRNL01"                                         8 bytes
 *   frame  = length of json     4 bytes, {@value #MIN_JSON} to {@value #MAX_JSON}
 *            CRC-32C            4 bytes, over hash and json
 *            hash of json       32 bytes, see {@link RecordHash}
 *            json               canonical record, UTF-8
 * </pre>
 *
 * The CRC tells torn and damaged writes from whole ones quickly; the hash, and the link inside the record that follows, tell a changed
 * record from the one that was written.
 */
final class Frame {
    static final byte[] MAGIC = "TGJRNL01".getBytes(US_ASCII);
    static final int HEADER = 4 + 4 + RecordHash.LENGTH;
    static final int MIN_JSON = 100;
    static final int MAX_JSON = 1024 * 1024;

    private Frame() {}

    /** Fills in the header of the frame at {@code start} whose json ends before {@code end}; yields the hash of the json. */
    static byte[] seal(byte[] bytes, int start, int end, RecordHash hash) {
        int json = start + HEADER;
        int length = end - json;
        byte[] own = hash.of(bytes, json, length);
        System.arraycopy(own, 0, bytes, json - RecordHash.LENGTH, RecordHash.LENGTH);
        ByteBuffer.wrap(bytes).putInt(start, length).putInt(start + 4, crc(bytes, start, length));
        return own;
    }

    /** Length of the json of the frame that begins at {@code start}; -1 where no frame can begin there. */
    static int jsonLength(byte[] bytes, int start, int end) {
        if (end - start < HEADER) {
            return -1;
        }
        int length = ByteBuffer.wrap(bytes).getInt(start);
        return length < MIN_JSON || length > MAX_JSON ? -1 : length;
    }

    /** Whether the whole frame at {@code start} lies before {@code end} and its CRC is right. */
    static boolean isIntact(byte[] bytes, int start, int end) {
        int length = jsonLength(bytes, start, end);
        return length >= 0
                && end - start - HEADER >= length
                && ByteBuffer.wrap(bytes).getInt(start + 4) == crc(bytes, start, length);
    }

    static byte[] hash(byte[] bytes, int start) {
        return Arrays.copyOfRange(bytes, start + HEADER - RecordHash.LENGTH, start + HEADER);
    }

    private static int crc(byte[] bytes, int start, int jsonLength) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, start + HEADER - RecordHash.LENGTH, RecordHash.LENGTH + jsonLength);
        return (int) crc.getValue();
    }
}
