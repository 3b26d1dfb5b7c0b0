package dev.tollgate.http;

import dev.tollgate.approval.Fingerprint;
import dev.tollgate.approval.HeldOriginals;
import dev.tollgate.approval.HeldOriginals.Original;
import dev.tollgate.approval.KeptOwner;
import dev.tollgate.approval.KeptReplies;
import dev.tollgate.approval.KeptReply;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.ToolRules;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.PayloadPolicy.Capture;
import dev.tollgate.stage.ToolStage;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replies that a person decides about, kept for clients that leave and come back: the provider is called and paid once, and a person asked
 * once. Where no other node keeps replies in the same store, calls ask it only while some reply is kept; where others do, every call asks
 * whose reply might be held. Safe on any thread.
 */
public final class ReplyShelf {
    /** How often it is asked whether any reply is kept. */
    public static final Duration REFRESH = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(ReplyShelf.class);

    private final KeptReplies store;
    private final HeldOriginals originals;
    private final InstantSource clock;
    /** Nobody knows at first what a node that has ended has left. */
    private volatile boolean mayHave = true;
    /** How often something was put here: what the store has said before is out of date then. */
    private final AtomicLong puts = new AtomicLong();

    public ReplyShelf(KeptReplies store, InstantSource clock) {
        this.store = store;
        this.originals = new HeldOriginals(store, clock);
        this.clock = clock;
    }

    /** Finds out whether any reply is kept. */
    public void refresh() {
        if (store.isShared()) {
            // What was true a moment ago may not be true of another node.
            return;
        }
        long before = puts.get();
        store.any(clock.instant())
                .onSuccess(any -> {
                    if (any) {
                        mayHave = true;
                    } else if (puts.get() == before) {
                        mayHave = false;
                    }
                })
                .onFailure(away -> LOG.debug("cannot tell whether replies are kept: {}", away.toString()));
    }

    /** Whether a reply may be kept for a call. */
    boolean mayHave(Exchange exchange) {
        return mayHave && mayKeep(exchange);
    }

    /** Whether the reply of a call may have to be kept. */
    static boolean mayKeep(Exchange exchange) {
        return exchange.policy().view(ToolRules.class).holdCalls()
                && exchange.policy().bundle().tools().mode() == Mode.ENFORCE
                && ToolStage.judges(exchange);
    }

    /** The reply that is kept for a call; empty where none is, or nobody can tell: then the provider is called. */
    Future<Optional<KeptReply>> find(String keptAs) {
        return store.find(keptAs, clock.instant()).otherwise(away -> {
            LOG.warn("a kept reply cannot be looked for: {}", away.toString());
            return Optional.empty();
        });
    }

    /** The reply that is kept for the same call of any session; empty where none is, or nobody can tell. */
    Future<Optional<KeptReply>> findOfAnySession(String anySession) {
        return store.findOfAnySession(anySession, clock.instant()).otherwise(away -> {
            LOG.warn("a kept reply cannot be looked for: {}", away.toString());
            return Optional.empty();
        });
    }

    /**
     * Keeps a reply as it came. Done in any case: without it the call is paid again when it is made again.
     *
     * @param waits how long a person has to decide, and the client to come back for it
     */
    Future<Void> keep(Name name, Exchange exchange, Target served, String contentType, byte[] body, Duration waits) {
        put();
        Instant now = clock.instant();
        KeptReply reply = new KeptReply(
                name.keptAs(),
                name.anySession(),
                exchange.id().value(),
                served.toString(),
                contentType,
                body,
                now.plus(waits).truncatedTo(ChronoUnit.MILLIS),
                KeptOwner.of(exchange),
                null);
        return store.put(reply, now)
                .onSuccess(kept -> put())
                .onFailure(away -> LOG.warn("the reply of {} cannot be kept: {}", exchange.id(), away.toString()))
                .otherwiseEmpty();
    }

    /**
     * Keeps what a call that a person is to decide about says as it came, where the policy keeps that. Told to nobody where it fails: the
     * ticket then has no original.
     */
    void keepOriginal(Ticket opened, Exchange exchange, Original original) {
        if (PayloadCapture.level(exchange) != Capture.FULL || !HeldOriginals.mayKeep(original)) {
            return;
        }
        put();
        originals
                .keep(opened, original, KeptOwner.of(exchange))
                .onSuccess(kept -> put())
                .onFailure(
                        away -> LOG.warn("the original of ticket {} cannot be kept: {}", opened.id(), away.toString()));
    }

    private void put() {
        puts.incrementAndGet();
        mayHave = true;
    }

    /** The reply of a call is passed on. Done in any case. */
    Future<Void> drop(String keptAs, Exchange exchange) {
        return store.drop(keptAs)
                .onFailure(away -> LOG.warn("the kept reply of {} stays: {}", exchange.id(), away.toString()))
                .otherwiseEmpty();
    }

    /**
     * What the reply of a call is kept as, by the call as its client made it. Streams and documents look alike to a ticket, but one is no
     * answer to who asked for the other.
     */
    static Name name(Exchange exchange) {
        String form = exchange.facts().streams() ? "kept stream" : "kept document";
        return new Name(Fingerprint.of(exchange, form), Fingerprint.ofAnySession(exchange, form));
    }

    /**
     * What a reply is kept as.
     *
     * @param keptAs for the call in its session
     * @param anySession for the same call in any
     */
    record Name(String keptAs, String anySession) {}
}
