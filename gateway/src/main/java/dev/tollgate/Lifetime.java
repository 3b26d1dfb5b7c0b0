package dev.tollgate;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** From the start of a process that serves until it is told to end (SIGTERM, SIGINT) and all that was open has ended. */
final class Lifetime {
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * Blocks until the process is told to end.
     *
     * @param patience how long the process then waits for {@link #over()}
     */
    void awaitEnd(Duration patience) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            end.countDown();
            try {
                // The process lives as long as this hook does.
                ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }));
        try {
            end.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** All that was open has ended. */
    void over() {
        ended.countDown();
    }
}
