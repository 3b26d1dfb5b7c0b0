package dev.tollgate.http;

import dev.tollgate.approval.Ticket;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Grant;
import dev.tollgate.exchange.Steps;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.policy.ApprovalPolicy.DenyAs;
import dev.tollgate.wire.Problem;

/** A call that waits for a person before it is sent. */
final class HeldRequest implements HeldCall.Owner {
    private final DataPlane plane;
    private final ExchangeRun run;
    private final Exchange exchange;
    private final String rule;
    private final ClientReply client;

    private HeldRequest(DataPlane plane, ExchangeRun run, Exchange exchange, String rule, ClientReply client) {
        this.plane = plane;
        this.run = run;
        this.exchange = exchange;
        this.rule = rule;
        this.client = client;
    }

    /** Not started yet. */
    static HeldCall of(
            DataPlane plane, ExchangeRun run, Exchange exchange, Decision.Hold hold, ClientReply client, Steps steps) {
        Ticket draft = plane.drafter().draft(exchange, hold.rule(), hold.reason(), hold.deadline(), hold.subject());
        HeldCall.Question question = new HeldCall.Question(draft, hold.subject() != null);
        HeldRequest owner = new HeldRequest(plane, run, exchange, hold.rule(), client);
        return new HeldCall(plane, owner, exchange, question, client, steps);
    }

    @Override
    public void approved(Ticket ticket) {
        String approver = ticket.decidedBy() == null ? "" : ticket.decidedBy();
        run.resume(exchange.withGrant(Grant.of(ticket.id(), approver, rule, exchange.grant())));
    }

    @Override
    public void refused(Problem problem) {
        boolean isRefusal = problem.kind() == Problem.Kind.POLICY
                && exchange.policy().bundle().approval().denyAs() == DenyAs.REFUSAL;
        if (isRefusal) {
            client.sayInWords(HeldCall.form(plane, exchange, client));
        }
        run.refuse(problem);
    }
}
