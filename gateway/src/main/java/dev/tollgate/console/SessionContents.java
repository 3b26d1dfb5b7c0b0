package dev.tollgate.console;

import dev.tollgate.audit.payload.PayloadStore;
import dev.tollgate.audit.payload.Step;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was said in the calls of a session, as far as it is kept. */
final class SessionContents {
    private static final Logger LOG = LoggerFactory.getLogger(SessionContents.class);
    /** Most bytes of requests that are read for one page; the calls behind them are shown without what was said. */
    private static final long MAX_BYTES = 128L << 20;
    /** Room for it on the page of one call: with what stands around it that page stays below {@link Limits#MAX_PAGE_BYTES}. */
    private static final int ROOM_BYTES = 165 * 1024;

    private final Vertx vertx;
    private final PayloadStore payloads;

    SessionContents(Vertx vertx, PayloadStore payloads) {
        this.vertx = vertx;
        this.payloads = payloads;
    }

    /**
     * What is kept of a session.
     *
     * @param all by exchange
     * @param trouble why nothing could be read; empty where that worked
     */
    record Found(Map<String, Said> all, String trouble) {
        Found {
            all = Map.copyOf(all);
        }

        /** What may be shown without being asked for. */
        Optional<Said> shown(String exchange) {
            return Optional.ofNullable(all.get(exchange)).filter(said -> !said.isOriginal());
        }
    }

    Future<Found> of(String session, SessionTimeline timeline) {
        Instant first = timeline.steps().getFirst().exchange().received().at();
        Instant last = timeline.steps().getLast().exchange().received().at();
        return payloads.session(session, first, last.plusNanos(1))
                .compose(steps -> vertx.executeBlocking(() -> new Found(read(steps), ""), false))
                .otherwise(failure -> {
                    LOG.warn("what was said in a session cannot be read: {}", failure.toString());
                    return new Found(Map.of(), "What was said cannot be read: " + failure.getMessage());
                });
    }

    /** What was said in one call, as a page shows it. */
    Future<SaidView> page(Said said) {
        // Taking calls of tools apart is no work for an event loop.
        return vertx.executeBlocking(() -> SaidView.of(said, new PageRoom(ROOM_BYTES)), false);
    }

    private static Map<String, Said> read(List<Step> steps) {
        Map<String, Said> all = new HashMap<>();
        long bytes = 0;
        for (Step step : steps) {
            bytes += step.pieces().stream()
                    .mapToLong(piece -> piece.bytes().length)
                    .sum();
            if (bytes > MAX_BYTES) {
                return all;
            }
            all.put(step.whose().exchange(), Said.of(step));
        }
        return all;
    }
}
