package dev.tollgate.console;

import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.identity.Key;
import dev.tollgate.identity.KeyMint;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.Person;
import dev.tollgate.value.TeamId;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Gateway keys: made, shown once, revoked. */
final class KeyPages {
    static final int MAX_DAYS = 3650;
    static final int MAX_MINUTES = MAX_DAYS * 24 * 60;
    /** Minutes for which a key that was rotated goes on working beside the new one. */
    static final int USUAL_OVERLAP = 24 * 60;

    static final int MAX_OVERLAP = 30 * 24 * 60;

    private final Shell shell;

    KeyPages(Shell shell) {
        this.shell = shell;
    }

    /**
     * What the page shows.
     *
     * @param keys newest first
     * @param made a key made just now, to be shown once; at most one
     */
    record View(Frame frame, Rows<Key> keys, List<KeyMint.Minted> made, ConsoleSettings settings, Instant now) {
        @Override
        public String toString() {
            return "View[" + keys.all() + " keys, made redacted]";
        }

        /** Whether whoever looks may make keys for some team. */
        boolean mayMake() {
            return Need.ADMIN.isMetBy(frame.person());
        }

        /** Whether whoever looks may change a key. */
        boolean mayChange(Key key) {
            return frame.person().has(Person.ADMIN, key.team().value());
        }

        /** Where a key stands. */
        String state(Key key) {
            if (key.revokedAt() != null) {
                return "revoked";
            }
            return key.isUsableAt(now) ? "active" : "expired";
        }

        /** What a key may do, in words. */
        String scopes(Key key) {
            Scopes scopes = key.scopes();
            String models = scopes.models().isEmpty() ? "all models" : joined(scopes.models());
            return scopes.providers().isEmpty() ? models : models + " at " + joined(scopes.providers());
        }

        /** Longest list of names that a row tells, in characters. */
        private static final int MAX_NAMES = 300;

        private static String joined(Set<String> names) {
            return Said.shortened(names.stream().sorted().collect(Collectors.joining(", ")), MAX_NAMES);
        }
    }

    List<Route> routes() {
        return List.of(
                Route.get("/keys", Access.PAGE, Need.VIEWER, call -> page(call, List.of())),
                Route.post("/keys", Access.PAGE, Need.ADMIN, this::create),
                Route.post("/keys/{id}/rotate", Access.PAGE, Need.ADMIN, this::rotate),
                Route.post("/keys/{id}/revoke", Access.PAGE, Need.ADMIN, this::revoke));
    }

    /**
     * A wish from fields that a person or a program filled in.
     *
     * @param team empty for {@code default}
     * @param models names, parted by commas or blanks; empty for all
     * @param providers the same
     * @param life how long it lives; zero for ever
     */
    static Administration.KeyWish wish(
            String agent, String team, String models, String providers, Duration life, Instant now) {
        if (agent.isEmpty()) {
            throw Refused.badRequest("agent is missing: the name of whoever will use the key");
        }
        @Nullable Instant expiresAt = life.isZero() ? null : now.plus(life);
        try {
            return new Administration.KeyWish(
                    new AgentId(agent),
                    new TeamId(team.isEmpty() ? "default" : team),
                    new Scopes(names(models), names(providers)),
                    expiresAt);
        } catch (IllegalArgumentException malformed) {
            throw Refused.badRequest(String.valueOf(malformed.getMessage()));
        }
    }

    private static Set<String> names(String list) {
        return Arrays.stream(list.split("[,\\s]+"))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
    }

    private Future<Reply> page(Call call, List<KeyMint.Minted> made) {
        return shell.page(
                call,
                Frame.Section.KEYS,
                "keys",
                shell.keys(call),
                (frame, keys) -> new View(frame, Rows.of(keys, call, "/keys"), made, shell.settings(), shell.now()));
    }

    private Future<Reply> create(Call call) {
        Parameters form = call.form();
        Administration.KeyWish wish = wish(
                form.get("agent"),
                form.get("team"),
                form.get("models"),
                form.get("providers"),
                Duration.ofMinutes(form.number("minutes", 0, 0, MAX_MINUTES)),
                shell.now());
        // Answered with the page itself instead of a redirect: the secret is in this answer and nowhere else.
        return shell.administration(call).createKey(wish).compose(made -> page(call, List.of(made)));
    }

    private Future<Reply> rotate(Call call) {
        Duration overlap = Duration.ofMinutes(call.form().number("overlap", USUAL_OVERLAP, 0, MAX_OVERLAP));
        return shell.administration(call).rotateKey(call.id(), overlap).compose(made -> page(call, List.of(made)));
    }

    private Future<Reply> revoke(Call call) {
        return shell.administration(call).revokeKey(call.id()).map(key -> {
            call.session().tell(Notice.done("Revoked key " + key + ". Its next call fails, on every node."));
            return Reply.seeOther("/keys");
        });
    }
}
