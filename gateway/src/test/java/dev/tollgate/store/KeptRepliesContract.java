package dev.tollgate.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.approval.Erasure;
import dev.tollgate.approval.KeptOwner;
import dev.tollgate.approval.KeptReplies;
import dev.tollgate.approval.KeptReply;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link KeptReplies} must do. */
@Timeout(60)
public abstract class KeptRepliesContract {
    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");
    private static final Instant OVER = NOW.plusSeconds(900);
    private static final KeptOwner WHOSE = new KeptOwner("search", "coder", "run-1", "jane", NOW);

    /** The store under test, empty at first, the same for the whole test. */
    protected abstract KeptReplies store();

    private static KeptReply reply(String fingerprint, String said, Instant until) {
        return new KeptReply(
                fingerprint,
                "",
                "ex_1",
                "openai/gpt-4o",
                "application/json",
                said.getBytes(StandardCharsets.UTF_8),
                until,
                WHOSE,
                null);
    }

    private static KeptReply of(String fingerprint, String exchange, KeptOwner owner) {
        return of(fingerprint, "", exchange, owner);
    }

    private static KeptReply of(String fingerprint, String anySession, String exchange, KeptOwner owner) {
        byte[] said = "said".getBytes(StandardCharsets.UTF_8);
        return new KeptReply(fingerprint, anySession, exchange, "m", "text/plain", said, OVER, owner, null);
    }

    private static Erasure erasing(String subject) {
        return new Erasure(subject, NOW, "cli:ann", "request 4711");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exchange:ex_7", "team:search", "agent:coder", "session:run-1", "user:jane"})
    void erase_ofASubject_leavesWordOfItsOwn_andNothingOfWhatWasSaid(String subject) throws Exception {
        KeptOwner other = new KeptOwner("core", "tester", "run-2", "", NOW);
        await(store().put(of("f1", "ex_7", WHOSE), NOW));
        await(store().put(of("f2", "ex_8", other), NOW));

        long erased = await(store().erase(erasing(subject)));

        assertThat(erased).isEqualTo(1);
        KeptReply left = await(store().find("f1", NOW)).orElseThrow();
        assertThat(left.erased()).isEqualTo(erasing(subject));
        assertThat(left.body()).isEmpty();
        assertThat(left.until()).isEqualTo(OVER);
        assertThat(left.owner()).isEqualTo(WHOSE);
        assertThat(left.withBody(new byte[1]).erased()).isNotNull();
        KeptReply others = await(store().find("f2", NOW)).orElseThrow();
        assertThat(others.erased()).isNull();
        assertThat(others.body()).asString(StandardCharsets.UTF_8).isEqualTo("said");
        assertThat(await(store().erase(erasing(subject)))).as("once").isZero();
        assertThat(await(store().any(NOW))).as("who comes back must be told").isTrue();
        assertThat(await(store().find("f1", OVER))).isEmpty();
    }

    @Test
    void put_behindAnErasure_keepsOnlyWhatCameInAfterIt() throws Exception {
        assertThat(await(store().erase(erasing("session:run-1")))).isZero();
        KeptOwner later = new KeptOwner("search", "coder", "run-1", "jane", NOW.plusMillis(1));

        await(store().put(of("f1", "ex_7", WHOSE), NOW));
        await(store().put(of("f2", "ex_8", later), NOW));

        KeptReply earlier = await(store().find("f1", NOW)).orElseThrow();
        assertThat(earlier.erased()).isEqualTo(erasing("session:run-1"));
        assertThat(earlier.body()).isEmpty();
        assertThat(await(store().find("f2", NOW)).orElseThrow().erased()).isNull();
        await(store().drop("f1"));
        assertThat(await(store().find("f1", NOW))).isEmpty();
    }

    @Test
    void erase_longAfterAnErasure_doesNotMakeWhatWasErasedLookKept() throws Exception {
        await(store().put(of("f1", "ex_7", WHOSE), NOW));
        await(store().erase(erasing("agent:coder")));
        await(store().erase(new Erasure("agent:other", NOW.plus(Duration.ofDays(40)), "cli:ann", "later")));

        assertThat(await(store().find("f1", NOW)).orElseThrow().erased()).isNotNull();
    }

    @Test
    void put_always_keepsTheWholeReply_untilItIsOverOrDropped() throws Exception {
        assertThat(await(store().any(NOW))).isFalse();
        await(store().put(reply("f1", "one", OVER), NOW));
        await(store().put(reply("f2", "two", OVER), NOW));

        KeptReply found = await(store().find("f1", NOW)).orElseThrow();
        assertThat(found.exchange()).isEqualTo("ex_1");
        assertThat(found.target()).isEqualTo("openai/gpt-4o");
        assertThat(found.contentType()).isEqualTo("application/json");
        assertThat(found.until()).isEqualTo(OVER);
        assertThat(found.body()).asString(StandardCharsets.UTF_8).isEqualTo("one");
        assertThat(await(store().find("f3", NOW))).isEmpty();
        assertThat(await(store().find("f1", OVER))).isEmpty();
        assertThat(await(store().any(NOW))).isTrue();
        assertThat(await(store().any(OVER))).isFalse();

        await(store().drop("f1"));
        assertThat(await(store().find("f1", NOW))).isEmpty();
        assertThat(await(store().find("f2", NOW))).isPresent();
    }

    @Test
    void put_forTheSameCall_takesThePlace_andForgetsWhatIsOver() throws Exception {
        await(store().put(reply("f1", "one", OVER), NOW));
        await(store().put(reply("f1", "other", OVER), NOW));
        assertThat(await(store().find("f1", NOW)).orElseThrow().body())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("other");

        await(store().put(reply("f2", "two", OVER.plusSeconds(9)), OVER));
        assertThat(await(store().find("f1", NOW))).as("its time is over").isEmpty();
    }

    @Test
    void find_ofAnySession_isTheLastOneOfTheSameCall_unlessItWasErasedOrIsOver() throws Exception {
        KeptOwner later = new KeptOwner("search", "coder", "run-2", "jane", NOW.plusSeconds(1));
        await(store().put(shared("f2", "ex_2", later), NOW));
        await(store().put(shared("f1", "ex_1", WHOSE), NOW));
        await(store().put(reply("f3", "of nobody else's", OVER), NOW));

        assertThat(found(NOW)).contains("f2");
        assertThat(found(OVER)).isEmpty();
        assertThat(await(store().findOfAnySession("other", NOW))).isEmpty();

        await(store().erase(new Erasure("session:run-2", later.at(), "cli:ann", "request 4711")));
        assertThat(found(NOW)).contains("f1");
        await(store().drop("f1"));
        assertThat(found(NOW)).isEmpty();
    }

    private Optional<String> found(Instant at) throws Exception {
        return await(store().findOfAnySession("same", at)).map(KeptReply::fingerprint);
    }

    private static KeptReply shared(String fingerprint, String exchange, KeptOwner owner) {
        return of(fingerprint, "same", exchange, owner);
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }
}
