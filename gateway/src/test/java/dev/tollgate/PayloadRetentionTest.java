package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AuditRecord;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.payload.MemoryPayloads;
import dev.tollgate.audit.payload.PayloadStore;
import dev.tollgate.policy.Environment;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySource;
import dev.tollgate.wire.Wires;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PayloadRetentionTest {
    private final List<AuditRecord> records = new ArrayList<>();
    private final List<LocalDate> asked = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-21T00:05:00Z");
    private final PayloadStore payloads = new MemoryPayloads() {
        @Override
        public Future<List<Dropped>> dropBefore(LocalDate first) {
            asked.add(first);
            return Future.succeededFuture(List.of(new Dropped(first.minusDays(1), 77)));
        }
    };

    private PayloadRetention retention(String... overrides) throws Exception {
        PolicySource policies = PolicySource.start(
                new PolicyLoader(null, List.of(overrides), Environment.SYSTEM),
                Serving.compilers(new Wires(), Environment.SYSTEM, "http://127.0.0.1:9", null),
                () -> now);
        return new PayloadRetention(
                policies,
                payloads,
                record -> {
                    records.add(record);
                    return Future.succeededFuture();
                },
                () -> now);
    }

    @Test
    void daysPastTheirTime_areDroppedAndRecorded_everyTenMinutes() throws Exception {
        PayloadRetention retention = retention("payloads.keep=30d");

        assertThat(retention.look().succeeded()).isTrue();
        assertThat(retention.look().succeeded()).isTrue();
        now = now.plusSeconds(601);
        assertThat(retention.look().succeeded()).isTrue();

        LocalDate first = LocalDate.parse("2026-10-22");
        assertThat(asked).containsExactly(first, first);
        assertThat(records.getFirst()).isInstanceOfSatisfying(Administrative.class, record -> {
            assertThat(record.action()).isEqualTo("payloads_dropped");
            assertThat(record.subject()).isEqualTo("2026-10-21");
            assertThat(record.details()).containsEntry("keep_days", "30").containsEntry("bytes", "77");
        });
    }

    @Test
    void payloadsKeptForEver_areLeftAlone() throws Exception {
        assertThat(retention().look().succeeded()).isTrue();

        assertThat(asked).isEmpty();
    }
}
