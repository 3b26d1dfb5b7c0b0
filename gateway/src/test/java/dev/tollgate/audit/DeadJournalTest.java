package dev.tollgate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal whose thread died: whoever waits for a record is told so. */
final class DeadJournalTest {
    @TempDir
    private Path data;

    @Test
    void recordInHand_whenNoCheckpointCanBeMade_isRefused_andAllBehindIt() throws Exception {
        try (Journal journal = Journal.open(data, JournalFolder.FAST, () -> Records.NOON, counter -> true)) {
            journal.append(Records.administrative("first")).await(10, TimeUnit.SECONDS);
            journal.see(() -> {
                throw new IllegalStateException("no checkpoint today");
            });

            // Of a time that needs a checkpoint before it, so that the thread dies with the record in its hand.
            Future<Void> inHand = journal.append(Records.received(
                    "ex_1", Records.NOON.plus(Duration.ofHours(1)), "agent-a", "team-a", "session-a", 5));

            assertThatThrownBy(() -> inHand.await(10, TimeUnit.SECONDS))
                    .isInstanceOf(JournalFailure.class)
                    .hasMessageContaining("thread died");
            assertThat(journal.append(Records.administrative("late")))
                    .satisfies(late -> assertThatThrownBy(() -> late.await(10, TimeUnit.SECONDS))
                            .isInstanceOf(JournalFailure.class)
                            .hasMessageContaining("closed"));
        }
    }
}
