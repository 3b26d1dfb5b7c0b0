package dev.tollgate.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Messages of Amazon's binary event stream (AWS SDK docs, "Event stream encoding"): each is its length, the length of its headers, a
 * checksum of these, headers, payload, and a checksum of everything, numbers with the highest byte first.
 */
final class AwsEventStream {
    /** Bytes before the headers. */
    static final int PRELUDE = 12;
    /** What the names of events begin with, so that none is mistaken for one of another wire. */
    static final String NAME_PREFIX = "aws:";

    private static final int CHECKSUM = 4;
    private static final int MAX_HEADERS = 128 << 10;
    private static final byte STRING = 7;

    private static final byte[] BYTES = {'b', 'y', 't', 'e', 's'};

    private AwsEventStream() {}

    /** Whether a message may begin there. */
    static boolean begins(byte[] bytes, int at) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long total = Integer.toUnsignedLong(buffer.getInt(at));
        long headers = Integer.toUnsignedLong(buffer.getInt(at + 4));
        return headers <= MAX_HEADERS && total >= PRELUDE + headers + CHECKSUM;
    }

    /** The payload of a message, Bedrock's wrapping in base64 undone. */
    static byte[] payload(byte[] message) {
        int headers = ByteBuffer.wrap(message).getInt(4);
        return unwrapped(Arrays.copyOfRange(message, PRELUDE + headers, message.length - CHECKSUM));
    }

    /** {@code aws:} and the type of the event, or {@code aws:exception}; null where the message tells none. */
    static @Nullable String name(byte[] message) {
        ByteBuffer headers = ByteBuffer.wrap(message);
        int end = PRELUDE + headers.getInt(4);
        headers.position(PRELUDE).limit(end);
        String type = null;
        while (headers.remaining() > 2) {
            String name = text(headers, headers.get() & 0xFF);
            if (headers.remaining() < 1 + Short.BYTES || headers.get() != STRING) {
                // Headers of other kinds tell nothing that is asked for here, and Bedrock sends none.
                return type;
            }
            String value = text(headers, headers.getShort() & 0xFFFF);
            if (name.equals(":event-type")) {
                type = NAME_PREFIX + value;
            } else if (name.equals(":message-type") && !value.equals("event")) {
                return NAME_PREFIX + "exception";
            }
        }
        return type;
    }

    private static String text(ByteBuffer from, int length) {
        byte[] text = new byte[Math.min(length, from.remaining())];
        from.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /**
     * A message that ends a stream with an error.
     *
     * @param exception which class of error SDKs make of it
     */
    static byte[] exception(String exception, byte[] payload) {
        ByteBuffer headers = ByteBuffer.allocate(200);
        header(headers, ":exception-type", exception);
        header(headers, ":content-type", "application/json");
        header(headers, ":message-type", "exception");
        return message(headers.flip(), payload);
    }

    private static byte[] message(ByteBuffer headers, byte[] payload) {
        int length = PRELUDE + headers.remaining() + payload.length + CHECKSUM;
        ByteBuffer message = ByteBuffer.allocate(length).putInt(length).putInt(headers.remaining());
        message.putInt(checksum(message));
        message.put(headers).put(payload);
        return message.putInt(checksum(message)).array();
    }

    /** A message that says something else, in the wrapping of the one that came. */
    static byte[] withPayload(byte[] message, byte[] payload) {
        ByteBuffer headers =
                ByteBuffer.wrap(message, PRELUDE, ByteBuffer.wrap(message).getInt(4));
        byte[] whole = Arrays.copyOfRange(message, headers.limit(), message.length - CHECKSUM);
        return message(headers, isWrapped(whole) ? wrapped(payload) : payload);
    }

    private static byte[] wrapped(byte[] payload) {
        String base64 = Base64.getEncoder().encodeToString(payload);
        return ("{\"bytes\":\"" + base64 + "\"}").getBytes(StandardCharsets.US_ASCII);
    }

    private static void header(ByteBuffer to, String name, String value) {
        to.put((byte) name.length()).put(name.getBytes(StandardCharsets.US_ASCII));
        to.put(STRING).putShort((short) value.length()).put(value.getBytes(StandardCharsets.US_ASCII));
    }

    private static int checksum(ByteBuffer written) {
        CRC32 crc = new CRC32();
        crc.update(written.duplicate().flip());
        return (int) crc.getValue();
    }

    private static boolean isWrapped(byte[] payload) {
        return inside(payload) != null;
    }

    private static byte[] unwrapped(byte[] payload) {
        byte[] inside = inside(payload);
        return inside == null ? payload : inside;
    }

    /** InvokeModelWithResponseStream: {@code {"bytes":"<base64 of the model's own event>", …}}; null for other payloads. */
    private static byte @Nullable [] inside(byte[] payload) {
        JsonSkim skim = new JsonSkim(payload);
        while (skim.next()) {
            if (skim.depth() == 1 && skim.nameIs(BYTES) && skim.valueIsString()) {
                return decoded(skim.valueText());
            }
        }
        return null;
    }

    private static byte @Nullable [] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }
}
