package dev.tollgate.console;

import dev.tollgate.identity.ConsoleSession;
import dev.tollgate.identity.ConsoleSession.Proof;
import dev.tollgate.identity.ConsoleSession.Proof.ByProvider;
import dev.tollgate.identity.ConsoleSession.Proof.ByToken;
import dev.tollgate.identity.ConsoleSessionStore;
import dev.tollgate.policy.ConsolePolicy;
import dev.tollgate.value.Person;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signed-in browsers, in the store: a restart signs nobody out, and all nodes of one store know them. Kept by the hash of the cookie; the
 * form token is made of the cookie, so that the store opens nothing and changes nothing. At most {@link Limits#MAX_SESSIONS}; the longest
 * unused one makes room. Safe on any thread.
 */
final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final int RANDOM_BYTES = 32;
    /** How much of the idle time may pass before use is written down again: a session may end that much early. */
    private static final int TOUCHES_PER_IDLE = 30;

    private final ConsoleSessionStore store;
    private final AdminToken admin;
    private final PolicyDesk policy;
    private final RoleBook roles;
    private final SecureRandom random;
    private final InstantSource clock;

    /**
     * @param admin the token by which somebody came in must still be this one
     * @param policy says at each request how long sessions last, and who may come in
     */
    Sessions(ConsoleSessionStore store, AdminToken admin, PolicyDesk policy, SecureRandom random, InstantSource clock) {
        this.store = store;
        this.admin = admin;
        this.policy = policy;
        this.roles = new RoleBook(policy);
        this.random = random;
        this.clock = clock;
    }

    /**
     * Begins a session and yields its cookie's value.
     *
     * @param proof asked at each request who that is now, so that roles end when the policy takes them
     */
    Future<String> begin(Proof proof) {
        String cookie = randomText();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        ConsolePolicy limits = limits();
        return store.sweep(now.minus(limits.life()), now.minus(limits.idle()))
                .compose(swept ->
                        store.begin(new ConsoleSession(hash(cookie), proof, now, now, ""), Limits.MAX_SESSIONS))
                .map(kept -> cookie);
    }

    /**
     * The session of a cookie, if it is not over.
     *
     * @param byPerson false for requests that a page makes by itself: they do not keep a session alive
     */
    Future<Optional<Session>> find(String cookie, boolean byPerson) {
        if (cookie.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        String hash = hash(cookie);
        return store.find(hash).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(Optional.empty());
            }
            ConsoleSession kept = found.get();
            Instant now = clock.instant();
            Duration idle = limits().idle();
            if (now.isAfter(kept.usedAt().plus(idle))
                    || now.isAfter(kept.begunAt().plus(limits().life()))) {
                return store.end(hash).map(ended -> Optional.empty());
            }
            Session session = new Session(hash, formToken(cookie), person(kept.proof()), kept.notice());
            boolean isDue = byPerson && now.isAfter(kept.usedAt().plus(idle.dividedBy(TOUCHES_PER_IDLE)));
            return isDue
                    ? store.touch(hash, now.truncatedTo(ChronoUnit.MILLIS)).map(touched -> Optional.of(session))
                    : Future.succeededFuture(Optional.of(session));
        });
    }

    /** Keeps what the next page is to tell. A sentence that cannot be kept is lost; what it tells of is done and on the record. */
    Future<Void> remember(Session session) {
        return session.isChanged()
                ? store.tell(session.hash(), session.kept())
                        .onFailure(away -> LOG.warn("a sentence for the next page is lost: {}", String.valueOf(away)))
                        .otherwiseEmpty()
                : Future.succeededFuture();
    }

    Future<Void> end(String cookie) {
        return cookie.isEmpty() ? Future.succeededFuture() : store.end(hash(cookie));
    }

    /** Ends what an identity provider says is over, and yields how many that were. */
    Future<Integer> end(String issuer, String subject, String session, Instant begunUntil) {
        return store.endOf(issuer, subject, session, begunUntil);
    }

    String randomText() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Whom somebody's proof makes them now. */
    private Optional<Person> person(Proof proof) {
        return switch (proof) {
            // A token that was replaced must not go on opening by what it opened before.
            case ByToken(String fingerprint) ->
                Digests.equal(fingerprint, admin.fingerprint())
                        ? Optional.of(Person.admin(AdminToken.NAME))
                        : Optional.empty();
            case ByProvider identity -> roles.personOf(identity);
        };
    }

    private ConsolePolicy limits() {
        return policy.current().bundle().console();
    }

    private static String hash(String cookie) {
        return Digests.hex(Digests.sha256(cookie));
    }

    /** Whoever has no cookie cannot make it. */
    private static String formToken(String cookie) {
        return Digests.hex(Digests.sha256("form token of " + cookie));
    }
}
