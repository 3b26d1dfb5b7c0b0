package dev.tollgate.http;

import dev.tollgate.approval.Edit;
import dev.tollgate.approval.GrantUses;
import dev.tollgate.approval.HeldOriginals.Original;
import dev.tollgate.approval.StandingGrant;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.TicketWords;
import dev.tollgate.approval.ToolRules.Ruling;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Steps;
import dev.tollgate.policy.ApprovalPolicy;
import dev.tollgate.policy.ToolsPolicy.Permit;
import dev.tollgate.policy.ToolsPolicy.ToolRule;
import dev.tollgate.wire.CalledTool;
import dev.tollgate.wire.Problem;
import dev.tollgate.wire.ToolGate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Asks people about calls of tools in one reply, one after the other, and takes down what they say. Belongs to one reply. */
final class ToolQuestions {
    private final DataPlane plane;
    private final ClientReply client;
    private final Steps steps;
    private final ToolGate gate;
    private final ToolOutcome outcome;
    private final Deque<Asked> toAsk = new ArrayDeque<>();
    /** The rules under which people let calls pass, by the places of the calls. */
    private final Map<String, String> passed = new HashMap<>();

    private @Nullable HeldCall waiting;

    private record Asked(CalledTool call, Ruling ruling, ToolJudge judge) {}

    ToolQuestions(DataPlane plane, ClientReply client, Steps steps, ToolGate gate, ToolOutcome outcome) {
        this.plane = plane;
        this.client = client;
        this.steps = steps;
        this.gate = gate;
        this.outcome = outcome;
    }

    /** A person is to be asked about a call. */
    void add(CalledTool call, Ruling ruling, ToolJudge judge) {
        toAsk.add(new Asked(call, ruling, judge));
    }

    boolean isEmpty() {
        return toAsk.isEmpty();
    }

    /** Whether somebody has let a call pass that this rule holds. */
    boolean hasPassed(CalledTool call, Ruling ruling) {
        return ruling.rule().equals(passed.get(call.place()));
    }

    /** How long people have for all of them, and the client to come back for each. */
    Duration longest(ApprovalPolicy policy) {
        Duration longest = Duration.ZERO;
        for (Asked asked : toAsk) {
            ToolRule rule = Objects.requireNonNull(asked.ruling.entry(), "only a rule holds");
            longest = longest.plus(rule.deadline()).plus(policy.approvalLasts());
        }
        return longest;
    }

    /** Asks about what was added; {@code done} is not called where the client leaves. */
    void ask(ReplyOwner owner, Runnable done) {
        Asked next = toAsk.poll();
        if (next == null) {
            done.run();
            return;
        }
        Exchange exchange = next.judge.exchange();
        steps.when(plane.payloads().masked(exchange, next.call.arguments()), masked -> {
            // What cannot be searched for secrets is not shown.
            String arguments = masked.succeeded() ? masked.result() : "[not shown]";
            Ticket draft = plane.drafter()
                    .draftToolCall(exchange, next.ruling, next.call.tool(), arguments, next.call.arguments());
            Original original = new Original(next.call.arguments().getBytes(StandardCharsets.UTF_8), false);
            HeldCall.Question question = new HeldCall.Question(draft, false, original);
            HeldCall asking = new HeldCall(plane, new Asking(next, owner, done), exchange, question, client, steps);
            waiting = asking;
            asking.start();
        });
    }

    /** The client has gone: nobody waits any more. */
    void abandon() {
        if (waiting != null) {
            waiting.abandon();
            waiting = null;
        }
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
                passes(TicketWords.approved(ticket));
            } else {
                change(ticket, edit);
            }
        }

        /** What a reviewer has written is judged as what the model has: only that a person looks at it is done. */
        private void change(Ticket ticket, Edit edit) {
            Ruling again = asked.judge.of(asked.call.tool(), edit.text());
            if (again.permit() == Permit.DENY || !gate.canChange(asked.call, edit.text())) {
                refused(
                        failed(ticket, "it was changed by its reviewer into a call that cannot be made"),
                        TicketWords.changed(ticket));
                return;
            }
            steps.when(plane.payloads().masked(asked.judge.exchange(), edit.text()), masked -> {
                if (masked.succeeded() && masked.result().equals(edit.text())) {
                    outcome.changed(asked.call, edit.text());
                    passes(TicketWords.changed(ticket) + ", SHA-256 of the new arguments " + edit.sha256());
                } else {
                    refused(
                            failed(ticket, "it was changed by its reviewer, and holds what the policy redacts"),
                            TicketWords.changed(ticket));
                }
            });
        }

        private static Problem failed(Ticket ticket, String why) {
            return Problem.of(Problem.Kind.POLICY, "approval_edit_failed", why + " (ticket " + ticket.id() + ")");
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
        public Admission.Pass pass() {
            return owner.pass();
        }

        @Override
        public void refused(Problem problem, String words) {
            outcome.refused(asked.call, asked.ruling, problem, words);
            next();
        }

        private void passes(String detail) {
            outcome.approved(detail);
            next();
        }

        private void next() {
            waiting = null;
            passed.put(asked.call.place(), asked.ruling.rule());
            ask(owner, done);
        }
    }
}
