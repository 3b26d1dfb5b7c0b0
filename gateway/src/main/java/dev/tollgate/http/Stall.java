package dev.tollgate.http;

import dev.tollgate.exchange.Steps;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Watches that a reply gets on: tells when the provider sends nothing, or the client takes nothing, for too long. */
final class Stall {
    private static final int LOOKS_PER_LIMIT = 4;

    /** Told once a side has been still for longer than the limit; again with each look until stopped. */
    interface Listener {
        void providerStalled();

        void clientStalled();
    }

    private final Duration limit;
    private final Steps steps;
    private final Listener listener;
    private long movedAt = System.nanoTime();
    private boolean clientFull;
    private @Nullable Long timer;

    Stall(Duration limit, Steps steps, Listener listener) {
        this.limit = limit;
        this.steps = steps;
        this.listener = listener;
    }

    /** Begins to watch; one that watches goes on. */
    void start() {
        if (timer == null) {
            timer = steps.every(limit.toMillis() / LOOKS_PER_LIMIT, this::look);
        }
    }

    void stop() {
        if (timer != null) {
            steps.cancel(timer);
            timer = null;
        }
    }

    /** Something came, or something was taken. */
    void moved() {
        movedAt = System.nanoTime();
    }

    /** From now on, or no longer, it is the client that is waited for. */
    void waitsForClient(boolean waits) {
        clientFull = waits;
        moved();
    }

    private void look() {
        if (System.nanoTime() - movedAt <= limit.toNanos()) {
            return;
        }
        if (clientFull) {
            listener.clientStalled();
        } else {
            listener.providerStalled();
        }
    }
}
