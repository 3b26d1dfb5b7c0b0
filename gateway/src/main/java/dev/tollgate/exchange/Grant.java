package dev.tollgate.exchange;

import dev.tollgate.value.TicketId;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * People's leave for one call to go on.
 *
 * @param ticket the ticket approved last, consumed by this exchange; or the id of a standing grant
 * @param approver who approved it
 * @param rules everything that held this call and was approved: one call may need more than one leave
 * @param at when the call went on; null where nobody waited
 */
public record Grant(
        TicketId ticket,
        String approver,
        Set<String> rules,
        @Nullable Instant at) {
    /** Begins the ids of standing grants, and of no ticket. */
    public static final String STANDING = "G";

    public Grant {
        rules = Set.copyOf(rules);
    }

    /** One of no particular moment. */
    public Grant(TicketId ticket, String approver, Set<String> rules) {
        this(ticket, approver, rules, null);
    }

    /** This leave for a call that goes on at some moment. */
    public Grant at(Instant moment) {
        return new Grant(ticket, approver, rules, moment);
    }

    /** A further leave, added to those that the call has. */
    public static Grant of(TicketId ticket, String approver, String rule, @Nullable Grant before) {
        Set<String> rules = new TreeSet<>(before == null ? Set.of() : before.rules);
        rules.add(rule);
        return new Grant(ticket, approver, rules);
    }

    /** Whether the leave given last is for all calls of a kind. */
    public boolean isStanding() {
        return ticket.value().startsWith(STANDING);
    }

    public boolean covers(String rule) {
        return rules.contains(rule);
    }

    /** What stands behind a prefix in the rules that have it. */
    public Set<String> rulesBehind(String prefix) {
        Set<String> found = new TreeSet<>();
        for (String rule : rules) {
            if (rule.startsWith(prefix)) {
                found.add(rule.substring(prefix.length()));
            }
        }
        return found;
    }
}
