package dev.tollgate.audit.payload;

import dev.tollgate.audit.payload.PayloadEraser.Count;
import dev.tollgate.audit.payload.PayloadShelf.Erased;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Payloads on a {@link PayloadShelf}: written on one thread, read on another. At most {@value #MAX_WAITING} questions wait; more fail at once. */
public final class ShelvedPayloads implements PayloadStore, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShelvedPayloads.class);
    private static final int MAX_WAITING = 1000;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final PayloadShelf shelf;
    private final PayloadKeys keys;
    private final PayloadWriter writer;
    private final InstantSource clock;
    private final ThreadPoolExecutor questions = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING),
            Thread.ofPlatform().name("tollgate-payload-reader").daemon(true).factory());

    private ShelvedPayloads(PayloadShelf shelf, PayloadKeys keys, PayloadWriter writer, InstantSource clock) {
        this.shelf = shelf;
        this.keys = keys;
        this.writer = writer;
        this.clock = clock;
    }

    /**
     * @param shelf closed with this store
     * @param backlog most bytes that wait to be written
     */
    public static ShelvedPayloads open(PayloadShelf shelf, PayloadKeys keys, long backlog, InstantSource clock) {
        ShelvedPayloads store = new ShelvedPayloads(shelf, keys, PayloadWriter.start(shelf, keys, backlog), clock);
        store.questions.execute(store::finishErasures);
        return store;
    }

    private void finishErasures() {
        try {
            int finished = new PayloadEraser(shelf, keys).finish();
            if (finished > 0) {
                LOG.warn(
                        "erasures were cut short before they had destroyed the keys of {} teams' days; now they have",
                        finished);
            }
        } catch (IOException | RuntimeException failure) {
            LOG.warn(
                    "an erasure that was cut short cannot be completed here; give the same `audit erase` again: {}",
                    failure.getMessage());
        }
    }

    @Override
    public boolean reserve(long bytes) {
        return writer.reserve(bytes);
    }

    @Override
    public void release(long bytes) {
        writer.release(bytes);
    }

    @Override
    public void keep(Payload payload, long reserved) {
        writer.keep(payload, reserved);
    }

    /** What it does, for health checks; fails while payloads cannot be written. */
    public Future<String> state() {
        Optional<String> trouble = writer.trouble();
        return trouble.isEmpty()
                ? Future.succeededFuture(writer.waiting() + " bytes wait to be written")
                : Future.failedFuture(trouble.get());
    }

    @Override
    public Future<Answer> find(String exchange, Instant at, Part part) {
        return ask(() -> reader().find(exchange, at, part));
    }

    @Override
    public Future<List<Step>> session(String session, Instant from, Instant to) {
        return ask(() -> reader().session(session, from, to, MAX_STEPS));
    }

    @Override
    public Future<Search.Result> search(Search search) {
        return ask(() -> new PayloadSearch(shelf, keys, search).run());
    }

    @Override
    public Future<Count> erase(Subject subject, String by, String reason) {
        return ask(() -> new PayloadEraser(shelf, keys).erase(subject, new Erased("", clock.instant(), by, reason)));
    }

    @Override
    public Future<List<Dropped>> dropBefore(LocalDate first) {
        return ask(() -> {
            List<Dropped> dropped = new ArrayList<>();
            for (LocalDate day : shelf.days()) {
                if (day.isBefore(first)) {
                    shelf.drop(day).ifPresent(bytes -> dropped.add(new Dropped(day, bytes)));
                }
            }
            destroyKeysBefore(first);
            return dropped;
        });
    }

    /** That it fails must not keep what was dropped from being recorded: the next look tries again. */
    private void destroyKeysBefore(LocalDate first) {
        try {
            shelf.keys().destroyBefore(first);
        } catch (IOException failure) {
            LOG.warn("the keys of payloads before {} are not destroyed yet: {}", first, failure.getMessage());
        }
    }

    private PayloadReader reader() {
        return new PayloadReader(shelf, keys);
    }

    private <T> Future<T> ask(Callable<T> question) {
        Context caller = Vertx.currentContext();
        Promise<T> promise = Promise.promise();
        try {
            questions.execute(() -> {
                try {
                    T answer = question.call();
                    completed(caller, () -> promise.tryComplete(answer));
                } catch (Exception
                        | Error failure) { // whatever it is: nobody may wait for an answer that does not come
                    completed(caller, () -> promise.tryFail(failure));
                }
            });
        } catch (RejectedExecutionException full) {
            promise.fail(new IOException(MAX_WAITING + " questions for payloads wait already", full));
        }
        return promise.future();
    }

    private static void completed(@org.jspecify.annotations.Nullable Context caller, Runnable completion) {
        if (caller == null) {
            completion.run();
        } else {
            caller.runOnContext(ignored -> completion.run());
        }
    }

    /** Writes what waits, then closes the shelf. Blocks for up to half a minute. */
    @Override
    public void close() {
        writer.close();
        questions.shutdown();
        try {
            if (!questions.awaitTermination(CLOSE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                questions.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        shelf.close();
    }
}
