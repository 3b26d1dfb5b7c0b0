package dev.tollgate.http;

import dev.tollgate.approval.Edit;
import dev.tollgate.approval.GrantUses;
import dev.tollgate.approval.HeldOriginals.Original;
import dev.tollgate.approval.StandingGrant;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.TicketWords;
import dev.tollgate.approval.Turn;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Grant;
import dev.tollgate.exchange.Steps;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.StageId;
import dev.tollgate.policy.ApprovalPolicy.DenyAs;
import dev.tollgate.value.TicketId;
import dev.tollgate.wire.Problem;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A call that waits for a person before it is sent. */
final class HeldRequest implements HeldCall.Owner {
    private final DataPlane plane;
    private final ExchangeRun run;
    private final Exchange exchange;
    private final Decision.Hold hold;
    private final Turn turn;
    private final ClientReply client;

    private HeldRequest(
            DataPlane plane, ExchangeRun run, Exchange exchange, Decision.Hold hold, Turn turn, ClientReply client) {
        this.plane = plane;
        this.run = run;
        this.exchange = exchange;
        this.hold = hold;
        this.turn = turn;
        this.client = client;
    }

    /** Not started yet. */
    static HeldCall of(
            DataPlane plane, ExchangeRun run, Exchange exchange, Decision.Hold hold, ClientReply client, Steps steps) {
        Ticket draft = plane.drafter()
                .draft(exchange, hold.rule(), hold.reason(), hold.deadline(), hold.subject(), hold.review());
        boolean isShared = hold.subject() != null;
        HeldCall.Question question = new HeldCall.Question(
                draft,
                isShared,
                isShared ? null : new Original(exchange.content().bytes(), true));
        HeldRequest owner =
                new HeldRequest(plane, run, exchange, hold, draft.details().turn(), client);
        return new HeldCall(plane, owner, exchange, question, client, steps);
    }

    @Override
    public void approved(Ticket ticket) {
        String approver = ticket.decidedBy() == null ? "" : ticket.decidedBy();
        Edit edit = ticket.details().edit();
        if (edit == null) {
            boolean isOwn = ticket.details().turn().companion().equals(turn.companion());
            resume(exchange, ticket.id(), approver, isOwn ? TicketWords.approved(ticket) : TicketWords.shared(ticket));
            return;
        }
        Optional<Exchange> edited = EditedCall.of(plane.wires(), exchange, edit);
        if (edited.isPresent()) {
            resume(
                    edited.get(),
                    ticket.id(),
                    approver,
                    TicketWords.changed(ticket) + ", SHA-256 of the new text " + edit.sha256());
        } else {
            // Going on unchanged would send what nobody has approved.
            run.refuse(Problem.of(
                    Problem.Kind.POLICY,
                    "approval_edit_failed",
                    "the call was changed by its reviewer, and the change does not fit it (ticket " + ticket.id()
                            + ")"));
        }
    }

    @Override
    public void granted(StandingGrant grant) {
        String maker = grant.by().name();
        resume(
                exchange,
                new TicketId(grant.id()),
                maker,
                "let pass by the standing grant " + grant.id() + " of " + maker);
    }

    private void resume(Exchange released, TicketId leave, String approver, String words) {
        Verdict verdict = new Verdict(StageId.APPROVE.id(), "proceed", "ok", List.of(hold.rule()), words, 0);
        Grant grant = Grant.of(leave, approver, hold.rule(), exchange.grant())
                .at(plane.clock().instant());
        run.resume(released.withVerdict(verdict).withGrant(grant));
    }

    @Override
    public GrantUses uses() {
        return run.grantUses();
    }

    @Override
    public Admission.Pass pass() {
        return run.pass();
    }

    @Override
    public void refused(Problem problem, String words) {
        if (!words.isEmpty()) {
            run.judged(new Verdict(StageId.APPROVE.id(), "hold", problem.code(), List.of(hold.rule()), words, 0));
        }
        DenyAs usual = exchange.policy().bundle().approval().denyAs();
        boolean isRefusal = problem.kind() == Problem.Kind.POLICY
                && Objects.requireNonNullElse(hold.review().denyAs(), usual) == DenyAs.REFUSAL;
        if (isRefusal) {
            client.sayInWords(HeldCall.form(plane, exchange, client));
        }
        run.refuse(problem);
    }
}
