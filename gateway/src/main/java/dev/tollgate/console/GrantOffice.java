package dev.tollgate.console;

import dev.tollgate.approval.GrantMint;
import dev.tollgate.approval.GrantScope;
import dev.tollgate.approval.Reviewers;
import dev.tollgate.approval.StandingGrant;
import dev.tollgate.approval.Ticket;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Person;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Standing grants, made and ended by people. Each is recorded before it takes effect, and does not take effect when it cannot be recorded. */
final class GrantOffice {
    /** Longest life of a grant. */
    static final Duration MAX_LIFE = Duration.ofDays(30);

    private final Collaborators rooms;
    private final Deeds deeds;
    private final InstantSource clock;
    private final GrantMint mint;

    GrantOffice(Collaborators rooms, InstantSource clock) {
        this.rooms = rooms;
        this.clock = clock;
        this.deeds = new Deeds(rooms.log(), clock);
        this.mint = new GrantMint(new SecureRandom(), clock);
    }

    /**
     * What somebody wants to give.
     *
     * @param scope for which calls
     * @param limit what they may cost together; null for no limit
     * @param lasts for how long
     * @param ticket the ticket that it is made from; empty for none
     * @param note in their words
     */
    record GrantWish(GrantScope scope, @Nullable NanoUsd limit, Duration lasts, String ticket, String note) {}

    /** A grant from a ticket that its reviewer looks at. */
    Future<StandingGrant> fromTicket(Person person, Ticket ticket, GrantWish wish) {
        // Somebody who may not approve this call alone may not let others like it pass.
        Reviewers.refusal(ticket, person, true).ifPresent(why -> {
            throw new Refused(403, "role_missing", why);
        });
        int quorum = ticket.details().terms().quorum();
        if (quorum > 1) {
            throw new Refused(
                    409,
                    "more_reviewers_needed",
                    "calls that the rule " + ticket.rule() + " holds need " + quorum
                            + " people, so one cannot give standing leave");
        }
        return make(person, wish);
    }

    /** A grant without a ticket: whether its maker may approve a call is asked again when one comes. */
    Future<StandingGrant> create(Person person, GrantWish wish) {
        if (!person.mayDecide(
                wish.scope().team().isEmpty() ? Person.ALL_TEAMS : wish.scope().team())) {
            throw Refused.notAllowed(Route.Need.APPROVER.words()
                    + (wish.scope().team().isEmpty()
                            ? " for all teams, or name a team"
                            : " for the team " + wish.scope().team()));
        }
        return make(person, wish);
    }

    private Future<StandingGrant> make(Person person, GrantWish wish) {
        if (wish.note().length() > Limits.MAX_NOTE) {
            throw Refused.badRequest(
                    "the note has " + wish.note().length() + " characters, allowed are " + Limits.MAX_NOTE);
        }
        StandingGrant grant = mint.mint(person, wish.scope(), wish.limit(), wish.lasts(), wish.ticket(), wish.note());
        return deeds.recorded(
                person.name(),
                "grant_created",
                grant.id(),
                grant.facts(),
                () -> rooms.grants().add(grant).map(grant));
    }

    Future<StandingGrant> revoke(Person person, String id) {
        return rooms.grants()
                .find(id)
                .map(found -> found.filter(grant -> isFor(person, grant))
                        .orElseThrow(() -> Refused.notFound("there is no grant " + id)))
                .compose(grant -> {
                    if (!person.mayDecide(team(grant))) {
                        throw Refused.notAllowed(Route.Need.APPROVER.words() + " for the team " + team(grant));
                    }
                    return deeds.recorded(
                            person.name(),
                            "grant_revoked",
                            id,
                            Map.of(
                                    "agent",
                                    grant.scope().agent(),
                                    "rule",
                                    grant.scope().rule()),
                            () -> rooms.grants()
                                    .revoke(id, person.name(), clock.instant())
                                    .map(revoked ->
                                            revoked.orElseThrow(() -> Refused.notFound("there is no grant " + id))));
                });
    }

    /** Grants that somebody may see, newest first. */
    Future<List<StandingGrant>> list(Person person, int limit) {
        return rooms.grants()
                .list(Limits.MAX_ROWS_OF_API)
                .map(all -> all.stream()
                        .filter(grant -> isFor(person, grant))
                        .limit(limit)
                        .toList());
    }

    private static boolean isFor(Person person, StandingGrant grant) {
        return person.maySee(team(grant));
    }

    private static String team(StandingGrant grant) {
        return grant.scope().team().isEmpty() ? Person.ALL_TEAMS : grant.scope().team();
    }
}
