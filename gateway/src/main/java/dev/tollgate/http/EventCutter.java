package dev.tollgate.http;

import dev.tollgate.wire.ReplyMeter;
import dev.tollgate.wire.StreamReader;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Cuts a stream into events, has each metered, and keeps those from the client that it did not ask for. */
final class EventCutter implements StreamReader.Sink {
    private final StreamReader reader;
    private final ReplyMeter meter;
    private final @Nullable ToolReview tools;
    private Buffer out = Buffer.buffer();
    /** An event that may be the last one: kept until it is known whether it is. */
    private Buffer kept = Buffer.buffer();

    private int lastEventAt = -1;
    private boolean lastSeen;

    /** @param tools keeps events back; null where nobody does */
    EventCutter(StreamReader reader, ReplyMeter meter, @Nullable ToolReview tools) {
        this.reader = reader;
        this.meter = meter;
        this.tools = tools;
    }

    /** Appends what may be passed on to {@code to}; true if the event that ends the answer came with this piece. */
    boolean take(Buffer piece, Buffer to) {
        out = to;
        lastEventAt = -1;
        byte[] bytes = piece.getBytes();
        reader.feed(bytes, 0, bytes.length, this);
        return lastEventAt >= 0;
    }

    /** Where in the buffer of the last {@link #take} the ending event begins. */
    int lastEventAt() {
        return lastEventAt;
    }

    /** The stream has ended: appends what is left of it. */
    void finish(Buffer to) {
        out = to;
        reader.finish(this);
        release();
    }

    /** The stream broke off: appends the event that was kept, but nothing of one that did not come whole. */
    void breakOff(Buffer to) {
        out = to;
        release();
    }

    @Override
    public void event(byte[] raw, @Nullable String name, byte @Nullable [] data) {
        ReplyMeter.Step step = data == null ? ReplyMeter.Step.PASS : meter.onEvent(name, data);
        if (step == ReplyMeter.Step.DROP) {
            return;
        }
        release();
        if (step == ReplyMeter.Step.LAST && !lastSeen) {
            lastSeen = true;
            lastEventAt = out.length();
        }
        if (tools != null && tools.keeps(raw, name, data)) {
            return;
        }
        if (step == ReplyMeter.Step.MAYBE_LAST) {
            kept.appendBytes(raw);
        } else {
            out.appendBytes(raw);
        }
    }

    private void release() {
        if (kept.length() > 0) {
            out.appendBuffer(kept);
            kept = Buffer.buffer();
        }
    }

    @Override
    public void piece(byte[] raw) {
        release();
        if (tools != null) {
            tools.cannotRead();
        }
        out.appendBytes(raw);
    }
}
