package dev.tollgate.approval;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a ticket carries beside what every ticket has. Stores keep it as the text of {@link TicketText}, so that members can be added: one
 * that is absent has its default.
 *
 * @param terms who may decide
 * @param votes what was said so far, in order
 * @param wish the call of a tool that waits
 * @param link what links to it are signed with
 * @param passages what a reviewer may change; empty where nothing is shown whole
 * @param risk what the stages found in the call
 * @param calls calls of tools to show: the one that waits, or those that a call tells of
 * @param anySession what it has in common with the same call of other sessions ({@link Fingerprint#ofAnySession}); empty where no other session
 *     may take it over
 * @param turn the turn that the call belongs to
 */
public record TicketDetails(
        Terms terms,
        List<Vote> votes,
        Wish wish,
        Link link,
        List<Passage> passages,
        Risk risk,
        List<ShownCall> calls,
        String anySession,
        Turn turn) {
    public static final TicketDetails NONE = new TicketDetails(
            Terms.USUAL, List.of(), Wish.CALL, Link.NONE, List.of(), Risk.NONE, List.of(), "", Turn.NONE);

    public TicketDetails {
        terms = terms == null ? Terms.USUAL : terms;
        votes = votes == null ? List.of() : List.copyOf(votes);
        wish = wish == null ? Wish.CALL : wish;
        link = link == null ? Link.NONE : link;
        passages = passages == null ? List.of() : List.copyOf(passages);
        risk = risk == null ? Risk.NONE : risk;
        calls = calls == null ? List.of() : List.copyOf(calls);
        anySession = anySession == null ? "" : anySession;
        turn = turn == null ? Turn.NONE : turn;
    }

    /** One that shows no calls. */
    public TicketDetails(Terms terms, List<Vote> votes, Wish wish, Link link, List<Passage> passages, Risk risk) {
        this(terms, votes, wish, link, passages, risk, List.of(), "", Turn.NONE);
    }

    /** What other sessions may take over that make the same call. */
    public TicketDetails sharedBy(String sameCall) {
        return new TicketDetails(terms, votes, wish, link, passages, risk, calls, sameCall, turn);
    }

    public TicketDetails showing(List<ShownCall> shown) {
        return new TicketDetails(terms, votes, wish, link, passages, risk, shown, anySession, turn);
    }

    TicketDetails with(Turn other) {
        return new TicketDetails(terms, votes, wish, link, passages, risk, calls, anySession, other);
    }

    TicketDetails with(Risk found) {
        return new TicketDetails(terms, votes, wish, link, passages, found, calls, anySession, turn);
    }

    TicketDetails with(Terms other) {
        return new TicketDetails(other, votes, wish, link, passages, risk, calls, anySession, turn);
    }

    TicketDetails with(Wish other) {
        return new TicketDetails(terms, votes, other, link, passages, risk, calls, anySession, turn);
    }

    TicketDetails with(Vote vote) {
        List<Vote> all = new ArrayList<>(votes);
        all.add(vote);
        return new TicketDetails(terms, all, wish, link, passages, risk, calls, anySession, turn);
    }

    public TicketDetails with(Link other) {
        return new TicketDetails(terms, votes, wish, other, passages, risk, calls, anySession, turn);
    }

    TicketDetails with(List<Passage> shown) {
        return new TicketDetails(terms, votes, wish, link, shown, risk, calls, anySession, turn);
    }

    /** What goes on changed, as it was said last; null where it goes on as it is. */
    public @Nullable Edit edit() {
        List<Vote> counted = counted();
        return counted.isEmpty() ? null : counted.getFirst().edit();
    }

    /** How many different people have approved what would go on now. */
    public int approvals() {
        return (int) counted().stream()
                .filter(Vote::approves)
                .map(Vote::by)
                .distinct()
                .count();
    }

    /** Whether somebody has approved what would go on now. */
    boolean hasApproved(String person) {
        return counted().stream().anyMatch(vote -> vote.approves() && vote.by().equals(person));
    }

    /** The votes from the last change on: who approved before approved something else. */
    private List<Vote> counted() {
        for (int i = votes.size() - 1; i >= 0; i--) {
            if (votes.get(i).edit() != null) {
                return votes.subList(i, votes.size());
            }
        }
        return votes;
    }
}
