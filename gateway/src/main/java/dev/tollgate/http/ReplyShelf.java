package dev.tollgate.http;

import dev.tollgate.approval.Fingerprint;
import dev.tollgate.approval.KeptReplies;
import dev.tollgate.approval.KeptReply;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.ToolRules;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Target;
import dev.tollgate.stage.ToolStage;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replies that a person decides about, kept for clients that leave and come back: the provider is called and paid once. Calls ask the store
 * only while some reply is kept; what another node keeps is known within {@link #REFRESH}. Safe on any thread.
 */
public final class ReplyShelf {
    /** How often it is asked whether any reply is kept. */
    public static final Duration REFRESH = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(ReplyShelf.class);

    private final KeptReplies store;
    private final InstantSource clock;
    /** Nobody knows at first what a node that has ended has left. */
    private volatile boolean mayHave = true;

    public ReplyShelf(KeptReplies store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Finds out whether any reply is kept. */
    public void refresh() {
        store.any(clock.instant())
                .onSuccess(any -> mayHave = any)
                .onFailure(away -> LOG.debug("cannot tell whether replies are kept: {}", away.toString()));
    }

    /** Whether a reply may be kept for a call. */
    boolean mayHave(Exchange exchange) {
        return mayHave && exchange.policy().view(ToolRules.class).judgeCalls() && ToolStage.judges(exchange);
    }

    /** The reply that is kept for a call; empty where none is, or nobody can tell: then the provider is called. */
    Future<Optional<KeptReply>> find(Exchange exchange) {
        return store.find(fingerprint(exchange), clock.instant()).otherwise(away -> {
            LOG.warn("a kept reply cannot be looked for: {}", away.toString());
            return Optional.empty();
        });
    }

    /**
     * Keeps a reply as it came. Done in any case: without it the call is paid again when it is made again.
     *
     * @param waits how long a person has to decide
     */
    Future<Void> keep(Exchange exchange, Target served, String contentType, byte[] body, Duration waits) {
        mayHave = true;
        Instant now = clock.instant();
        KeptReply reply = new KeptReply(
                fingerprint(exchange),
                exchange.id().value(),
                served.toString(),
                contentType,
                body,
                now.plus(waits).plus(Ticket.APPROVAL_LASTS).truncatedTo(ChronoUnit.MILLIS));
        return store.put(reply, now)
                .onFailure(away -> LOG.warn("the reply of {} cannot be kept: {}", exchange.id(), away.toString()))
                .otherwiseEmpty();
    }

    /** The reply of a call has been passed on. */
    void drop(Exchange exchange) {
        store.drop(fingerprint(exchange))
                .onFailure(away -> LOG.warn("the kept reply of {} stays: {}", exchange.id(), away.toString()));
    }

    /** Streams and documents look alike to a ticket, but one is no answer to who asked for the other. */
    private static String fingerprint(Exchange exchange) {
        return Fingerprint.of(exchange, exchange.facts().streams() ? "kept stream" : "kept document");
    }
}
