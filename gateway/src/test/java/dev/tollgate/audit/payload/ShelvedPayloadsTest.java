package dev.tollgate.audit.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.policy.PayloadPolicy.Capture;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a store does whose shelf breaks in a way that nobody foresaw. */
@Timeout(30)
class ShelvedPayloadsTest {
    private final CountDownLatch tried = new CountDownLatch(1);

    @Test
    void question_thatEndsInAnError_isAnswered() {
        try (ShelvedPayloads payloads = open()) {
            assertThatThrownBy(() -> payloads.find("ex_1", Instant.EPOCH, Part.REQUEST)
                            .toCompletionStage()
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(StackOverflowError.class);
        }
    }

    @Test
    void writer_thatDied_isToldToHealthChecks() throws Exception {
        try (ShelvedPayloads payloads = open()) {
            byte[] bytes = {1};
            assertThat(payloads.reserve(bytes.length)).isTrue();
            payloads.keep(
                    new Payload(
                            new Payload.Whose("ex_1", Instant.EPOCH, "team", "agent", "", ""),
                            Part.REQUEST,
                            Capture.FULL,
                            new byte[Commitment.SALT_BYTES],
                            bytes,
                            bytes.length,
                            0,
                            false,
                            new Head("POST", "openai", "/v1/files", "", "opaque", Map.of(), 0),
                            Payload.whole(bytes)),
                    bytes.length);

            assertThat(tried.await(10, TimeUnit.SECONDS)).isTrue();
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (payloads.state().succeeded() && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            assertThat(payloads.state().failed()).isTrue();
            assertThat(payloads.state().cause()).hasMessageContaining("died");
        }
    }

    private ShelvedPayloads open() {
        return ShelvedPayloads.open(new Broken(), PayloadKeys.none(), 1 << 20, InstantSource.system());
    }

    private final class Broken implements PayloadShelf {
        @Override
        public <T> T change(LocalDate day, Work<T> work) {
            tried.countDown();
            throw new StackOverflowError("on purpose");
        }

        @Override
        public <T> Optional<T> read(LocalDate day, Work<T> work) {
            throw new StackOverflowError("on purpose");
        }

        @Override
        public List<LocalDate> days() {
            return List.of();
        }

        @Override
        public Optional<Long> drop(LocalDate day) {
            return Optional.empty();
        }

        @Override
        public byte[] secret() {
            return new byte[32];
        }

        @Override
        public KeyTable keys() {
            throw new IllegalStateException("on purpose");
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
