package dev.tollgate.audit.payload;

import dev.tollgate.audit.payload.PayloadEraser.Count;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Payloads as they were handed over, to be looked at. */
public class MemoryPayloads implements PayloadStore {
    public final List<Payload> kept = Collections.synchronizedList(new ArrayList<>());
    /** Whether there is room. */
    public volatile boolean hasRoom = true;

    @Override
    public boolean reserve(long bytes) {
        return hasRoom;
    }

    @Override
    public void release(long bytes) {}

    @Override
    public void keep(Payload payload, long reserved) {
        kept.add(payload);
    }

    @Override
    public Future<Answer> find(String exchange, Instant at, Part part) {
        synchronized (kept) {
            for (Payload one : kept) {
                if (one.whose().exchange().equals(exchange) && one.part() == part) {
                    return Future.succeededFuture(new Answer.Kept(new StoredPayload(
                            one.whose(),
                            part,
                            one.level(),
                            one.salt(),
                            one.bytes(),
                            one.total(),
                            one.masked(),
                            one.isAssembled(),
                            one.head())));
                }
            }
        }
        return Future.succeededFuture(new Answer.Missing());
    }

    @Override
    public Future<List<Step>> session(String session, Instant from, Instant to) {
        return Future.succeededFuture(List.of());
    }

    @Override
    public Future<Search.Result> search(Search search) {
        return Future.succeededFuture(new Search.Result(List.of(), true, search.to()));
    }

    @Override
    public Future<Count> erase(Subject subject, String by, String reason) {
        return Future.succeededFuture(new Count(0, 0, 0));
    }

    @Override
    public Future<List<Dropped>> dropBefore(LocalDate first) {
        return Future.succeededFuture(List.of());
    }
}
