package dev.tollgate.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Takes the payloads out of Amazon's binary event stream (AWS SDK docs, "Event stream encoding"): each message is its length, the length of
 * its headers, a checksum, headers, payload, and a checksum, lengths in four bytes with the highest first.
 */
final class AwsEventStream {
    private static final int PRELUDE = 12;
    private static final int CHECKSUM = 4;

    private AwsEventStream() {}

    /** Whether the bytes begin as such a stream does. */
    static boolean isOne(byte[] body) {
        return body.length >= PRELUDE + CHECKSUM && fits(ByteBuffer.wrap(body), 0, body.length);
    }

    /** The payloads of the whole messages, Bedrock's wrapping in base64 undone. */
    static List<byte[]> payloads(byte[] body) {
        List<byte[]> payloads = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.wrap(body);
        int at = 0;
        while (body.length - at >= PRELUDE + CHECKSUM && fits(buffer, at, body.length)) {
            int end = at + buffer.getInt(at);
            byte[] payload = Arrays.copyOfRange(body, at + PRELUDE + buffer.getInt(at + 4), end - CHECKSUM);
            payloads.add(unwrapped(payload));
            at = end;
        }
        return payloads;
    }

    private static boolean fits(ByteBuffer buffer, int at, int end) {
        int total = buffer.getInt(at);
        int headers = buffer.getInt(at + 4);
        return total >= PRELUDE + CHECKSUM
                && total <= end - at
                && headers >= 0
                && headers <= total - PRELUDE - CHECKSUM;
    }

    // InvokeModelWithResponseStream: {"bytes":"<base64 of the model's own event>", …}
    private static byte[] unwrapped(byte[] payload) {
        JsonSkim skim = new JsonSkim(payload);
        byte[] bytes = {'b', 'y', 't', 'e', 's'};
        while (skim.next()) {
            if (skim.depth() == 1 && skim.nameIs(bytes) && skim.valueIsString()) {
                return decoded(skim.valueText(), payload);
            }
        }
        return payload;
    }

    private static byte[] decoded(String base64, byte[] otherwise) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            return otherwise;
        }
    }
}
