package dev.tollgate.approval;

import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Exchange;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Whose something is that is kept while people decide: by these names it is found when it is to be erased.
 *
 * @param team the team
 * @param agent the agent
 * @param session the session; empty where none was named
 * @param user the user; empty where none was named
 * @param at when the call came in, to the millisecond
 */
public record KeptOwner(String team, String agent, String session, String user, Instant at) {
    public KeptOwner {
        at = at.truncatedTo(ChronoUnit.MILLIS);
    }

    public static KeptOwner of(Exchange exchange) {
        Caller caller = exchange.caller();
        return new KeptOwner(
                caller.team().value(),
                caller.agent().value(),
                caller.session().map(Object::toString).orElse(""),
                caller.labels().user(),
                exchange.receivedAt());
    }

    /** All that it can be named by when it is to be erased, as {@link Erasure} writes it. */
    List<String> subjects(String exchange) {
        List<String> subjects = new ArrayList<>(List.of("exchange:" + exchange, "team:" + team, "agent:" + agent));
        if (!session.isEmpty()) {
            subjects.add("session:" + session);
        }
        if (!user.isEmpty()) {
            subjects.add("user:" + user);
        }
        return subjects;
    }
}
