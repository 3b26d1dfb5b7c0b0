package dev.tollgate.approval;

import dev.tollgate.approval.StandingGrant.Use;
import dev.tollgate.exchange.Grant;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Person;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Makes standing grants. Safe on any thread. */
public final class GrantMint {
    private final SecureRandom random;
    private final InstantSource clock;

    public GrantMint(SecureRandom random, InstantSource clock) {
        this.random = random;
        this.clock = clock;
    }

    /**
     * A grant from now on, not kept yet.
     *
     * @param limit what its calls may cost together; null for no limit
     * @param ticket the ticket it is made from; empty for none
     * @param note in the words of who makes it
     */
    public StandingGrant mint(
            Person by, GrantScope scope, @Nullable NanoUsd limit, Duration lasts, String ticket, String note) {
        // Every store keeps milliseconds.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return new StandingGrant(
                TicketDrafter.id(Grant.STANDING, random),
                by,
                scope,
                limit,
                ticket,
                note,
                now,
                now.plus(lasts),
                Use.NONE);
    }
}
