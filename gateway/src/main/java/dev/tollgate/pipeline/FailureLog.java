package dev.tollgate.pipeline;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.value.ExchangeId;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that a stage could not decide. A store that is away fails every call alike: one line in ten seconds tells of it, with how many others
 * there were. Each of them is on the record of its exchange. Safe on any thread.
 */
final class FailureLog {
    static final long PAUSE_NANOS = 10_000_000_000L;
    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

    private final LongSupplier nanoClock;
    private final AtomicLong nextAt;
    private final AtomicLong unsaid = new AtomicLong();

    FailureLog(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.nextAt = new AtomicLong(nanoClock.getAsLong());
    }

    /** Yields whether a line was written. */
    @CanIgnoreReturnValue
    boolean say(StageId stage, ExchangeId exchange, Throwable failure) {
        long now = nanoClock.getAsLong();
        long due = nextAt.get();
        if (now - due < 0 || !nextAt.compareAndSet(due, now + PAUSE_NANOS)) {
            unsaid.incrementAndGet();
            return false;
        }
        LOG.error(
                "stage {} could not decide on {} ({} more failures since the last line)",
                stage.id(),
                exchange,
                unsaid.getAndSet(0),
                failure);
        return true;
    }
}
