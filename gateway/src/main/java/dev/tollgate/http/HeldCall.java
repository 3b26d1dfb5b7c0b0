package dev.tollgate.http;

import dev.tollgate.approval.Companions;
import dev.tollgate.approval.GrantUses;
import dev.tollgate.approval.HeldOriginals.Original;
import dev.tollgate.approval.Manners;
import dev.tollgate.approval.StandingGrant;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.TicketWords;
import dev.tollgate.approval.Waiting;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Steps;
import dev.tollgate.policy.ApprovalPolicy;
import dev.tollgate.policy.ApprovalPolicy.Drip;
import dev.tollgate.wire.Dialect;
import dev.tollgate.wire.Problem;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that waits for a person. Quiet at first, so that quick answers keep their true status; then bytes that mean nothing keep the
 * connection alive.
 *
 * <pre>
 *   QUIET ──quiet──▶ DRIP (200 is promised) ──▶ approved ▶ consumed ▶ resumed
 *     ├────────────── decided, or past the deadline ──────▶ denied ▶ refused
 *     └────────────── past the client's patience ─────────▶ parked: told to ask again, the ticket stays
 * </pre>
 */
final class HeldCall {
    private static final Logger LOG = LoggerFactory.getLogger(HeldCall.class);

    /** What waits for the person: a call, or a part of its reply. */
    interface Owner {
        /** It may go on, once. */
        void approved(Ticket ticket);

        /** It may go on without a ticket: somebody has given leave for all calls like it. */
        void granted(StandingGrant grant);

        /** What it has taken from standing grants. */
        GrantUses uses();

        /** Its place on this node. */
        Admission.Pass pass();

        /**
         * It may not, or not now.
         *
         * @param words for the record, about its ticket; empty where there is none
         */
        void refused(Problem problem, String words);
    }

    /**
     * What is asked of the person.
     *
     * @param draft the ticket
     * @param isShared whether one leave is for all calls with this ticket
     * @param original what it is about as it came; null where it is about several calls
     */
    record Question(
            Ticket draft, boolean isShared, @Nullable Original original) {}

    private final DataPlane plane;
    private final Owner owner;
    private final Exchange exchange;
    private final Question question;
    private final ClientReply client;
    private final Steps steps;
    private final ApprovalPolicy policy;
    private final Manners manners;
    /** Another one where another session has used the ticket that both waited for. */
    private Ticket draft;

    private final ApprovalUse approvals;
    private final TurnSearch search;
    private Optional<Waiting> wait = Optional.empty();
    private long dripping;
    private long parking;
    private boolean over;

    HeldCall(DataPlane plane, Owner owner, Exchange exchange, Question question, ClientReply client, Steps steps) {
        this.plane = plane;
        this.owner = owner;
        this.exchange = exchange;
        this.question = question;
        this.draft = question.draft();
        this.client = client;
        this.steps = steps;
        this.policy = exchange.policy().bundle().approval();
        this.manners = Manners.of(policy, exchange.inbound().headers());
        this.approvals = new ApprovalUse(plane.desk(), question.isShared());
        this.search = new TurnSearch(plane.desk(), steps, manners.patience());
    }

    void start() {
        plane.meters().held();
        // Before the stores have answered, which takes its time when thousands come at once.
        owner.pass().waits(policy.maxHeld());
        if (manners.drip() == Drip.HEARTBEAT) {
            dripping = steps.after(manners.quiet().toMillis(), this::drip);
        }
        parking = steps.after(manners.patience().toMillis(), this::park);
        steps.when(plane.grants().pass(draft, owner.uses()), asked -> {
            Optional<StandingGrant> grant = asked.succeeded() ? asked.result() : Optional.empty();
            if (over) {
                return;
            }
            if (grant.isPresent()) {
                inTurn(() -> {
                    stop();
                    owner.granted(grant.get());
                });
            } else {
                ask();
            }
        });
    }

    private void ask() {
        Companions companions = exchange.policy().view(Companions.class);
        search.start(
                draft,
                companions,
                ofTurn -> take(ofTurn.map(ticket -> plane.desk().await(ticket, draft, policy.maxHeld()))
                        .orElseGet(() -> plane.desk().hold(draft, policy.maxHeld()))));
    }

    private void take(Future<Optional<Waiting>> place) {
        steps.when(place, held -> {
            if (held.failed()) {
                LOG.error("exchange {} could not be held", exchange.id(), held.cause());
                unavailable("the call waits for a person, but the store of tickets cannot be reached");
            } else if (held.result().isEmpty()) {
                unavailable("the call needs a person's approval, and " + policy.maxHeld()
                        + " calls wait already, which is the limit max_held");
            } else {
                keepOriginal(held.result().get().ticket());
                await(held.result().get());
            }
        });
    }

    /** Of a ticket that was there before, its first call has kept it. */
    private void keepOriginal(Ticket ticket) {
        Original original = question.original();
        if (original != null && ticket.id().equals(draft.id())) {
            plane.shelf().keepOriginal(ticket, exchange, original);
        }
    }

    private void await(Waiting waiting) {
        if (over) {
            waiting.leave();
            return;
        }
        wait = Optional.of(waiting);
        Duration age = Duration.between(waiting.ticket().createdAt(), draft.createdAt());
        steps.cancel(parking);
        parking = steps.after(manners.patience(age).toMillis(), this::park);
        client.ticket(waiting.ticket().id().toString());
        steps.when(waiting.decision(), decided -> {
            if (decided.succeeded()) {
                follow(decided.result());
            } else {
                LOG.error("exchange {} cannot learn its decision", exchange.id(), decided.cause());
                unavailable("the call waits for a person, but the decision cannot be learned");
            }
        });
    }

    /** The client has gone: the ticket stays, so that a retry joins it. */
    void abandon() {
        if (!over) {
            stop();
            wait.ifPresent(Waiting::leave);
        }
    }

    private void follow(Ticket ticket) {
        if (over) {
            return;
        }
        switch (ticket.state()) {
            case APPROVED, CONSUMED -> inTurn(() -> use(ticket));
            case DENIED -> refuse(HeldProblems.denied(ticket), TicketWords.denied(ticket));
            case EXPIRED, PENDING -> refuse(HeldProblems.expired(ticket, allowed()), TicketWords.expired(ticket));
        }
    }

    /** Many may be approved at once. Nothing is taken before its turn: who leaves the line can come back for it. */
    private void inTurn(Runnable then) {
        int most = exchange.policy().bundle().server().limits().open();
        steps.when(owner.pass().turn(most), come -> {
            if (!over) {
                then.run();
            }
        });
    }

    /** Its ticket was for another call. */
    private void askAnew() {
        draft = plane.drafter().again(draft);
        owner.pass().waits(policy.maxHeld());
        take(plane.desk().hold(draft, policy.maxHeld()));
    }

    private void resume(Ticket ticket) {
        stop();
        owner.approved(ticket);
    }

    private Duration allowed() {
        return Duration.between(draft.createdAt(), draft.deadline());
    }

    private void use(Ticket ticket) {
        steps.when(approvals.take(ticket, draft, wait.orElseThrow()), used -> {
            if (over) {
                return;
            }
            if (used.failed()) {
                unavailable("the call was approved, but the approval could not be taken");
                return;
            }
            switch (used.result()) {
                case GOES_ON -> resume(ticket);
                case ANEW -> askAnew();
                case USED -> refuse(HeldProblems.used(ticket), TicketWords.used(ticket));
                case LOST -> refuse(HeldProblems.lost(ticket), TicketWords.lost(ticket));
            }
        });
    }

    private void refuse(Problem problem, String words) {
        stop();
        owner.refused(problem, words);
    }

    private void unavailable(String message) {
        if (over) {
            return;
        }
        refuse(HeldProblems.unavailable(message), "");
    }

    private void drip() {
        if (over) {
            return;
        }
        if (!client.hasBegun()) {
            client.promise(form(plane, exchange, client));
            client.response().setChunked(true);
        }
        client.heartbeat();
        dripping = steps.after(policy.drip().toMillis(), this::drip);
    }

    /** The client would not wait longer: an answer that it can read is worth more than a broken connection. */
    private void park() {
        if (over) {
            return;
        }
        if (wait.isEmpty()) {
            unavailable("the call waits for a person, but the store of tickets does not answer");
            return;
        }
        Ticket ticket = wait.get().ticket();
        wait.get().leave();
        refuse(HeldProblems.parked(ticket), TicketWords.parked(ticket));
    }

    /** The form in which the client expects its answer. */
    static ReplyForm form(DataPlane plane, Exchange exchange, ClientReply client) {
        if (!exchange.facts().streams()) {
            return ReplyForm.DOCUMENT;
        }
        boolean asArray = plane.wires()
                .of(exchange.endpoint().wire())
                .streamsAsArray(exchange.inbound().query());
        if (asArray) {
            return ReplyForm.ARRAY;
        }
        return client.streamType().equals(Dialect.AMAZON_EVENTS) ? ReplyForm.MESSAGES : ReplyForm.STREAM;
    }

    private void stop() {
        over = true;
        search.stop();
        steps.cancel(dripping);
        steps.cancel(parking);
        plane.meters().released();
    }
}
