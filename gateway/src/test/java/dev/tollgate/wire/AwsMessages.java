package dev.tollgate.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/** Writes and reads messages of Amazon's event stream by its description, checksums and all. */
public final class AwsMessages {
    private AwsMessages() {}

    /** A message whose checksums are right. */
    public record Message(Map<String, String> headers, String payload) {}

    /** An event of Bedrock's. */
    public static byte[] event(String type, String payload) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(":event-type", type);
        headers.put(":content-type", "application/json");
        headers.put(":message-type", "event");
        return write(new Message(headers, payload));
    }

    static byte[] write(Message message) {
        ByteBuffer headers = ByteBuffer.allocate(1024);
        message.headers().forEach((name, value) -> {
            headers.put((byte) name.length()).put(name.getBytes(UTF_8));
            headers.put((byte) 7).putShort((short) value.getBytes(UTF_8).length).put(value.getBytes(UTF_8));
        });
        byte[] payload = message.payload().getBytes(UTF_8);
        int total = 16 + headers.position() + payload.length;
        ByteBuffer bytes = ByteBuffer.allocate(total).putInt(total).putInt(headers.position());
        bytes.putInt(crc(bytes.array(), 8)).put(headers.flip()).put(payload);
        return bytes.putInt(crc(bytes.array(), total - 4)).array();
    }

    /** The one message that the bytes are. */
    static Message read(byte[] bytes) {
        List<Message> all = readAll(bytes);
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    /** The messages of a stream; fails where one is not whole or a checksum is wrong. */
    public static List<Message> readAll(byte[] stream) {
        List<Message> messages = new ArrayList<>();
        int at = 0;
        while (at < stream.length) {
            ByteBuffer buffer = ByteBuffer.wrap(stream, at, stream.length - at).slice();
            int total = buffer.getInt();
            byte[] message = Arrays.copyOfRange(stream, at, at + total);
            assertThat(stream.length - at).as("a whole message").isGreaterThanOrEqualTo(total);
            int headers = buffer.getInt();
            assertThat(buffer.getInt()).as("checksum of the prelude").isEqualTo(crc(message, 8));
            assertThat(buffer.getInt(total - 4)).as("checksum of the message").isEqualTo(crc(message, total - 4));
            messages.add(new Message(
                    headers(buffer.slice(12, headers)),
                    new String(message, 12 + headers, total - 16 - headers, UTF_8)));
            at += total;
        }
        return messages;
    }

    private static Map<String, String> headers(ByteBuffer from) {
        Map<String, String> headers = new LinkedHashMap<>();
        while (from.hasRemaining()) {
            byte[] name = new byte[from.get()];
            from.get(name);
            assertThat(from.get()).as("a string").isEqualTo((byte) 7);
            byte[] value = new byte[from.getShort()];
            from.get(value);
            headers.put(new String(name, UTF_8), new String(value, UTF_8));
        }
        return headers;
    }

    private static int crc(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
