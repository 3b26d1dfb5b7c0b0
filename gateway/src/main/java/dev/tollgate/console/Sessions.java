package dev.tollgate.console;

import dev.tollgate.policy.ConsolePolicy;
import dev.tollgate.value.Person;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Signed-in browsers, in memory: a restart signs everybody out. At most {@link Limits#MAX_SESSIONS}; the longest unused one makes room.
 * Kept by the hash of the cookie, so that the time of a look-up tells nothing. Safe on any thread.
 */
final class Sessions {
    private static final int RANDOM_BYTES = 32;

    private final SecureRandom random;
    private final InstantSource clock;
    private final Supplier<ConsolePolicy> limits;
    private final Map<String, Session> byHash = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param limits how long sessions last, asked at each request
     */
    Sessions(SecureRandom random, InstantSource clock, Supplier<ConsolePolicy> limits) {
        this.random = random;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Begins a session and yields its cookie's value.
     *
     * @param who asked at each request, so that roles end when the policy takes them; empty for somebody who may no longer come in
     */
    synchronized String begin(Supplier<Optional<Person>> who) {
        String cookie = randomText();
        byHash.put(hash(cookie), new Session(randomText(), who, clock.instant()));
        if (byHash.size() > Limits.MAX_SESSIONS) {
            Iterator<String> oldestFirst = byHash.keySet().iterator();
            oldestFirst.next();
            oldestFirst.remove();
        }
        return cookie;
    }

    /**
     * The session of a cookie, if it is not over.
     *
     * @param byPerson false for requests that a page makes by itself: they do not keep a session alive
     */
    synchronized Optional<Session> find(String cookie, boolean byPerson) {
        String hash = hash(cookie);
        Session session = byHash.get(hash);
        if (session == null) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        if (session.isOverAt(now, limits.get())) {
            byHash.remove(hash);
            return Optional.empty();
        }
        if (byPerson) {
            session.touch(now);
        }
        return Optional.of(session);
    }

    synchronized void end(String cookie) {
        byHash.remove(hash(cookie));
    }

    synchronized int size() {
        return byHash.size();
    }

    String randomText() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String hash(String cookie) {
        return Digests.hex(Digests.sha256(cookie));
    }
}
