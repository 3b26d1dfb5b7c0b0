package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.identity.ConsoleSession.Proof;
import dev.tollgate.policy.ConsolePolicy;
import dev.tollgate.store.memory.MemoryConsoleSessionStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SessionsTest {
    private static final ConsolePolicy LIMITS = ConsolePolicy.DEFAULT;

    private Instant now = Instant.parse("2026-11-21T10:00:00Z");
    private final MemoryConsoleSessionStore store = new MemoryConsoleSessionStore();
    private final AdminToken admin = new AdminToken("tga_" + "x".repeat(40));
    private final Proof proof = new Proof.ByToken(admin.fingerprint());
    private final Sessions sessions = node(admin);

    @Test
    void find_unknownCookie_findsNothing() {
        assertThat(find(sessions, "", true)).isEmpty();
        assertThat(find(sessions, "made-up", true)).isEmpty();
    }

    @Test
    void session_begunOnOneNode_isKnownOnAnother_andOverOnBoth() {
        String cookie = sessions.begin(proof).result();
        Sessions other = node(admin);

        Session there = find(other, cookie, true).orElseThrow();
        assertThat(there.person().orElseThrow().isAdmin()).isTrue();
        assertThat(there.csrf())
                .isEqualTo(find(sessions, cookie, true).orElseThrow().csrf());

        assertThat(other.end(cookie).succeeded()).isTrue();
        assertThat(find(sessions, cookie, true)).isEmpty();
    }

    @Test
    void session_ofATokenThatWasReplaced_isNobodys() {
        String cookie = sessions.begin(proof).result();

        Sessions restarted = node(new AdminToken("tga_" + "y".repeat(40)));

        assertThat(find(restarted, cookie, true).orElseThrow().person()).isEmpty();
    }

    @Test
    void store_neverHoldsWhatOpensOrChanges() {
        String cookie = sessions.begin(proof).result();
        Session session = find(sessions, cookie, true).orElseThrow();

        assertThat(session.hash()).doesNotContain(cookie).isNotEqualTo(session.csrf());
        assertThat(find(sessions, session.hash(), true)).isEmpty();
    }

    @Test
    void notice_told_isTakenOnce_onWhicheverNode() {
        String cookie = sessions.begin(proof).result();
        Session teller = find(sessions, cookie, true).orElseThrow();
        teller.tell(Notice.failed("Too late."));
        assertThat(sessions.remember(teller).succeeded()).isTrue();

        Sessions other = node(admin);
        Session taker = find(other, cookie, true).orElseThrow();
        assertThat(taker.takeNotice()).contains(Notice.failed("Too late."));
        assertThat(other.remember(taker).succeeded()).isTrue();

        assertThat(find(sessions, cookie, true).orElseThrow().takeNotice()).isEmpty();
    }

    @Test
    void session_notUsedByAPerson_endsEvenIfThePageKeepsAsking() {
        String cookie = sessions.begin(proof).result();

        now = now.plus(LIMITS.idle().minusSeconds(1));
        assertThat(find(sessions, cookie, false)).isPresent();
        now = now.plusSeconds(2);

        assertThat(find(sessions, cookie, false)).isEmpty();
        assertThat(store.size()).isZero();
    }

    @Test
    void session_inUse_livesOnUntilItsLifeEnds() {
        String cookie = sessions.begin(proof).result();
        Instant end = now.plus(LIMITS.life());

        while (now.isBefore(end.minus(Duration.ofMinutes(20)))) {
            now = now.plus(Duration.ofMinutes(20));
            assertThat(find(sessions, cookie, true)).isPresent();
        }

        now = end.plusSeconds(1);
        assertThat(find(sessions, cookie, true)).isEmpty();
    }

    @Test
    void begin_moreThanTheBound_signsOutTheLongestUnused() {
        String first = sessions.begin(proof).result();
        for (int i = 0; i < Limits.MAX_SESSIONS; i++) {
            now = now.plusMillis(1);
            assertThat(sessions.begin(proof).result()).isNotEqualTo(first);
        }

        assertThat(store.size()).isEqualTo(Limits.MAX_SESSIONS);
        assertThat(find(sessions, first, true)).isEmpty();
    }

    private Sessions node(AdminToken token) {
        return new Sessions(store, token, new FakeRooms.FakePolicy(), new SecureRandom(), () -> now);
    }

    private static Optional<Session> find(Sessions node, String cookie, boolean byPerson) {
        return node.find(cookie, byPerson).result();
    }
}
