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

    @TempDir
    private Path data;

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
                "the folder",
                new LastPolicy(data)));
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
                "the folder",
                new LastPolicy(data));
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
    void bundleThatCameWithARestart_isOnTheLogWithWhatItChanges_andNoSecretIsKept() throws Exception {
        new LastPolicy(data).keep(policies.current().bundle());
        String secret = "s3cr3t-of-" + "the-collector";
        write("detect: {threshold: 0.6}\naudit: {streams: [{id: siem, to: 'https://siem.example/in', authorization: "
                + secret + "}]}\n");
        PolicySource restarted =
                PolicySource.start(new PolicyLoader(folder, List.of(), name -> null), List.of(), () -> NOW);

        new PolicyRecords(
                        record -> {
                            log.add(record);
                            return Future.succeededFuture();
                        },
                        "the folder",
                        new LastPolicy(data))
                .onLoad(restarted.current());

        Map<String, String> details = ((Administrative) log.getLast()).details();
        assertThat(details.values())
                .contains("detect.threshold: 0.5 → 0.6")
                .anyMatch(change -> change.equals("audit.streams[siem].authorization: added, [secret]"))
                .noneMatch(change -> change.contains(secret));
        assertThat(new LastPolicy(data).shown())
                .containsEntry("detect.threshold", "0.6")
                .containsEntry("audit.streams[siem].authorization", "[secret]");
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
        policies.listen(new PolicyRecords(
                record -> Future.failedFuture("the disk is full"), "the folder", new LastPolicy(data)));
        String before = policies.current().version();
        write("detect: {threshold: 0.6}\n");

        assertThat(policies.reload()).isTrue();
        assertThat(policies.current().version()).isNotEqualTo(before);
    }

    private void write(String yaml) throws IOException {
        Files.writeString(folder.resolve("policy.yaml"), yaml);
    }
}
