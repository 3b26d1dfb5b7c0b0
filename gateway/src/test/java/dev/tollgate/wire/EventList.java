package dev.tollgate.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of a finished stream, and what a meter said of each. */
final class EventList {
    final List<String> data = new ArrayList<>();
    final List<ReplyMeter.Step> steps = new ArrayList<>();
    int raw;
    int rest;

    static EventList of(byte[] stream, ReplyMeter meter) {
        EventList list = new EventList();
        StreamReader.Sink sink = new StreamReader.Sink() {
            @Override
            public void event(byte[] bytes, @Nullable String name, byte @Nullable [] content) {
                list.raw++;
                if (content != null) {
                    list.data.add(new String(content, UTF_8));
                    list.steps.add(meter.onEvent(name, content));
                }
            }

            @Override
            public void piece(byte[] bytes) {
                throw new AssertionError("no event here is that large");
            }
        };
        SseReader reader = new SseReader(1 << 20);
        reader.feed(stream, 0, stream.length, sink);
        int whole = list.raw;
        reader.finish(sink);
        list.rest = list.raw - whole;
        return list;
    }
}
