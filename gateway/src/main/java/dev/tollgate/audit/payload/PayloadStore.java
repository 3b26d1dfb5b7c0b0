package dev.tollgate.audit.payload;

import dev.tollgate.audit.payload.PayloadEraser.Count;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * What requests and replies said. Safe on any thread; nothing here waits, and futures complete on the caller's Vert.x context. A failed future
 * means that the store cannot be read, that a payload is damaged, or that its key is not known here.
 */
public interface PayloadStore extends PayloadSink {
    /** Most calls of a session that are told at once. */
    int MAX_STEPS = 1000;

    /**
     * One payload.
     *
     * @param at when its call came in, as its record says
     */
    Future<Answer> find(String exchange, Instant at, Part part);

    /** The calls of a session in their order, each with what was new in it: the first {@value #MAX_STEPS}. */
    Future<List<Step>> session(String session, Instant from, Instant to);

    /** Payloads that contain a text. */
    Future<Search.Result> search(Search search);

    /**
     * Erases the payloads of a subject's calls that came in up to now, written or not. What only they lead to is deleted and overwritten.
     *
     * @param by who erases
     */
    Future<Count> erase(Subject subject, String by, String reason);

    /** Drops all days before one; yields those that were dropped. */
    Future<List<Dropped>> dropBefore(LocalDate first);

    /**
     * A day that was dropped.
     *
     * @param bytes what it took, as far as that is known; else 0
     */
    record Dropped(LocalDate day, long bytes) {}
}
