package dev.tollgate.exchange;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.util.function.Consumer;

/**
 * The steps of one exchange: the one place through which futures, timers and connections call its code back. A step that throws is a fault
 * of ours; it goes to the exchange's owner, which ends the exchange. Thrown anywhere else it would end nothing, and the client would wait
 * for ever with its money held. Used on one event loop.
 */
public final class Steps {
    private final Vertx vertx;
    private final Consumer<Throwable> onFault;

    /**
     * @param onFault ends what the steps belong to; may be called more than once and must not throw
     */
    public Steps(Vertx vertx, Consumer<Throwable> onFault) {
        this.vertx = vertx;
        this.onFault = onFault;
    }

    /** Runs a step now. */
    public void run(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error fault) {
            // Errors too: a stack that overflowed on one hostile request must not leave that request open.
            onFault.accept(fault);
        }
    }

    /** Runs a step when a future of ours has an answer, or has none. */
    public <T> void when(Future<T> answer, Handler<AsyncResult<T>> step) {
        answer.onComplete(answered -> run(() -> step.handle(answered)));
    }

    /** A step that a connection or a stream calls with what came. */
    public <T> Handler<T> each(Handler<T> step) {
        return value -> run(() -> step.handle(value));
    }

    /** Runs a step after what is being done has been done. */
    public void soon(Runnable step) {
        vertx.runOnContext(ignored -> run(step));
    }

    /** Runs a step once, later; yields the timer's id. */
    public long after(long millis, Runnable step) {
        return vertx.setTimer(Math.max(1, millis), ignored -> run(step));
    }

    /** Runs a step again and again; yields the timer's id. */
    public long every(long millis, Runnable step) {
        return vertx.setPeriodic(Math.max(1, millis), ignored -> run(step));
    }

    /** Stops a timer; ids of timers that have run are ignored. */
    public void cancel(long timer) {
        vertx.cancelTimer(timer);
    }
}
