package dev.tollgate.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.approval.KeptReplies;
import dev.tollgate.approval.KeptReply;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link KeptReplies} must do. */
@Timeout(60)
public abstract class KeptRepliesContract {
    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");
    private static final Instant OVER = NOW.plusSeconds(900);

    /** The store under test, empty at first, the same for the whole test. */
    protected abstract KeptReplies store();

    private static KeptReply reply(String fingerprint, String said, Instant until) {
        return new KeptReply(
                fingerprint, "ex_1", "openai/gpt-4o", "application/json", said.getBytes(StandardCharsets.UTF_8), until);
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

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }
}
