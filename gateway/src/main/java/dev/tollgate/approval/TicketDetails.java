package dev.tollgate.approval;

import java.util.ArrayList;
import java.util.List;

/**
 * What a ticket carries beside what every ticket has. Stores keep it as the text of {@link TicketText}, so that members can be added: one
 * that is absent has its default.
 *
 * @param terms who may decide
 * @param votes what was said so far, in order
 * @param wish the call of a tool that waits
 * @param link what links to it are signed with
 */
public record TicketDetails(Terms terms, List<Vote> votes, Wish wish, Link link) {
    public static final TicketDetails NONE = new TicketDetails(Terms.USUAL, List.of(), Wish.CALL, Link.NONE);

    public TicketDetails {
        terms = terms == null ? Terms.USUAL : terms;
        votes = votes == null ? List.of() : List.copyOf(votes);
        wish = wish == null ? Wish.CALL : wish;
        link = link == null ? Link.NONE : link;
    }

    TicketDetails with(Terms other) {
        return new TicketDetails(other, votes, wish, link);
    }

    TicketDetails with(Wish other) {
        return new TicketDetails(terms, votes, other, link);
    }

    TicketDetails with(Vote vote) {
        List<Vote> all = new ArrayList<>(votes);
        all.add(vote);
        return new TicketDetails(terms, all, wish, link);
    }

    public TicketDetails with(Link other) {
        return new TicketDetails(terms, votes, wish, other);
    }

    /** How many different people have approved. */
    public int approvals() {
        return (int)
                votes.stream().filter(Vote::approves).map(Vote::by).distinct().count();
    }
}
