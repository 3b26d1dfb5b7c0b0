package dev.tollgate.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a reader cut out of a stream: {@code name|data}, a dash for none; pieces as {@code piece}. */
final class CutEvents implements StreamReader.Sink {
    final List<String> seen = new ArrayList<>();
    final ByteArrayOutputStream raw = new ByteArrayOutputStream();

    static CutEvents of(byte[] stream, int chunkSize, StreamReader reader) {
        CutEvents events = new CutEvents();
        for (int at = 0; at < stream.length; at += chunkSize) {
            reader.feed(stream, at, Math.min(chunkSize, stream.length - at), events);
        }
        reader.finish(events);
        return events;
    }

    @Override
    public void event(byte[] bytes, @Nullable String name, byte @Nullable [] data) {
        raw.writeBytes(bytes);
        seen.add((name == null ? "-" : name) + "|" + (data == null ? "-" : new String(data, UTF_8)));
    }

    @Override
    public void piece(byte[] bytes) {
        raw.writeBytes(bytes);
        seen.add("piece");
    }
}
