package dev.tollgate.http;

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
        steps.when(plane.desk().hold(draft, policy.maxHeld()), held -> {
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
            case APPROVED -> inTurn(() -> consume(ticket));
            case DENIED -> refuse(HeldProblems.denied(ticket), TicketWords.denied(ticket));
            case EXPIRED, PENDING -> refuse(HeldProblems.expired(ticket, allowed()), TicketWords.expired(ticket));
            case CONSUMED -> inTurn(() -> taken(ticket));
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

    /** Somebody else has the approval. */
    private void taken(Ticket ticket) {
        if (!question.isShared()) {
            used(ticket);
            return;
        }
        steps.when(plane.desk().isConsumed(ticket), consumed -> {
            if (over) {
                return;
            }
            if (consumed.failed()) {
                unavailable("the call was approved, but the approval cannot be looked at");
            } else if (consumed.result()) {
                // It was for all calls of its subject, and another one has taken it for all of them.
                resume(ticket);
            } else {
                refuse(HeldProblems.lost(ticket), TicketWords.lost(ticket));
            }
        });
    }

    /** Exactly one waiter gets an approval. */
    private void used(Ticket ticket) {
        steps.when(plane.desk().isUsedByAnother(ticket, draft.fingerprint()), another -> {
            if (over) {
                return;
            }
            if (another.succeeded() && another.result()) {
                // It passed from one session to another while both waited, on different nodes.
                draft = plane.drafter().again(draft);
                owner.pass().waits(policy.maxHeld());
                ask();
            } else {
                // A duplicate of the call that has it.
                refuse(HeldProblems.used(ticket), TicketWords.used(ticket));
            }
        });
    }

    private void resume(Ticket ticket) {
        stop();
        owner.approved(ticket);
    }

    private Duration allowed() {
        return Duration.between(draft.createdAt(), draft.deadline());
    }

    private void consume(Ticket ticket) {
        steps.when(plane.desk().consume(ticket, draft.fingerprint()), consumed -> {
            if (over) {
                return;
            }
            if (consumed.failed()) {
                unavailable("the call was approved, but the approval could not be taken");
            } else if (consumed.result()) {
                resume(ticket);
            } else {
                taken(ticket);
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
        steps.cancel(dripping);
        steps.cancel(parking);
        plane.meters().released();
    }
}
