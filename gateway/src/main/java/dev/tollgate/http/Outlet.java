package dev.tollgate.http;

import dev.tollgate.exchange.Steps;
import io.vertx.core.buffer.Buffer;

/**
 * Bytes of a reply on their way to its client. What comes in one turn of the event loop leaves in one write: alone, each piece costs twice
 * the CPU. While the client takes nothing, its source is paused.
 */
final class Outlet {
    /** Where the bytes come from. */
    interface Source {
        /** Whether what has been gathered may go out, now that this turn is over. */
        boolean mayFlush();

        /** The client cannot take more for now. */
        void full();

        /** The client has taken what it was sent. */
        void drained();
    }

    private final ClientReply client;
    private final Source source;
    private final Steps steps;
    private Buffer gathered = Buffer.buffer();
    private boolean flushPending;

    Outlet(ClientReply client, Source source, Steps steps) {
        this.client = client;
        this.source = source;
        this.steps = steps;
    }

    /** What has been gathered and not sent, to be added to. */
    Buffer gathered() {
        return gathered;
    }

    int size() {
        return gathered.length();
    }

    /** Forgets what was gathered behind a position. */
    void cutAt(int position) {
        gathered = gathered.getBuffer(0, position);
    }

    /** Puts something else in the place of what was gathered. */
    void replace(byte[] whole) {
        gathered = Buffer.buffer(whole);
    }

    /** Sends what has been gathered when this turn is over, if the source still agrees. */
    void flushSoon() {
        if (!flushPending && gathered.length() > 0) {
            flushPending = true;
            steps.soon(() -> {
                flushPending = false;
                if (source.mayFlush()) {
                    flush();
                }
            });
        }
    }

    void flush() {
        if (gathered.length() == 0 || client.isGone()) {
            return;
        }
        Buffer out = gathered;
        gathered = Buffer.buffer();
        var unused = client.write(out);
        if (client.response().writeQueueFull()) {
            source.full();
            client.response().drainHandler(steps.each(ignored -> source.drained()));
        }
    }

    /** Sends what stands before a position and keeps the rest. */
    void flushBefore(int position) {
        Buffer rest = gathered.getBuffer(position, gathered.length());
        cutAt(position);
        flush();
        gathered = rest;
    }

    /** Sends the rest and ends the reply. */
    void end() {
        if (gathered.length() > 0) {
            client.end(gathered);
        } else {
            client.end();
        }
    }
}
