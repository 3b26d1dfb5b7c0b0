package dev.tollgate.http;

import dev.tollgate.wire.Problem;

/** Ends a reply before its end, or where the provider left it without one: first on the record, then with a word to its client. */
final class ReplyEnding {
    private final Relay relay;
    private final ReplyRecord record;
    private final ReplyWords words;
    private final Outlet outlet;

    /** The relay of the reply. */
    interface Relay {
        /** Whether nothing more goes to the client. */
        boolean isOver();

        /** Whether it is a document of which nothing has gone out yet. */
        boolean isWhole();

        /** Stops at once, without a word to anybody. */
        void abort();

        /** Stops reading what the provider sends. */
        void letGo();

        /** Nothing more goes to the client but what is said here. */
        void close();

        /** Passes on what is left and ends the reply. */
        void finish();
    }

    ReplyEnding(Relay relay, ReplyRecord record, ReplyWords words, Outlet outlet) {
        this.relay = relay;
        this.record = record;
        this.words = words;
        this.outlet = outlet;
    }

    /**
     * A budget or a rule ends it.
     *
     * @param result as in the record
     */
    void cut(String result, Problem problem) {
        if (!relay.isOver() && !record.isBegun()) {
            relay.abort();
            forgetDocument();
            record.cut(result, problem, () -> words.say(problem));
        }
    }

    /** It cannot go on. */
    void breakOff(Problem problem) {
        if (relay.isOver()) {
            return;
        }
        if (!record.isBegun()) {
            relay.abort();
            forgetDocument();
            record.failed(problem, () -> words.tell(problem));
            return;
        }
        // Its end is on the record, or about to be: what is missing was only the provider's way to close.
        relay.letGo();
        if (record.isDone()) {
            relay.finish();
        }
    }

    /**
     * The stream ended cleanly without its last event: clients take that for success, although the model was cut off.
     *
     * @param endOfEvents where in the outlet the last whole event ends
     */
    void cutShort(Problem problem, int endOfEvents) {
        if (words.explains()) {
            relay.close();
            outlet.cutAt(endOfEvents);
            record.failed(problem, () -> words.tell(problem));
        } else {
            record.failed(problem, relay::finish);
        }
    }

    /** A part of a document is worth nothing, and nobody has judged it. */
    private void forgetDocument() {
        if (relay.isWhole()) {
            outlet.cutAt(0);
        }
    }
}
