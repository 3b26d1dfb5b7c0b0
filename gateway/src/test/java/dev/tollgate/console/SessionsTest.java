package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.policy.ConsolePolicy;
import dev.tollgate.value.Person;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SessionsTest {
    private static Optional<Person> who() {
        return Optional.of(Person.admin("admin"));
    }

    private static final ConsolePolicy LIMITS = ConsolePolicy.DEFAULT;

    private Instant now = Instant.parse("2026-11-21T10:00:00Z");
    private final Sessions sessions = new Sessions(new SecureRandom(), () -> now, () -> LIMITS);

    @Test
    void find_unknownCookie_findsNothing() {
        assertThat(sessions.find("", true)).isEmpty();
        assertThat(sessions.find("made-up", true)).isEmpty();
    }

    @Test
    void session_notUsedByAPerson_endsEvenIfThePageKeepsAsking() {
        String cookie = sessions.begin(SessionsTest::who);

        now = now.plus(LIMITS.idle().minusSeconds(1));
        assertThat(sessions.find(cookie, false)).isPresent();
        now = now.plusSeconds(2);

        assertThat(sessions.find(cookie, false)).isEmpty();
    }

    @Test
    void session_inUse_livesOnUntilItsLifeEnds() {
        String cookie = sessions.begin(SessionsTest::who);
        Instant end = now.plus(LIMITS.life());

        while (now.isBefore(end.minus(Duration.ofMinutes(20)))) {
            now = now.plus(Duration.ofMinutes(20));
            assertThat(sessions.find(cookie, true)).isPresent();
        }

        now = end.plusSeconds(1);
        assertThat(sessions.find(cookie, true)).isEmpty();
    }

    @Test
    void begin_moreThanTheBound_signsOutTheLongestUnused() {
        String first = sessions.begin(SessionsTest::who);
        for (int i = 0; i < Limits.MAX_SESSIONS; i++) {
            assertThat(sessions.begin(SessionsTest::who)).isNotEqualTo(first);
        }

        assertThat(sessions.size()).isEqualTo(Limits.MAX_SESSIONS);
        assertThat(sessions.find(first, true)).isEmpty();
    }
}
