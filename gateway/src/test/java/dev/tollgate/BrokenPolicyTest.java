package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalReader;
import dev.tollgate.audit.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broken bundle, as {@code tollgate serve} meets it: at its start, and while it runs. */
class BrokenPolicyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String SOUND = """
            scan:
              mode: enforce
            """;
    private static final String BROKEN = """
            scan:
              mode: "off"
            detect:
              treshold: 0.5
            """;
    private static final String FAULT = "policy.yaml:4: detect.treshold: unknown key, did you mean threshold?";

    @TempDir
    Path folder;

    @Test
    void brokenBundle_atStart_isRefused_withFileLineAndPath() throws Exception {
        Path policies = policies(BROKEN);
        Path data = folder.resolve("data");

        Process process = GatewayProcess.launchWith(policies, data);

        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(log()).contains(FAULT);
        assertThat(data).as("what a refused start leaves behind").doesNotExist();
    }

    @Test
    void brokenBundle_onReload_leavesTheOldInForce_andIsToldEverywhere() throws Exception {
        Path policies = policies(SOUND);
        Path data = folder.resolve("data");
        try (GatewayProcess gateway = GatewayProcess.startWith(policies, data)) {
            String token = Files.readString(data.resolve("admin-token")).strip();
            String before = gateway.console("/api/v1/policy", token);

            policies(BROKEN);

            await(() -> gateway.console("/readyz", token).contains("the newest load was refused"));
            await(() -> log().contains("stays in force"));
            assertThat(log()).contains(FAULT);
            assertThat(gateway.console("/api/v1/policy", token))
                    .contains("last_failure", FAULT.replace("\"", "\\\""))
                    .contains(version(before));
            // The broken bundle would have turned the scan off.
            assertThat(gateway.ask("sandbox/sandbox-small", "AKIA" + "QYLPMN5HHHFPZAM2")
                            .statusCode())
                    .isEqualTo(400);

            policies(SOUND + "detect: {threshold: 0.5}\n");

            await(() -> gateway.console("/api/v1/policy", token).contains("\"last_failure\":null"));
            assertThat(gateway.console("/readyz", token)).doesNotContain("refused");
            // A policy is in force a moment before that is on the record.
            await(() -> recorded(data).size() == 3);
        }
        assertThat(recorded(data))
                .satisfiesExactly(
                        first -> assertThat(first.action()).isEqualTo("policy_loaded"),
                        refused -> {
                            assertThat(refused.action()).isEqualTo("policy_refused");
                            assertThat(refused.details().get("first")).contains(FAULT);
                        },
                        mended -> assertThat(mended.action()).isEqualTo("policy_loaded"));
    }

    @CanIgnoreReturnValue
    private Path policies(String yaml) throws IOException {
        Path policies = Files.createDirectories(folder.resolve("policies"));
        Path written = Files.writeString(folder.resolve("written"), yaml);
        return Files.move(written, policies.resolve("policy.yaml"), StandardCopyOption.REPLACE_EXISTING)
                .getParent();
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("stderr.txt"));
    }

    private static String version(String document) {
        Matcher version = Pattern.compile("\"version\":\"[0-9a-f]{16}\"").matcher(document);
        assertThat(version.find()).isTrue();
        return version.group();
    }

    private static List<Administrative> recorded(Path data) throws IOException {
        List<Administrative> recorded = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(data.resolve(Journal.FOLDER), Position.START)) {
            while (reader.next() instanceof JournalReader.Step.Intact intact) {
                if (intact.entry().record() instanceof Administrative administrative
                        && administrative.action().startsWith("policy_")) {
                    recorded.add(administrative);
                }
            }
        }
        return recorded;
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("time to wait until").isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
