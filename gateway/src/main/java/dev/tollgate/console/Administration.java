package dev.tollgate.console;

import dev.tollgate.approval.Ticket;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.identity.KeyMint;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.TeamId;
import dev.tollgate.value.TicketId;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a person changes. Each action is recorded before it takes effect, and does not take effect when it cannot be recorded. */
final class Administration {
    private static final Logger LOG = LoggerFactory.getLogger(Administration.class);

    private final Collaborators rooms;
    private final InstantSource clock;

    Administration(Collaborators rooms, InstantSource clock) {
        this.rooms = rooms;
        this.clock = clock;
    }

    /**
     * @param agent the agent the key is for
     * @param team the team that pays
     * @param scopes what it may do
     * @param expiresAt when it ends by itself; null for never
     */
    record KeyWish(
            AgentId agent,
            TeamId team,
            Scopes scopes,
            @Nullable Instant expiresAt) {}

    Future<Ticket> decide(String id, Ticket.State decision, String note) {
        if (note.length() > Limits.MAX_NOTE) {
            throw Refused.badRequest("the note has " + note.length() + " characters, allowed are " + Limits.MAX_NOTE);
        }
        TicketId ticket = ticketId(id);
        return rooms.tickets().find(ticket).compose(found -> {
            Ticket pending = undecided(found, id);
            String action = decision == Ticket.State.APPROVED ? "ticket_approval_asked" : "ticket_denial_asked";
            Map<String, String> details = Map.of(
                    "exchange", pending.exchange().value(),
                    "agent", pending.agent(),
                    "rule", pending.rule(),
                    "note", note);
            return recorded(
                    action,
                    id,
                    details,
                    () -> rooms.desk()
                            .decide(ticket, decision, Call.ACTOR, note)
                            .map(decided -> requireDecided(decided, decision, id)));
        });
    }

    /** Records that somebody comes in, and lets them in; nobody comes in unseen. */
    <T> Future<T> signedIn(String address, Supplier<T> entering) {
        return recorded(
                "signed_in", "console", Map.of("address", address), () -> Future.succeededFuture(entering.get()));
    }

    <T> Future<T> signedOut(String address, Supplier<T> leaving) {
        T left = leaving.get();
        return append("signed_out", "console", Map.of("address", address))
                .onFailure(failure -> LOG.error("could not record that somebody signed out", failure))
                .transform(told -> Future.succeededFuture(left));
    }

    /** Records that somebody looks at what was kept as it came, and then lets them. */
    <T> Future<T> revealing(String exchange, Supplier<Future<T>> looking) {
        return recorded("payload_revealed", exchange, Map.of("where", "console"), looking);
    }

    /** Records that somebody looks for a text in what was said, not which, and then looks. */
    <T> Future<T> searching(Map<String, String> where, Supplier<Future<T>> looking) {
        return recorded("payloads_searched", "console", where, looking);
    }

    /** Records a wrong token; what is refused stays refused whether it can be recorded or not. */
    void signInRefused(String address) {
        rooms.log()
                .append(new Administrative(
                        clock.instant(), "sign_in_refused", "unknown", "console", Map.of("address", address)))
                .onFailure(failure -> LOG.error("could not record a refused sign-in", failure));
    }

    /** Keeps a new key and yields it with its secret, for the one time it is shown. */
    Future<KeyMint.Minted> createKey(KeyWish wish) {
        KeyMint.Minted minted = rooms.mint().mint(wish.agent(), wish.team(), wish.scopes(), wish.expiresAt());
        Map<String, String> details = Map.of(
                "agent", wish.agent().value(),
                "team", wish.team().value(),
                "models", String.join(" ", wish.scopes().models()),
                "providers", String.join(" ", wish.scopes().providers()),
                "expires_at", wish.expiresAt() == null ? "" : wish.expiresAt().toString());
        return recorded(
                "key_created",
                minted.key().id().value(),
                details,
                () -> rooms.keys().add(minted.key()).map(kept -> minted));
    }

    Future<KeyId> revokeKey(String id) {
        KeyId key = keyId(id);
        return recorded(
                "key_revoked",
                id,
                Map.of(),
                () -> rooms.keys().revoke(key, clock.instant()).map(known -> {
                    if (!known) {
                        throw Refused.notFound("there is no key " + id);
                    }
                    return key;
                }));
    }

    Future<PolicySnapshot> reloadPolicy() {
        return recorded(
                "policy_reload_asked",
                rooms.policy().source(),
                Map.of(),
                () -> rooms.policy()
                        .reload()
                        .recover(failure -> Future.failedFuture(new Refused(
                                422,
                                "policy_not_loaded",
                                "the bundle cannot come into force, the old one stays: " + failure.getMessage()))));
    }

    private Ticket undecided(Optional<Ticket> found, String id) {
        Ticket ticket = found.orElseThrow(() -> Refused.notFound("there is no ticket " + id));
        if (ticket.state() != Ticket.State.PENDING) {
            throw alreadyDecided(ticket);
        }
        if (!clock.instant().isBefore(ticket.deadline())) {
            throw new Refused(409, "ticket_expired", "ticket " + id + " is past its deadline " + ticket.deadline());
        }
        return ticket;
    }

    private static Ticket requireDecided(Optional<Ticket> decided, Ticket.State decision, String id) {
        Ticket ticket = decided.orElseThrow(() -> Refused.notFound("there is no ticket " + id));
        boolean done = ticket.state() == decision
                || (decision == Ticket.State.APPROVED && ticket.state() == Ticket.State.CONSUMED);
        if (!done || !Call.ACTOR.equals(ticket.decidedBy())) {
            throw alreadyDecided(ticket);
        }
        return ticket;
    }

    private static Refused alreadyDecided(Ticket ticket) {
        String state = Format.word(ticket.state());
        String by = ticket.decidedBy() == null ? "" : " by " + ticket.decidedBy();
        return new Refused(409, "ticket_already_decided", "ticket " + ticket.id() + " is " + state + by + " already");
    }

    /** Records an action, then does it. What was recorded and could not be done is followed by a record that says so. */
    private <T> Future<T> recorded(
            String action, String subject, Map<String, String> details, Supplier<Future<T>> deed) {
        // An action that leaves no trace would be a way around the log: refused.
        Future<Void> first = append(action, subject, details).recover(failure -> {
            LOG.error("could not record {}", action, failure);
            return Future.failedFuture(new Refused(
                    503,
                    "not_recorded",
                    "nothing was done, because it could not be recorded: the audit log cannot be written"));
        });
        return first.compose(done -> deed.get()
                .recover(failure ->
                        append(action + "_failed", subject, Map.of()).transform(told -> Future.failedFuture(failure))));
    }

    private Future<Void> append(String action, String subject, Map<String, String> details) {
        return rooms.log().append(new Administrative(clock.instant(), action, Call.ACTOR, subject, details));
    }

    static TicketId ticketId(String id) {
        try {
            return new TicketId(id);
        } catch (IllegalArgumentException malformed) {
            throw Refused.notFound("there is no such ticket");
        }
    }

    private static KeyId keyId(String id) {
        try {
            return new KeyId(id);
        } catch (IllegalArgumentException malformed) {
            throw Refused.notFound("there is no such key");
        }
    }
}
