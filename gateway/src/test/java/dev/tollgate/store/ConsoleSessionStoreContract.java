package dev.tollgate.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.identity.ConsoleSession;
import dev.tollgate.identity.ConsoleSession.Proof;
import dev.tollgate.identity.ConsoleSession.Proof.ByProvider;
import dev.tollgate.identity.ConsoleSession.Proof.ByToken;
import dev.tollgate.identity.ConsoleSessionStore;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link ConsoleSessionStore} must do. */
@Timeout(30)
public abstract class ConsoleSessionStoreContract {
    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00.123Z");
    private static final String ISSUER = "https://id.example.com";
    private static final int MOST = 1000;

    /** The store under test, empty at first, the same for the whole test. */
    protected abstract ConsoleSessionStore store();

    @Test
    void begin_session_isFoundWithAllItsParts() throws Exception {
        ConsoleSession byToken = session("a", new ByToken("fingerprint"), NOW);
        ConsoleSession byProvider = session("b", kim("sid-1"), NOW);
        ConsoleSession withoutGroups = session("c", new ByProvider(ISSUER, "sub", "", "kim", Set.of()), NOW);

        for (ConsoleSession one : new ConsoleSession[] {byToken, byProvider, withoutGroups}) {
            await(store().begin(one, MOST));
        }

        assertThat(await(store().find("a"))).contains(byToken);
        assertThat(await(store().find("b"))).contains(byProvider);
        assertThat(await(store().find("c"))).contains(withoutGroups);
        assertThat(await(store().find("made-up"))).isEmpty();
    }

    @Test
    void begin_beyondTheBound_forgetsTheLongestUnused_neverTheNewOne() throws Exception {
        await(store().begin(session("first", kim(""), NOW), 2));
        await(store().begin(session("second", kim(""), NOW.plusSeconds(1)), 2));
        await(store().touch("first", NOW.plusSeconds(2)));

        await(store().begin(session("third", kim(""), NOW.minusSeconds(5)), 2));

        assertThat(await(store().find("second"))).isEmpty();
        assertThat(await(store().find("first"))).isPresent();
        assertThat(await(store().find("third"))).isPresent();
    }

    @Test
    void touch_keepsTheLaterMoment() throws Exception {
        await(store().begin(session("a", kim(""), NOW), MOST));

        await(store().touch("a", NOW.plusSeconds(9)));
        await(store().touch("a", NOW.plusSeconds(3)));
        await(store().touch("made-up", NOW));

        assertThat(await(store().find("a")).orElseThrow().usedAt()).isEqualTo(NOW.plusSeconds(9));
        assertThat(await(store().find("made-up"))).isEmpty();
    }

    @Test
    void tell_keepsTheLastWord_andNothingOnceItIsTaken() throws Exception {
        await(store().begin(session("a", kim(""), NOW), MOST));

        await(store().tell("a", "Approved."));
        assertThat(await(store().find("a")).orElseThrow().notice()).isEqualTo("Approved.");
        await(store().tell("a", ""));

        assertThat(await(store().find("a")).orElseThrow().notice()).isEmpty();
    }

    @Test
    void end_session_endsItAlone() throws Exception {
        await(store().begin(session("a", kim(""), NOW), MOST));
        await(store().begin(session("b", kim(""), NOW), MOST));

        await(store().end("a"));
        await(store().end("a"));

        assertThat(await(store().find("a"))).isEmpty();
        assertThat(await(store().find("b"))).isPresent();
    }

    @Test
    void endOf_subjectOrProviderSession_endsThoseAndNoOthers() throws Exception {
        await(store().begin(session("kim-1", kim("sid-1"), NOW), MOST));
        await(store().begin(session("kim-2", kim("sid-2"), NOW), MOST));
        await(store().begin(session("kim-later", kim("sid-1"), NOW.plusSeconds(60)), MOST));
        await(store().begin(session("lee", new ByProvider(ISSUER, "sub-lee", "sid-3", "lee", Set.of()), NOW), MOST));
        await(store().begin(session("token", new ByToken("fingerprint"), NOW), MOST));

        assertThat(await(store().endOf(ISSUER, "sub-kim", "sid-1", NOW.plusSeconds(1))))
                .isEqualTo(1);
        assertThat(await(store().find("kim-1"))).isEmpty();
        assertThat(await(store().endOf("https://elsewhere.example.com", "sub-kim", "", NOW.plusSeconds(90))))
                .isZero();
        assertThat(await(store().endOf("", "", "", NOW.plusSeconds(90)))).isZero();
        assertThat(await(store().endOf(ISSUER, "sub-kim", "", NOW.plusSeconds(1))))
                .isEqualTo(1);
        assertThat(await(store().find("kim-later"))).isPresent();
        assertThat(await(store().endOf(ISSUER, "", "sid-1", NOW.plusSeconds(90))))
                .isEqualTo(1);
        assertThat(await(store().find("lee"))).isPresent();
        assertThat(await(store().find("token"))).isPresent();
    }

    @Test
    void sweep_forgetsWhatIsOverEitherWay() throws Exception {
        await(store().begin(session("old", kim(""), NOW.minusSeconds(100)), MOST));
        await(store().touch("old", NOW));
        await(store().begin(session("idle", kim(""), NOW.minusSeconds(50)), MOST));
        await(store().begin(session("live", kim(""), NOW), MOST));

        await(store().sweep(NOW.minusSeconds(90), NOW.minusSeconds(10)));

        assertThat(await(store().find("old"))).isEmpty();
        assertThat(await(store().find("idle"))).isEmpty();
        assertThat(await(store().find("live"))).isPresent();
    }

    @Test
    void group_withALineBreak_isNoGroup() {
        assertThatThrownBy(() -> new ByProvider(ISSUER, "sub", "", "kim", Set.of("a\nadmins")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static ByProvider kim(String session) {
        return new ByProvider(ISSUER, "sub-kim", session, "kim@example.org", Set.of("search leads", "ads"));
    }

    private static ConsoleSession session(String hash, Proof proof, Instant at) {
        return new ConsoleSession(hash, proof, at, at, "");
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }
}
