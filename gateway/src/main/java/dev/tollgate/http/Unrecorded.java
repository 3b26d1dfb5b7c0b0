package dev.tollgate.http;

import dev.tollgate.value.ExchangeId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Says in the gateway's own log that calls could not be recorded: the first at once, then one line in {@link #PAUSE}, with how many there were. A full
 * disk meets every call, and what each of them wrote would fill what is left of it. Safe on any thread.
 */
final class Unrecorded {
    static final Duration PAUSE = Duration.ofSeconds(10);

    private final InstantSource clock;
    private final Consumer<String> say;
    private final AtomicLong unsaid = new AtomicLong();
    private final AtomicReference<Instant> next = new AtomicReference<>(Instant.MIN);

    /** @param say takes one line */
    Unrecorded(InstantSource clock, Consumer<String> say) {
        this.clock = clock;
        this.say = say;
    }

    /** @param what of the call could not be recorded: {@code exchange}, {@code the end of exchange} */
    void tell(String what, ExchangeId exchange, Throwable cause) {
        Instant now = clock.instant();
        Instant due = next.get();
        if (now.isBefore(due) || !next.compareAndSet(due, now.plus(PAUSE))) {
            unsaid.incrementAndGet();
            return;
        }
        long others = unsaid.getAndSet(0);
        say.accept(what + " " + exchange + " could not be recorded"
                + (others == 0 ? "" : ", nor " + others + " others since the last line like this") + ": " + cause);
    }
}
