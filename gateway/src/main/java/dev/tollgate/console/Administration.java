package dev.tollgate.console;

import dev.tollgate.approval.Edit;
import dev.tollgate.approval.Passage;
import dev.tollgate.approval.Reviewers;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Vote;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.identity.Key;
import dev.tollgate.identity.KeyMint;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.Person;
import dev.tollgate.value.TeamId;
import dev.tollgate.value.TicketId;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What one person changes. Each action is recorded before it takes effect, and does not take effect when it cannot be recorded. */
final class Administration {
    private final Collaborators rooms;
    private final InstantSource clock;
    private final Deeds deeds;
    private final Person person;

    /**
     * @param person who acts
     */
    Administration(Collaborators rooms, InstantSource clock, Person person) {
        this.rooms = rooms;
        this.clock = clock;
        this.deeds = new Deeds(rooms.log(), clock);
        this.person = person;
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
        return decide(id, decision, note, null);
    }

    /** @param wanted what goes on changed; null where it goes on as it is */
    Future<Ticket> decide(String id, Ticket.State decision, String note, @Nullable Edit wanted) {
        if (note.length() > Limits.MAX_NOTE) {
            throw Refused.badRequest("the note has " + note.length() + " characters, allowed are " + Limits.MAX_NOTE);
        }
        TicketId ticket = ticketId(id);
        return rooms.tickets().find(ticket).compose(found -> {
            Ticket pending = undecided(found.filter(one -> person.maySee(one.team())), id);
            requireReviewer(pending, decision == Ticket.State.APPROVED);
            Edit edit = wanted == null ? null : changes(pending, wanted);
            Vote vote = new Vote(
                    person.name(),
                    decision == Ticket.State.APPROVED,
                    note,
                    clock.instant().truncatedTo(ChronoUnit.MILLIS),
                    edit);
            String action = decision == Ticket.State.APPROVED ? "ticket_approval_asked" : "ticket_denial_asked";
            Map<String, String> details = new HashMap<>(Map.of(
                    "exchange", pending.exchange().value(),
                    "agent", pending.agent(),
                    "rule", pending.rule(),
                    "note", note));
            if (edit != null) {
                details.put("edit_path", edit.all().stream().map(Edit::path).collect(Collectors.joining(" ")));
                details.put(
                        "sha256_before",
                        edit.all().stream()
                                .map(one -> new Edit(
                                                one.path(),
                                                passage(pending, one).text())
                                        .sha256())
                                .collect(Collectors.joining(" ")));
                details.put("sha256_after", edit.sha256());
            }
            return recorded(
                    action,
                    id,
                    details,
                    () -> rooms.desk().decide(ticket, vote).map(decided -> requireHeard(decided, vote, id)));
        });
    }

    /** Records that somebody looks at what was kept as it came, and then lets them. */
    <T> Future<T> revealing(String exchange, Supplier<Future<T>> looking) {
        return recorded("payload_revealed", exchange, Map.of("where", "console"), looking);
    }

    /** Records that somebody looks at what a held call says as it came, and why, and then lets them. */
    <T> Future<T> revealing(Ticket ticket, String reason, Supplier<Future<T>> looking) {
        if (reason.isBlank() || reason.length() > Limits.MAX_NOTE) {
            throw Refused.badRequest("reason must have 1 to " + Limits.MAX_NOTE + " characters");
        }
        Map<String, String> details =
                Map.of("where", "ticket", "ticket", ticket.id().value(), "agent", ticket.agent(), "reason", reason);
        return recorded("payload_revealed", ticket.exchange().value(), details, looking);
    }

    /** Records that somebody looks for a text in what was said, not which, and then looks. */
    <T> Future<T> searching(Map<String, String> where, Supplier<Future<T>> looking) {
        return recorded("payloads_searched", "console", where, looking);
    }

    /** Keeps a new key and yields it with its secret, for the one time it is shown. */
    Future<KeyMint.Minted> createKey(KeyWish wish) {
        requireAdmin(wish.team());
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

    /**
     * Keeps a new key with the agent, team, scopes and length of life of another, which ends after a while by itself.
     *
     * @param overlap how long both work
     */
    Future<KeyMint.Minted> rotateKey(String id, Duration overlap) {
        return ownKey(id).compose(old -> {
            Instant now = clock.instant();
            if (!old.isUsableAt(now)) {
                throw new Refused(409, "key_not_usable", "key " + id + " has ended: make a new one");
            }
            Instant oldEnd = old.expiresAt();
            @Nullable Instant end = oldEnd == null ? null : now.plus(Duration.between(old.createdAt(), oldEnd));
            KeyMint.Minted minted = rooms.mint().mint(old.agent(), old.team(), old.scopes(), end);
            Map<String, String> details = Map.of(
                    "agent",
                    old.agent().value(),
                    "replaced_by",
                    minted.key().id().value(),
                    "overlap",
                    overlap.toString());
            // The new one first: an agent must never be left with none.
            return recorded(
                    "key_rotated",
                    id,
                    details,
                    () -> rooms.keys()
                            .add(minted.key())
                            .compose(kept -> rooms.keys().endBy(old.id(), now.plus(overlap)))
                            .map(ended -> minted));
        });
    }

    Future<KeyId> revokeKey(String id) {
        return ownKey(id)
                .compose(key -> recorded(
                        "key_revoked",
                        id,
                        Map.of(),
                        () -> rooms.keys().revoke(key.id(), clock.instant()).map(known -> key.id())));
    }

    /** Records that a draft is tried out, and tries it. */
    <T> Future<T> tryingOut(String file, Supplier<Future<T>> trying) {
        return recorded("policy_draft_tried", file, Map.of(), trying);
    }

    /** Records that the log is to be verified, and begins. */
    Future<Boolean> verifyLog() {
        return recorded("log_verification_asked", "journal", Map.of(), () -> {
            rooms.integrity().verify();
            return Future.succeededFuture(true);
        });
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

    /** What an edit changes: whoever sends a passage as it is wants nothing of it changed. */
    private static @Nullable Edit changes(Ticket ticket, Edit wanted) {
        return Edit.of(wanted.all().stream()
                .filter(one -> !passage(ticket, one).text().equals(one.text()))
                .toList());
    }

    private static Passage passage(Ticket ticket, Edit edit) {
        if (edit.text().length() > Passage.MAX_LENGTH) {
            throw Refused.badRequest(
                    "the text has " + edit.text().length() + " characters, allowed are " + Passage.MAX_LENGTH);
        }
        return ticket.details().passages().stream()
                .filter(passage -> passage.path().equals(edit.path()))
                .findFirst()
                .orElseThrow(() -> Refused.badRequest(
                        "ticket " + ticket.id() + " has no passage " + edit.path() + " that can be changed"));
    }

    private void requireReviewer(Ticket ticket, boolean approves) {
        // Somebody who may not decide would otherwise approve for those who may.
        Reviewers.refusal(ticket, person, approves).ifPresent(why -> {
            throw new Refused(403, "role_missing", why);
        });
    }

    private static Ticket requireHeard(Optional<Ticket> heard, Vote vote, String id) {
        Ticket ticket = heard.orElseThrow(() -> Refused.notFound("there is no ticket " + id));
        if (ticket.details().votes().contains(vote)) {
            return ticket;
        }
        if (ticket.state() == Ticket.State.PENDING) {
            throw new Refused(
                    409, "already_voted", vote.by() + " has approved ticket " + id + " already: it waits for others");
        }
        throw alreadyDecided(ticket);
    }

    private static Refused alreadyDecided(Ticket ticket) {
        String state = Format.word(ticket.state());
        String by = ticket.decidedBy() == null ? "" : " by " + ticket.decidedBy();
        return new Refused(409, "ticket_already_decided", "ticket " + ticket.id() + " is " + state + by + " already");
    }

    private <T> Future<T> recorded(
            String action, String subject, Map<String, String> details, Supplier<Future<T>> deed) {
        return deeds.recorded(person.name(), action, subject, details, deed);
    }

    static TicketId ticketId(String id) {
        try {
            return new TicketId(id);
        } catch (IllegalArgumentException malformed) {
            throw Refused.notFound("there is no such ticket");
        }
    }

    /** A key that this person may change. One that they may not see is one that is not there. */
    private Future<Key> ownKey(String id) {
        return rooms.keys().find(keyId(id)).map(found -> {
            Key key = found.filter(one -> person.maySee(one.team().value()))
                    .orElseThrow(() -> Refused.notFound("there is no key " + id));
            requireAdmin(key.team());
            return key;
        });
    }

    private void requireAdmin(TeamId team) {
        if (!person.has(Person.ADMIN, team.value())) {
            throw Refused.notAllowed(Route.Need.ADMIN.words() + " for the team " + team);
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
