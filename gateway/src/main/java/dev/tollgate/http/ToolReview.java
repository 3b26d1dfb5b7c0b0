package dev.tollgate.http;

import dev.tollgate.approval.Edit;
import dev.tollgate.approval.GrantUses;
import dev.tollgate.approval.HeldOriginals.Original;
import dev.tollgate.approval.KeptReplies;
import dev.tollgate.approval.StandingGrant;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.ToolRules;
import dev.tollgate.approval.ToolRules.Ruling;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Steps;
import dev.tollgate.exchange.Target;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.policy.ApprovalPolicy;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.ToolsPolicy.Permit;
import dev.tollgate.policy.ToolsPolicy.ToolRule;
import dev.tollgate.provider.Reply;
import dev.tollgate.wire.CalledTool;
import dev.tollgate.wire.Problem;
import dev.tollgate.wire.ToolGate;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Judges the calls of tools in one reply before its client sees them: passes them as they came, takes them out with the reason in their
 * place, or lets a person decide. What cannot be read is not passed.
 */
final class ToolReview {
    /** Most bytes of a reply that wait for their end to be judged. */
    static final int MAX_KEPT_BYTES = 8 << 20;

    private static final int NANOS_PER_MICRO = 1000;

    private final DataPlane plane;
    private final Exchange exchange;
    private final Target served;
    private final String contentType;
    private final ClientReply client;
    private final Steps steps;
    private final ToolRules rules;
    private final boolean enforces;
    private final ToolGate gate;
    private final ToolOutcome outcome = new ToolOutcome();
    private final Deque<Asked> toAsk = new ArrayDeque<>();
    /** The reply as it came; null where there is too much of it to be kept. */
    private @Nullable Buffer raw = Buffer.buffer();

    private @Nullable HeldCall waiting;
    private boolean isKept;
    private boolean isAbandoned;
    private boolean isBlind;
    private long micros;

    private record Asked(CalledTool call, Ruling ruling) {}

    private ToolReview(
            DataPlane plane, Exchange exchange, Reply reply, ClientReply client, Steps steps, ToolRules rules) {
        this.plane = plane;
        this.exchange = exchange;
        this.served = reply.target();
        this.contentType = Objects.requireNonNullElse(reply.response().getHeader("content-type"), "");
        this.client = client;
        this.steps = steps;
        this.rules = rules;
        this.enforces = exchange.policy().bundle().tools().mode() == Mode.ENFORCE;
        Caller caller = exchange.caller();
        this.gate = new ToolGate(tool -> rules.mayKeepBack(caller, tool));
    }

    /** Null where no rule keeps calls back, or the reply is an error. */
    static @Nullable ToolReview of(
            DataPlane plane, Exchange exchange, Reply reply, AnswerForm form, ClientReply client, Steps steps) {
        ToolRules rules = exchange.policy().view(ToolRules.class);
        return rules.judgeCalls() && form.isSuccess()
                ? new ToolReview(plane, exchange, reply, client, steps, rules)
                : null;
    }

    /** Takes down what came, before anything is done with it. */
    void came(Buffer piece) {
        if (raw != null) {
            raw = enforces && raw.length() + piece.length() <= KeptReplies.MAX_BYTES ? raw.appendBuffer(piece) : null;
        }
    }

    /** Whether an event is kept back until the reply has ended. */
    boolean keeps(byte[] raw, @Nullable String name, byte @Nullable [] data) {
        return gate.keeps(raw, name, data);
    }

    /** A part of the reply cannot be read, and could call a tool. */
    void cannotRead() {
        isBlind = true;
    }

    /** Whether the reply must not pass: a part of it cannot be judged, or too much waits. */
    boolean isStuck() {
        return enforces && (isBlind || gate.isUnreadable() || gate.keptBytes() > MAX_KEPT_BYTES);
    }

    /** What the client is told of a reply that must not pass. */
    static Problem stuck() {
        return Problem.of(
                // Made again, the call would be paid again and end the same way.
                Problem.Kind.POLICY,
                "unreadable_reply",
                "the calls of tools in the answer cannot be judged: a part of it cannot be read, or has more than "
                        + MAX_KEPT_BYTES + " bytes");
    }

    boolean isKeeping() {
        return gate.isKeeping();
    }

    /**
     * Judges the calls of a reply that has ended, and adds what may pass of what was kept back.
     *
     * @param whole whether the reply is a document that waits in the outlet
     * @param then called when everything is decided
     */
    void judge(boolean whole, Outlet outlet, ReplyOwner owner, Runnable then) {
        if (whole) {
            document(outlet, owner, then);
            return;
        }
        decide(gate.calls(), owner, () -> {
            outlet.gathered().appendBytes(gate.release(enforces ? outcome.instead() : Map.of(), outcome.edited()));
            then.run();
        });
    }

    private void document(Outlet outlet, ReplyOwner owner, Runnable then) {
        byte[] bytes = outlet.gathered().getBytes();
        List<CalledTool> calls = gate.readDocument(bytes);
        if (calls.isEmpty()) {
            then.run();
            return;
        }
        decide(calls, owner, () -> {
            if (enforces && outcome.changesAny()) {
                outlet.cutAt(0);
                outlet.gathered().appendBytes(gate.without(bytes, outcome.instead(), outcome.edited()));
            }
            then.run();
        });
    }

    /** The client has gone: nobody waits any more. */
    void abandon() {
        isAbandoned = true;
        if (waiting != null) {
            waiting.abandon();
            waiting = null;
        }
    }

    /** Whoever makes the same call when the reply has passed must not find it again. */
    private void decide(List<CalledTool> calls, ReplyOwner owner, Runnable done) {
        judge(calls, owner, () -> {
            tell(owner);
            if (!isKept || outcome.isParked()) {
                done.run();
                return;
            }
            steps.when(plane.shelf().drop(owner.keptAs(), exchange), dropped -> {
                if (!isAbandoned) {
                    done.run();
                }
            });
        });
    }

    private void judge(List<CalledTool> calls, ReplyOwner owner, Runnable done) {
        long startedAt = System.nanoTime();
        for (CalledTool call : calls) {
            Ruling ruling = rules.ofCall(exchange, served, call.tool(), call.arguments());
            if (ruling.permit() == Permit.ALLOW) {
                continue;
            }
            if (ruling.permit() == Permit.DENY) {
                outcome.denied(call, ruling);
            } else {
                outcome.asked(call, ruling);
                toAsk.add(new Asked(call, ruling));
            }
        }
        micros = (System.nanoTime() - startedAt) / NANOS_PER_MICRO;
        if (enforces) {
            keep(owner, () -> askNext(owner, done));
        } else {
            done.run();
        }
    }

    /** A client that leaves now must not make the call a second time. */
    private void keep(ReplyOwner owner, Runnable then) {
        Buffer whole = raw;
        raw = null;
        if (toAsk.isEmpty() || whole == null) {
            then.run();
            return;
        }
        ApprovalPolicy policy = exchange.policy().bundle().approval();
        // They are asked about one after the other, and each has its time.
        Duration longest = Duration.ZERO;
        for (Asked asked : toAsk) {
            ToolRule rule = Objects.requireNonNull(asked.ruling.entry(), "only a rule holds");
            longest = longest.plus(rule.deadline()).plus(policy.approvalLasts());
        }
        isKept = true;
        Future<Void> kept =
                plane.shelf().keep(owner.keptAs(), exchange, served, contentType, whole.getBytes(), longest);
        steps.when(kept, done -> {
            // A client that has left meanwhile waits for nobody.
            if (!isAbandoned) {
                then.run();
            }
        });
    }

    private void askNext(ReplyOwner owner, Runnable done) {
        Asked next = toAsk.poll();
        if (next == null) {
            done.run();
            return;
        }
        steps.when(plane.payloads().masked(exchange, next.call.arguments()), masked -> {
            // What cannot be searched for secrets is not shown.
            String arguments = masked.succeeded() ? masked.result() : "[not shown]";
            Ticket draft = plane.drafter()
                    .draftToolCall(exchange, next.ruling, next.call.tool(), arguments, next.call.arguments());
            Original original = new Original(next.call.arguments().getBytes(StandardCharsets.UTF_8), false);
            HeldCall asking = new HeldCall(
                    plane,
                    new Asking(next, owner, done),
                    exchange,
                    new HeldCall.Question(draft, false, original),
                    client,
                    steps);
            waiting = asking;
            asking.start();
        });
    }

    /** One call that a person is asked about. */
    private final class Asking implements HeldCall.Owner {
        private final Asked asked;
        private final ReplyOwner owner;
        private final Runnable done;

        Asking(Asked asked, ReplyOwner owner, Runnable done) {
            this.asked = asked;
            this.owner = owner;
            this.done = done;
        }

        @Override
        public void approved(Ticket ticket) {
            Edit edit = ticket.details().edit();
            if (edit == null) {
                passes("ticket " + ticket.id() + " was approved by " + ticket.decidedBy());
            } else {
                change(ticket, edit);
            }
        }

        /** What a reviewer has written is judged as what the model has: only that a person looks at it is done. */
        private void change(Ticket ticket, Edit edit) {
            Ruling again = rules.ofCall(exchange, served, asked.call.tool(), edit.text());
            if (again.permit() == Permit.DENY || !gate.canChange(asked.call, edit.text())) {
                refused(Problem.of(
                        Problem.Kind.POLICY,
                        "approval_edit_failed",
                        "it was changed by its reviewer into a call that cannot be made (ticket " + ticket.id() + ")"));
                return;
            }
            steps.when(plane.payloads().masked(exchange, edit.text()), masked -> {
                if (masked.succeeded() && masked.result().equals(edit.text())) {
                    outcome.changed(asked.call, edit.text());
                    passes("ticket " + ticket.id() + " was changed and approved by " + ticket.decidedBy()
                            + ", SHA-256 of the new arguments " + edit.sha256());
                } else {
                    refused(Problem.of(
                            Problem.Kind.POLICY,
                            "approval_edit_failed",
                            "it was changed by its reviewer, and holds what the policy redacts (ticket " + ticket.id()
                                    + ")"));
                }
            });
        }

        @Override
        public void granted(StandingGrant grant) {
            outcome.granted("let pass by the standing grant " + grant.id() + " of "
                    + grant.by().name());
            next();
        }

        @Override
        public GrantUses uses() {
            return owner.grantUses();
        }

        @Override
        public void refused(Problem problem) {
            outcome.refused(asked.call, asked.ruling, problem);
            next();
        }

        private void passes(String detail) {
            outcome.approved(detail);
            next();
        }

        private void next() {
            waiting = null;
            askNext(owner, done);
        }
    }

    private void tell(ReplyOwner owner) {
        Verdict verdict = outcome.verdict(enforces, micros);
        if (verdict != null) {
            owner.judged(verdict);
        }
    }
}
