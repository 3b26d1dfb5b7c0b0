package dev.tollgate.console;

import dev.tollgate.identity.AccessToken;
import dev.tollgate.identity.AccessTokenMint;
import dev.tollgate.value.Person;
import dev.tollgate.value.Person.Duty;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tokens of the API, as one person may see, make and revoke them: nobody gives what they do not have. */
final class TokenOffice {
    static final int MAX_DAYS = 3650;
    private static final int MAX_DUTIES = 50;

    private final Collaborators rooms;
    private final InstantSource clock;
    private final Deeds deeds;
    private final Person person;

    TokenOffice(Collaborators rooms, InstantSource clock, Person person) {
        this.rooms = rooms;
        this.clock = clock;
        this.deeds = new Deeds(rooms.log(), clock);
        this.person = person;
    }

    /** Those that this person may change, newest first. */
    Future<List<AccessToken>> list() {
        return rooms.tokens()
                .list(Limits.MAX_KEYS_READ)
                .map(tokens -> tokens.stream().filter(this::mayChange).toList());
    }

    /**
     * Keeps a new token and yields it with its secret, for the one time it is shown.
     *
     * @param days after which it ends by itself; 0 for never
     */
    Future<AccessTokenMint.Minted> create(String name, List<Duty> duties, int days) {
        if (duties.size() > MAX_DUTIES) {
            throw Refused.badRequest("a token has at most " + MAX_DUTIES + " roles, wanted are " + duties.size());
        }
        for (Duty duty : duties) {
            // Otherwise an admin of one team could make an admin of all.
            if (!person.has(Person.ADMIN, duty.team())) {
                throw Refused.notAllowed(Route.Need.ADMIN.words() + " for "
                        + (duty.team().equals(Person.ALL_TEAMS) ? "all teams" : "the team " + duty.team()));
            }
        }
        @Nullable Instant end = days == 0 ? null : clock.instant().plus(Duration.ofDays(days));
        AccessTokenMint.Minted minted;
        try {
            minted = rooms.tokenMint().mint(name, duties, person.name(), end);
        } catch (IllegalArgumentException malformed) {
            throw Refused.badRequest(String.valueOf(malformed.getMessage()));
        }
        Map<String, String> details =
                Map.of("name", name, "roles", words(duties), "expires_at", end == null ? "" : end.toString());
        return deeds.recorded(
                person.name(),
                "token_created",
                minted.token().id(),
                details,
                () -> rooms.tokens().add(minted.token()).map(kept -> minted));
    }

    Future<AccessToken> revoke(String id) {
        return rooms.tokens().find(id).compose(found -> {
            AccessToken token =
                    found.filter(this::mayChange).orElseThrow(() -> Refused.notFound("there is no token " + id));
            Instant now = clock.instant();
            return deeds.recorded(
                    person.name(),
                    "token_revoked",
                    id,
                    Map.of("name", token.name()),
                    () -> rooms.tokens().revoke(id, now).map(done -> token.revoked(now)));
        });
    }

    /** Roles in words. */
    static String words(List<Duty> duties) {
        return duties.stream()
                .map(duty -> duty.role() + (duty.team().equals(Person.ALL_TEAMS) ? "" : " of " + duty.team()))
                .collect(Collectors.joining(", "));
    }

    private boolean mayChange(AccessToken token) {
        return token.duties().stream().allMatch(duty -> person.has(Person.ADMIN, duty.team()));
    }
}
