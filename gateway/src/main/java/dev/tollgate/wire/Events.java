package dev.tollgate.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes server-sent events. */
final class Events {
    private static final byte[] EVENT = "event: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    static final String DONE = "[DONE]";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

    /** Adds an event whose data is one line. */
    Events add(@Nullable String name, byte[] data) {
        if (name != null) {
            bytes.writeBytes(EVENT);
            bytes.writeBytes(name.getBytes(StandardCharsets.UTF_8));
            bytes.write('\n');
        }
        bytes.writeBytes(DATA);
        bytes.writeBytes(data);
        bytes.write('\n');
        bytes.write('\n');
        return this;
    }

    Events add(byte[] data) {
        return add(null, data);
    }

    Events add(String data) {
        return add(null, data.getBytes(StandardCharsets.UTF_8));
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
