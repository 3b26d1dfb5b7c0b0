package dev.tollgate;

import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.TicketLinks;
import dev.tollgate.pipeline.Notice;
import dev.tollgate.pipeline.Notifier;
import dev.tollgate.policy.NotifyPolicy;
import dev.tollgate.policy.PolicySource;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/** Tells people outside that a call waits for them. */
final class TicketNotices {
    private final PolicySource policies;
    private final Notifier notifier;
    private final InstantSource clock;

    TicketNotices(PolicySource policies, Notifier notifier, InstantSource clock) {
        this.policies = policies;
        this.notifier = notifier;
        this.clock = clock;
    }

    /** Says that a ticket was opened. What the call says is told only where the policy wants it told. */
    void opened(Ticket ticket) {
        NotifyPolicy policy = policies.current().bundle().notifications();
        Map<String, String> facts = new HashMap<>(Map.of(
                "ticket", ticket.id().value(),
                "agent", ticket.agent(),
                "team", ticket.team(),
                "model", ticket.model(),
                "rule", ticket.rule(),
                "reason", ticket.reason(),
                "tool", ticket.details().wish().tool(),
                "at_most", ticket.estimate() == null ? "" : ticket.estimate().toString(),
                "deadline", ticket.deadline().toString()));
        if (policy.tellSummary()) {
            facts.put("summary", ticket.summary());
        }
        Notice notice = new Notice(
                NotifyPolicy.Event.APPROVAL, clock.instant(), ticket.id().value(), text(policy, ticket), facts);
        String console = policy.consoleUrl();
        notifier.tell(
                console == null
                        ? notice
                        : notice.withLinks(recipient -> console.replaceFirst("/+$", "") + "/approvals/open/"
                                + TicketLinks.token(ticket, recipient)));
    }

    private static String text(NotifyPolicy policy, Ticket ticket) {
        String tool = ticket.details().wish().tool();
        String what = tool.isEmpty() ? "a call to " + ticket.model() : "to call the tool " + plain(tool);
        return ticket.agent() + " (team " + ticket.team() + ") wants " + what + ": " + ticket.reason() + ". Ticket "
                + ticket.id() + " waits until " + ticket.deadline().truncatedTo(ChronoUnit.SECONDS)
                + (policy.tellSummary() ? ".\n" + ticket.summary() : "");
    }

    /** A model chooses the names of tools freely: not all that it may write belongs into a chat. */
    private static String plain(String tool) {
        String plain = tool.replaceAll("[^A-Za-z0-9_.:/-]", "?");
        return plain.length() > 64 ? plain.substring(0, 64) + "…" : plain;
    }
}
