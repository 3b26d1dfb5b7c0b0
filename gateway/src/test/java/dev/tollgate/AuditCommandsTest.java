package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Commands.Said;
import dev.tollgate.audit.AuditKeys;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.seal.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an auditor does, beside a gateway that runs and after it was killed: the commands of evidence.md. */
final class AuditCommandsTest {
    @TempDir
    private Path folder;

    private Path data;
    private Path anchors;
    private GatewayProcess gateway;

    @BeforeEach
    void start() throws IOException {
        data = folder.resolve("data");
        anchors = folder.resolve("anchors.txt");
        gateway = GatewayProcess.start(data, "audit.anchors.file=" + anchors, "audit.anchors.every=0s");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void journal_ofARunningGateway_isVerifiedWithKeyAndAnchors_alsoAfterItsKeyWasRotated() throws Exception {
        String key = run("audit", "key", "show").out().lines().findFirst().orElseThrow();
        Path shown = Files.writeString(
                folder.resolve("key.txt"), run("audit", "key", "show").out());
        String exchange = exchange();
        await(() -> Files.exists(anchors));

        Said rotated = run("audit", "key", "rotate");
        assertThat(rotated.code()).isZero();
        String next = rotated.out().strip();
        await(() -> AuditKeys.shown(data).toString().equals(next));

        for (String trusted : List.of(key, shown.toString(), next)) {
            Said said = verify("--pubkey", trusted, "--anchor", anchors.toString());
            assertThat(said.err()).isEmpty();
            assertThat(said.out())
                    .contains("the journal is sound")
                    .contains("key: " + key)
                    .contains("key: " + next)
                    .contains("checkpoints kept elsewhere are in the log");
            assertThat(said.code()).isZero();
        }
        assertThat(verify().out()).contains("give the key with --pubkey");

        Path pack = folder.resolve("evidence.json");
        assertThat(run("audit", "export", "--exchange", exchange, "-o", pack.toString()))
                .isEqualTo(new Said(0, "2 records of " + exchange + " in " + pack + "\n", ""));
        Said proven = run("audit", "verify", "--export", pack.toString(), "--pubkey", key);
        assertThat(proven.code()).isZero();
        assertThat(proven.out()).contains("2 records of " + exchange + " are in the log", "the evidence is sound");
        Files.writeString(pack, Files.readString(pack).replace("completed", "denied"));
        assertThat(run("audit", "verify", "--export", pack.toString()).code()).isEqualTo(1);
    }

    @Test
    void killedGateway_whoseKeyIsTakenAway_doesNotStart() throws Exception {
        String key = run("audit", "key", "show").out().lines().findFirst().orElseThrow();
        gateway.kill();
        Said killed = verify("--pubkey", key);
        assertThat(killed.code()).isZero();
        Files.move(data.resolve(AuditKeys.NAME), folder.resolve("kept"));

        Process refused = GatewayProcess.launchWith(policies(), data);
        assertThat(refused.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(refused.exitValue()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("stderr.txt")))
                .contains("the key that signs the audit log is missing")
                .contains("tollgate audit key rotate --lost");
    }

    @Test
    void wrongKey_andWhatIsNoKey_areTold() {
        String foreign = SigningKey.generate("tollgate.dev/other").verifier().toString();

        Said said = verify("--pubkey", foreign);

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).contains("(KEY, ").contains("the journal is NOT sound");
        assertThat(verify("--pubkey", "nothing").code()).isEqualTo(1);
        assertThat(verify("--unknown").code()).isEqualTo(2);
    }

    private Path policies() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("policies"));
        Files.writeString(empty.resolve("server.yaml"), "audit: {durability: fast}\n");
        return empty;
    }

    private String exchange() throws Exception {
        return gateway.chat("fast")
                .headers()
                .firstValue("x-tollgate-exchange-id")
                .orElseThrow();
    }

    private Said verify(String... options) {
        List<String> all = new ArrayList<>(List.of("audit", "verify", "--journal"));
        all.add(data.resolve(Journal.FOLDER).toString());
        all.addAll(List.of(options));
        return Commands.run(all);
    }

    private Said run(String... arguments) {
        return Commands.run(data, List.of(), arguments);
    }

    /** Something that comes to hold. */
    @FunctionalInterface
    private interface Holds {
        boolean now() throws IOException;
    }

    /** Checkpoints come every 10 seconds. */
    private static void await(Holds holds) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (!holds.now()) {
            assertThat(System.nanoTime()).isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}
