package dev.tollgate.audit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.AuditIndex.SpendRow;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An index under test, and how the tests feed and ask it. */
interface AuditIndexUse {
    Instant MORNING = Instant.parse("2026-03-01T09:59:59.999999999Z");
    Instant NOON = Instant.parse("2026-03-01T12:30:00Z");
    Instant NEXT_DAY = Instant.parse("2026-03-02T00:00:00Z");

    /** The index, the same until it is opened again. */
    AuditIndex index();

    /** Puts records into the journal, and waits until the index has them. */
    void append(AuditRecord... records) throws Exception;

    /** Five calls: completed, unpriced, dear, denied, open. */
    default void appendScenario() throws Exception {
        append(
                Records.received("ex_1", MORNING, "agent-a", "team-a", "session-a", 1),
                Records.received("ex_2", NOON, "agent-a", "team-a", "session-a", 1),
                Records.ended("ex_2", NOON, "completed", "openai/small-1", null),
                Records.ended("ex_1", NOON, "completed", "openai/small-1", 1_500_000L),
                Records.received("ex_3", NOON.plusNanos(1), "agent-b", "team-b", "session-b", 1),
                Records.ended("ex_3", NOON, "completed", "groq/small-2", 4_000_000_000_000_000_001L),
                Records.received("ex_4", NOON.plusSeconds(1), "agent-a", "team-a", "", 1),
                Records.ended("ex_4", NOON, "denied", "", 0L),
                Records.administrative("policy_loaded"),
                Records.received("ex_5", NEXT_DAY, "agent-b", "team-b", "", 1));
    }

    default List<SpendRow> spend(Dimension by) throws Exception {
        return await(index().spend(Instant.EPOCH, NEXT_DAY.plusSeconds(3600), by));
    }

    @CanIgnoreReturnValue
    static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }
}
