package dev.tollgate.exchange;

import com.github.luben.zstd.ZstdInputStream;
import dev.tollgate.exchange.BodySource.BodyRefused;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** Undoes one content coding (RFC 9110 §8.4.1, RFC 8878), within limits: a small body must not become a large one unseen. */
final class ContentCoding {
    private static final int BUFFER = 16 * 1024;
    private static final int ALWAYS_ALLOWED = 64 * 1024;
    private static final int BAD_REQUEST = 400;
    private static final int TOO_LARGE = 413;
    private static final int UNSUPPORTED = 415;

    private ContentCoding() {}

    static byte[] decode(byte[] coded, String coding, Body.CodingLimits limits) {
        try (InputStream decoder = decoder(coded, coding)) {
            return read(decoder, coded.length, coding, limits);
        } catch (IOException broken) {
            throw new BodyRefused(BAD_REQUEST, "the body is not valid " + coding);
        }
    }

    private static InputStream decoder(byte[] coded, String coding) throws IOException {
        ByteArrayInputStream source = new ByteArrayInputStream(coded);
        return switch (coding) {
            case "gzip", "x-gzip" -> new GZIPInputStream(source, BUFFER);
            case "deflate" -> new InflaterInputStream(source);
            case "zstd" -> new ZstdInputStream(source);
            default ->
                throw new BodyRefused(
                        UNSUPPORTED,
                        "content-encoding is not one of gzip, deflate, zstd, so the body cannot be checked");
        };
    }

    private static byte[] read(InputStream decoder, int codedLength, String coding, Body.CodingLimits limits)
            throws IOException {
        long byRatio = Math.max(ALWAYS_ALLOWED, (long) codedLength * limits.maxRatio());
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(Math.max(BUFFER, codedLength * 2));
        byte[] buffer = new byte[BUFFER];
        for (int count = decoder.read(buffer); count >= 0; count = decoder.read(buffer)) {
            decoded.write(buffer, 0, count);
            if (decoded.size() > limits.maxBytes()) {
                throw new BodyRefused(
                        TOO_LARGE,
                        "the decoded " + coding + " body exceeds the limit body of " + limits.maxBytes() + " bytes");
            }
            if (decoded.size() > byRatio) {
                throw new BodyRefused(
                        TOO_LARGE,
                        "the " + coding + " body exceeds the limit decompression_ratio of " + limits.maxRatio());
            }
        }
        return decoded.toByteArray();
    }
}
