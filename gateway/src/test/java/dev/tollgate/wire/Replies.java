package dev.tollgate.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.exchange.Facts;
import dev.tollgate.value.Usage;
import dev.tollgate.wire.ReplyMeter.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Feeds meters with replies, written with single quotes. */
final class Replies {
    private static final Wires WIRES = new Wires();

    private Replies() {}

    static ReplyMeter meter(String wire) {
        return WIRES.byId(wire).orElseThrow().meter(Facts.NOTHING);
    }

    static List<Step> feed(ReplyMeter meter, String... events) {
        List<Step> steps = new ArrayList<>();
        SseReader reader = new SseReader(1 << 20);
        StreamReader.Sink sink = new StreamReader.Sink() {
            @Override
            public void event(byte[] raw, @Nullable String name, byte @Nullable [] data) {
                if (data != null) {
                    steps.add(meter.onEvent(name, data));
                }
            }

            @Override
            public void piece(byte[] raw) {
                throw new AssertionError("no event here is that large");
            }
        };
        for (String event : events) {
            byte[] bytes = (event.replace('\'', '"') + "\n\n").getBytes(UTF_8);
            reader.feed(bytes, 0, bytes.length, sink);
        }
        reader.finish(sink);
        return steps;
    }

    static @Nullable Usage ofBody(String wire, String body) {
        ReplyMeter meter = meter(wire);
        meter.onBody(body.replace('\'', '"').getBytes(UTF_8));
        return meter.reported();
    }

    static Usage usage(long input, long cacheRead, long output, long reasoning) {
        return new Usage(input, cacheRead, 0, 0, output, reasoning, 0, 0, 0, 0, null, Usage.Source.REPORTED);
    }
}
