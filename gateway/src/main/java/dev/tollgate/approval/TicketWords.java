package dev.tollgate.approval;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** How records tell what became of a call that waited: who decided, and about which ticket. */
public final class TicketWords {
    private static final Pattern NAMED = Pattern.compile("\\bticket ([A-Za-z0-9_]{1,64})\\b");

    private TicketWords() {}

    /** Somebody, or the time that their policy gives, has let it pass. */
    public static String approved(Ticket ticket) {
        return "approved by " + by(ticket) + named(ticket);
    }

    /** Somebody, or the time that their policy gives, has let another call of the same turn pass, and it with that one. */
    public static String shared(Ticket ticket) {
        return "approved by " + by(ticket) + " with another call of its turn" + named(ticket);
    }

    /** Somebody has changed it and let it pass. */
    public static String changed(Ticket ticket) {
        return "changed and approved by " + by(ticket) + named(ticket);
    }

    /** Somebody has refused it. */
    public static String denied(Ticket ticket) {
        return "denied by " + by(ticket) + named(ticket);
    }

    /** Nobody has decided, or no client has come back, in time. */
    public static String expired(Ticket ticket) {
        return "not decided in time" + named(ticket);
    }

    /** The approval was lost before a client came back for it. */
    public static String lost(Ticket ticket) {
        return "approved by " + by(ticket) + " and not used in time" + named(ticket);
    }

    /** Another attempt has used the approval. */
    public static String used(Ticket ticket) {
        return "approved by " + by(ticket) + " for another attempt" + named(ticket);
    }

    /** Its client was told to come back. */
    public static String parked(Ticket ticket) {
        return "still waiting" + named(ticket);
    }

    /** The tickets that such words name, in their order, each once. */
    public static List<String> named(String words) {
        return NAMED.matcher(words)
                .results()
                .map((MatchResult found) -> found.group(1))
                .distinct()
                .toList();
    }

    private static String named(Ticket ticket) {
        return " as ticket " + ticket.id();
    }

    private static String by(Ticket ticket) {
        String by = ticket.decidedBy();
        return by == null ? "nobody" : by;
    }
}
