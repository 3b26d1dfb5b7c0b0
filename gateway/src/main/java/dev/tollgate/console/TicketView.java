package dev.tollgate.console;

import dev.tollgate.approval.Passage;
import dev.tollgate.approval.Reviewers;
import dev.tollgate.approval.Risk;
import dev.tollgate.approval.Terms;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Vote;
import dev.tollgate.value.Person;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A held call as somebody sees it.
 *
 * @param ticket the ticket
 * @param calls calls of tools that it is about
 * @param person who looks
 * @param csrf token for their forms
 */
record TicketView(Ticket ticket, List<CallView> calls, Person person, String csrf, Instant now) {
    TicketView {
        calls = List.copyOf(calls);
    }

    static TicketView of(Call call, Ticket ticket, Instant now) {
        List<CallView> calls =
                ticket.details().calls().stream().map(CallView::of).toList();
        return new TicketView(ticket, calls, call.person(), call.session().csrf(), now);
    }

    String id() {
        return ticket.id().value();
    }

    /** Where it has a page of its own. */
    String address() {
        return "/approvals/" + Format.url(id());
    }

    boolean isPending() {
        return ticket.state() == Ticket.State.PENDING && ticket.standsAt(now);
    }

    /** Whether a tool that the model calls waits, and not a call of the agent's. */
    boolean isToolCall() {
        return ticket.details().wish().isToolCall();
    }

    /** The new turn; empty where the call of a tool, which is shown as what it is, says it all. */
    VisibleText turn() {
        boolean isShown = isToolCall() && !calls.isEmpty();
        return VisibleText.of(
                isShown ? "" : ticket.summary().isEmpty() ? "(no text could be shown)" : ticket.summary());
    }

    /** How many characters of what may be changed would not be seen. */
    long hiddenIn(Passage passage) {
        return VisibleText.hiddenIn(passage.text());
    }

    /** Why whoever looks may not approve it; empty where they may. */
    String keepsFromApproving() {
        return Reviewers.refusal(ticket, person, true).orElse("");
    }

    boolean mayDeny() {
        return isPending() && Reviewers.refusal(ticket, person, false).isEmpty();
    }

    boolean mayApprove() {
        return isPending() && keepsFromApproving().isEmpty();
    }

    /** What was found in it, in words; empty where nothing was. */
    String found() {
        Risk risk = ticket.details().risk();
        String rules = String.join(", ", risk.findings());
        String score = risk.score() == 0 ? "" : String.format(Locale.ROOT, "injection score %.2f", risk.score());
        return rules.isEmpty() || score.isEmpty() ? rules + score : rules + ", " + score;
    }

    /** What standing leave could be given for, in words. */
    List<String> choices() {
        return GrantChoices.of(ticket).stream().map(GrantChoices.What::words).toList();
    }

    String length(int minutes) {
        return Format.length(Duration.ofMinutes(minutes));
    }

    /** How it was decided, in words; empty while it waits. */
    String decision() {
        String by = ticket.decidedBy() == null ? "nobody" : ticket.decidedBy();
        return switch (ticket.state()) {
            case PENDING -> isPending() ? "" : "Nobody decided in time.";
            case APPROVED -> "Approved by " + by + "; it waits for its client to come back.";
            case CONSUMED -> "Approved by " + by + "; the call has gone on.";
            case DENIED -> "Denied by " + by + ".";
            case EXPIRED -> "Nobody decided in time.";
        };
    }

    /** Who must decide, and who has spoken; empty where one approver is enough. */
    String whoDecides() {
        Terms terms = ticket.details().terms();
        List<String> words = new ArrayList<>();
        if (!terms.reviewers().isEmpty()) {
            words.add("Decided by " + String.join(" or ", terms.reviewers()) + ".");
        }
        if (terms.quorum() > 1) {
            words.add(ticket.details().approvals() + " of " + terms.quorum() + " approvals"
                    + ticket.details().votes().stream()
                            .map(Vote::by)
                            .reduce("", (all, one) -> all + (all.isEmpty() ? ": " : ", ") + one)
                    + ".");
        }
        if (!terms.notBy().isEmpty()) {
            words.add("Not by " + String.join(", ", terms.notBy()) + ", whose call it is.");
        }
        if (terms.approvesOnTimeout()) {
            words.add("Approved by itself when nobody decides in time.");
        }
        return String.join(" ", words);
    }

    @Override
    public String toString() {
        return "TicketView[" + ticket + "]";
    }
}
