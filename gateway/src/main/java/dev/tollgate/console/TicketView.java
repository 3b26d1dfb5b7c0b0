package dev.tollgate.console;

import dev.tollgate.approval.Passage;
import dev.tollgate.approval.Reviewers;
import dev.tollgate.approval.Risk;
import dev.tollgate.approval.ShownCall;
import dev.tollgate.approval.Terms;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Turn;
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
 * @param says what the call says
 * @param person who looks
 * @param csrf token for their forms
 */
record TicketView(Ticket ticket, Says says, Person person, String csrf, Instant now) {
    /**
     * What a call says, as far as the page has room for it.
     *
     * @param calls calls of tools that it is about
     * @param turn the new turn; empty where the call of a tool, which is shown as what it is, says it all
     * @param passages what may be changed; none where there is no room for all of them
     * @param isCut whether there is more
     */
    record Says(List<CallView> calls, VisibleText turn, List<Passage> passages, boolean isCut) {
        Says {
            calls = List.copyOf(calls);
            passages = List.copyOf(passages);
        }

        static Says of(Ticket ticket, PageRoom room) {
            List<ShownCall> shown = ticket.details().calls();
            boolean isShown = ticket.details().wish().isToolCall() && !shown.isEmpty();
            String text = ticket.summary().isEmpty() ? "(no text could be shown)" : ticket.summary();
            VisibleText turn = VisibleText.of(isShown ? "" : room.take(text));
            List<CallView> calls = new ArrayList<>();
            for (ShownCall call : shown) {
                if (!room.isFull()) {
                    calls.add(CallView.of(call, room));
                }
            }
            boolean isCut = room.cuts() > 0 || calls.size() < shown.size();
            List<Passage> passages = ticket.details().passages();
            boolean fit = passages.stream().allMatch(passage -> room.takeWhole(passage.text()));
            return new Says(calls, turn, fit ? passages : List.of(), isCut);
        }

        @Override
        public String toString() {
            return "Says[" + calls.size() + " calls, redacted]";
        }
    }

    /** @param room what the page has for what the call says; nothing of it is used yet */
    static TicketView of(Call call, Ticket ticket, Instant now, PageRoom room) {
        return new TicketView(
                ticket, Says.of(ticket, room), call.person(), call.session().csrf(), now);
    }

    List<CallView> calls() {
        return says.calls;
    }

    List<Passage> passages() {
        return says.passages;
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

    VisibleText turn() {
        return says.turn;
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

    /** Which other calls of the turn go on with it; empty where none is known. */
    String goesFor() {
        Turn turn = ticket.details().turn();
        if (turn.leads()) {
            return "This is the call " + turn.companion()
                    + ", which comes before the one that answers. Whoever approves it approves that one too, of which only these new words are seen, and whose cost comes on top.";
        }
        return turn.joined().isEmpty() ? "" : "With it went " + String.join(", ", turn.joined()) + ".";
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
