package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AuditRecord;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySource;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PolicyRecordsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @TempDir
    private Path folder;

    private final List<AuditRecord> log = new ArrayList<>();
    private PolicySource policies;

    @BeforeEach
    void start() throws Exception {
        write("detect: {threshold: 0.5}\n");
        policies = PolicySource.start(new PolicyLoader(folder, List.of(), name -> null), List.of(), () -> NOW);
        policies.listen(new PolicyRecords(
                record -> {
                    log.add(record);
                    return Future.succeededFuture();
                },
                "the folder"));
    }

    @Test
    void bundleInForce_isOnTheLogWithItsVersion() throws Exception {
        write("detect: {threshold: 0.6}\n");
        assertThat(policies.reload()).isTrue();

        assertThat(log)
                .containsExactly(new Administrative(
                        NOW, "policy_loaded", "gateway", policies.current().version(), Map.of("source", "the folder")));
    }

    @Test
    void bundleThatFollowsAnother_isOnTheLogWithWhatItChanges() throws Exception {
        PolicyRecords records = new PolicyRecords(
                record -> {
                    log.add(record);
                    return Future.succeededFuture();
                },
                "the folder");
        records.onLoad(policies.current());
        log.clear();
        policies.listen(records);
        write("detect: {threshold: 0.6}\n");
        assertThat(policies.reload()).isTrue();

        assertThat(((Administrative) log.getLast()).details())
                .containsEntry("changed_settings", "1")
                .containsEntry("change_001", "detect.threshold: 0.5 → 0.6");
    }

    @Test
    void refusedBundle_isOnTheLogWithItsFirstFault() throws Exception {
        write("detect: {threshold: high, mode: loud}\n");
        assertThat(policies.reload()).isFalse();

        assertThat(log).singleElement().satisfies(record -> {
            Administrative refused = (Administrative) record;
            assertThat(refused.at()).isEqualTo(NOW);
            assertThat(refused.action()).isEqualTo("policy_refused");
            assertThat(refused.actor()).isEqualTo("gateway");
            assertThat(refused.subject()).isEqualTo("the folder");
            assertThat(refused.details()).containsEntry("faults", "2");
            assertThat(refused.details().get("first")).contains("policy.yaml:1: detect.");
        });
    }

    @Test
    void logThatCannotBeWritten_keepsNoPolicyFromComingIntoForce() throws Exception {
        policies.listen(new PolicyRecords(record -> Future.failedFuture("the disk is full"), "the folder"));
        String before = policies.current().version();
        write("detect: {threshold: 0.6}\n");

        assertThat(policies.reload()).isTrue();
        assertThat(policies.current().version()).isNotEqualTo(before);
    }

    private void write(String yaml) throws IOException {
        Files.writeString(folder.resolve("policy.yaml"), yaml);
    }
}
