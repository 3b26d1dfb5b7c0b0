package dev.tollgate.http;

import dev.tollgate.wire.ReplyMeter;
import dev.tollgate.wire.StreamReader;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Cuts a stream into events, has each metered, and keeps those from the client that it did not ask for. */
final class EventCutter implements StreamReader.Sink {
    private final StreamReader reader;
    private final ReplyMeter meter;
    private final @Nullable ReplyGuard guard;
    private final @Nullable ToolReview tools;
    private Buffer out = Buffer.buffer();
    /** An event that may be the last one: kept until it is known whether it is. */
    private byte @Nullable [] kept;

    private @Nullable String keptName;
    private byte @Nullable [] keptData;

    private int lastEventAt = -1;
    private boolean lastSeen;

    EventCutter(StreamReader reader, ReplyMeter meter, Review review) {
        this.reader = reader;
        this.meter = meter;
        this.guard = review.guard();
        this.tools = review.tools();
        if (guard != null) {
            guard.cutBy(reader);
        }
    }

    /** Appends what may be passed on to {@code to}; true if the event that ends the answer came with this piece. */
    boolean take(Buffer piece, Buffer to) {
        out = to;
        lastEventAt = -1;
        byte[] bytes = piece.getBytes();
        reader.feed(bytes, 0, bytes.length, this);
        if (guard != null) {
            guard.release(this::leave);
        }
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
        releaseAll();
    }

    /** The stream broke off: appends the event that was kept, but nothing of one that did not come whole. */
    void breakOff(Buffer to) {
        out = to;
        release();
        releaseAll();
    }

    private void releaseAll() {
        if (guard != null) {
            guard.finish(this::leave);
        }
    }

    @Override
    public void event(byte[] raw, @Nullable String name, byte @Nullable [] data) {
        ReplyMeter.Step step = data == null ? ReplyMeter.Step.PASS : meter.onEvent(name, data);
        if (step == ReplyMeter.Step.DROP) {
            return;
        }
        release();
        if (step == ReplyMeter.Step.MAYBE_LAST) {
            kept = raw;
            keptName = name;
            keptData = data;
        } else if (step == ReplyMeter.Step.LAST && !lastSeen) {
            lastSeen = true;
            last(raw, name, data);
        } else {
            pass(raw, name, data);
        }
    }

    private void last(byte[] raw, @Nullable String name, byte @Nullable [] data) {
        if (guard == null) {
            leaveLast(raw, name, data);
        } else {
            guard.take(raw, name, data);
            guard.finish(this::leaveLast);
        }
    }

    private void leaveLast(byte[] raw, @Nullable String name, byte @Nullable [] data) {
        lastEventAt = out.length();
        leave(raw, name, data);
    }

    private void pass(byte[] raw, @Nullable String name, byte @Nullable [] data) {
        if (guard == null) {
            leave(raw, name, data);
        } else {
            guard.take(raw, name, data);
        }
    }

    /** Behind the rules for texts stand those for calls: they keep an event until the reply has ended. */
    private void leave(byte[] raw, @Nullable String name, byte @Nullable [] data) {
        if (tools == null || !tools.keeps(raw, name, data)) {
            out.appendBytes(raw);
        }
    }

    private void release() {
        byte[] waiting = kept;
        if (waiting != null) {
            kept = null;
            pass(waiting, keptName, keptData);
        }
    }

    @Override
    public void piece(byte[] raw) {
        release();
        if (tools != null) {
            tools.cannotRead();
        }
        if (guard != null && guard.mustRead()) {
            guard.unreadable("an event of the reply is larger than what can be scanned");
        } else if (guard != null) {
            guard.take(raw, null, null);
        } else if (tools == null || !tools.isStuck()) {
            out.appendBytes(raw);
        }
    }
}
