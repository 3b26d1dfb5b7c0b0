package dev.tollgate.http;

import dev.tollgate.wire.ReplyStrings.Said;
import org.jspecify.annotations.Nullable;

/** One text of a reply, and which events say it. */
final class ReplyText {
    private final ReplyChannel channel;
    private int waiting;
    private boolean isClosed;
    /** The last event that left with a part of the text missing. */
    private @Nullable HeldEvent shortened;

    private @Nullable Said missing;

    /** @param isJson whether it is JSON, into whose strings what is put back must fit */
    ReplyText(boolean isJson) {
        channel = new ReplyChannel(isJson);
    }

    ReplyChannel channel() {
        return channel;
    }

    /** An event that says some of it waits. */
    void waits() {
        waiting++;
    }

    void left() {
        waiting--;
    }

    /** It goes on no more. */
    void close() {
        isClosed = true;
    }

    boolean isClosed() {
        return isClosed;
    }

    /** An event has left without all that it said of this. */
    void shortened(HeldEvent event, Said said) {
        shortened = event;
        missing = said;
    }

    /**
     * A copy of the last event with what that left behind.
     *
     * @param chars as in {@link HeldEvent}
     * @return null where nothing is left behind, or it goes with an event that waits
     */
    @Nullable
    HeldEvent rest(long chars) {
        HeldEvent last = shortened;
        Said said = missing;
        if (waiting > 0 || last == null || said == null || !channel.hasRest()) {
            return null;
        }
        waits();
        return last.rest(new HeldEvent.Piece(this, said, channel.end()), chars);
    }
}
