package dev.tollgate.approval;

import dev.tollgate.approval.StandingGrant.Use;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Person;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Standing grants for tests. */
public final class Grants {
    public static final Instant NOW = Tickets.NOW;
    public static final Duration LASTS = Duration.ofHours(2);

    private Grants() {}

    /** One for calls of a tool, made at {@link #NOW}, for {@link #LASTS}. */
    public static StandingGrant of(String id, String agent, @Nullable String dollars) {
        GrantScope scope = new GrantScope(
                agent, "core", "", "run-1", "delete", "", "bash", List.of("git push *"), List.of("/srv/app"));
        return of(id, scope, dollars, NOW);
    }

    public static StandingGrant of(String id, GrantScope scope, @Nullable String dollars, Instant at) {
        return new StandingGrant(
                id,
                Person.admin("ann"),
                scope,
                dollars == null ? null : NanoUsd.ofDollars(dollars),
                "A1",
                "fine",
                at,
                at.plus(LASTS),
                Use.NONE);
    }
}
