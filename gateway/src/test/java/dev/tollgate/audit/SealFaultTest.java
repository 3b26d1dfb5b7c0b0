package dev.tollgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AuditRecord.Sealed;
import dev.tollgate.audit.Verification.Bad;
import dev.tollgate.audit.Verification.Fault;
import dev.tollgate.audit.seal.SigningKey;
import dev.tollgate.audit.seal.VerifierKey;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only checkpoints, keys and anchors show: journals whose links, hashes, CRCs and head are all made right again. */
final class SealFaultTest {
    @TempDir
    private Path data;

    private volatile Instant now = Records.NOON;
    private VerifierKey first;
    private VerifierKey second;
    private final List<String> anchors = new ArrayList<>();

    /** Two starts, several checkpoints, a change of keys between. */
    @BeforeEach
    void journal() throws Exception {
        for (int start = 0; start < 2; start++) {
            try (Journal journal = Journal.open(data, JournalFolder.FAST, () -> now, counter -> true)) {
                journal.anchor(anchors::add);
                first = start == 0 ? AuditKeys.shown(data) : first;
                for (int i = 0; i < 40; i++) {
                    String exchange = "ex_" + start + "_" + i;
                    await(journal.append(Records.received(exchange, now, "agent-a", "team-a", "session-a", 5)));
                    await(journal.append(Records.ended(exchange, now, "completed", "openai/small-1", 5L)));
                    now = now.plusSeconds(1);
                }
                if (start == 0) {
                    second = AuditKeys.prepareNext(data, journal.head().node(), false);
                }
            }
            now = now.plusSeconds(86_400);
        }
    }

    @Test
    void cleanLog_withKeysAndAnchors_isGood() throws Exception {
        for (Trust trust : List.of(
                Trust.NONE,
                new Trust(List.of(first), anchors, List.of()),
                new Trust(List.of(second), List.of(), List.of()))) {
            Verification found = verify(data, trust);

            assertThat(found.firstBad()).isEmpty();
            assertThat(found.seal().uncovered()).isZero();
            assertThat(found.seal().covered()).isEqualTo(found.records() - 1);
            assertThat(found.seal().keys()).containsExactly(first.toString(), second.toString());
            assertThat(found.seal().isTrusted()).isEqualTo(!trust.keys().isEmpty());
        }
    }

    @Test
    void recordRewritten_withEverythingBehindItMadeRight_isNamedByTheNextCheckpoint() throws Exception {
        Rewrite rewrite = Rewrite.of(data);
        rewrite.replace(50, Records.administrative("forged"));

        Bad bad = bad(rewrite.write(), Trust.NONE);

        assertThat(bad.fault()).isEqualTo(Fault.CHECKPOINT);
        assertThat(bad.sequence()).isGreaterThan(50);
    }

    @Test
    void checkpointsDropped_areNamed() throws Exception {
        Rewrite rewrite = Rewrite.of(data);
        rewrite.removeIf(record -> record instanceof Sealed, 4);

        assertThat(bad(rewrite.write(), Trust.NONE).fault()).isEqualTo(Fault.UNSEALED);
    }

    @Test
    void oneCheckpointDropped_isNamedByTheNext() throws Exception {
        Rewrite rewrite = Rewrite.of(data);
        rewrite.remove(rewrite.indexOf(record -> record instanceof Sealed, 20));

        assertThat(bad(rewrite.write(), Trust.NONE).fault()).isEqualTo(Fault.CHECKPOINT);
    }

    @Test
    void logSignedAnew_withAnotherKey_isNamedByWhoHasTheKeyOrAnAnchor() throws Exception {
        Rewrite rewrite = Rewrite.of(data);
        rewrite.replace(50, Records.administrative("forged"));
        rewrite.removeIf(record -> record instanceof AuditRecord.Administrative said && KeyChange.isOne(said), 0);
        rewrite.signAgain(SigningKey.generate(first.name()));
        Path forged = rewrite.write();

        assertThat(verify(forged, Trust.NONE).firstBad()).isEmpty();
        assertThat(bad(forged, new Trust(List.of(first), List.of(), List.of())).fault())
                .isEqualTo(Fault.KEY);
        assertThat(bad(forged, new Trust(List.of(), anchors, List.of())).fault())
                .isEqualTo(Fault.ANCHOR);
    }

    @Test
    void logCutOff_withItsHeadMadeRight_isNamedByAnAnchor() throws Exception {
        Rewrite rewrite = Rewrite.of(data);
        rewrite.truncate(120);
        Path cut = rewrite.write();

        assertThat(verify(cut, Trust.NONE).firstBad()).isEmpty();
        Bad bad = bad(cut, new Trust(List.of(), anchors, List.of()));
        assertThat(bad.fault()).isEqualTo(Fault.ANCHOR);
        assertThat(bad.message()).contains("but the log ends after 120");
    }

    @Test
    void keyChange_thatTheKeyBeforeDidNotSign_isNamedUnlessTrusted() throws Exception {
        Files.delete(data.resolve(AuditKeys.NAME));
        VerifierKey third = AuditKeys.prepareNext(data, first.name().replace("tollgate.dev/", ""), true);
        Journal.open(data, JournalFolder.FAST, () -> now, counter -> true).close();

        assertThat(bad(data, Trust.NONE).fault()).isEqualTo(Fault.KEY);
        assertThat(bad(data, new Trust(List.of(first), List.of(), List.of())).fault())
                .isEqualTo(Fault.KEY);
        assertThat(verify(data, new Trust(List.of(first, third), List.of(), List.of()))
                        .firstBad())
                .isEmpty();
    }

    @Test
    void chainWithoutCheckpoints_behindOneWithThem_isNamed() throws Exception {
        Rewrite rewrite = Rewrite.of(data);
        int start = rewrite.indexOf(
                record -> record instanceof AuditRecord.Administrative said
                        && said.action().equals("chain_started"),
                5);
        AuditRecord.Administrative said = (AuditRecord.Administrative) rewrite.record(start);
        rewrite.replace(
                start,
                new AuditRecord.Administrative(
                        said.at(),
                        said.action(),
                        said.actor(),
                        said.subject(),
                        java.util.Map.of("format", "1", "node", "x")));

        assertThat(bad(rewrite.write(), Trust.NONE).fault()).isEqualTo(Fault.UNSEALED);
    }

    @Test
    void callWithoutItsEnd_isNamedWhenItsChainIsOver() throws Exception {
        Rewrite rewrite = Rewrite.of(data);
        rewrite.remove(rewrite.indexOf(record -> record instanceof AuditRecord.Ended, 30));
        rewrite.signAgain(SigningKey.parse(Files.readString(data.resolve(AuditKeys.NAME))));
        rewrite.removeIf(record -> record instanceof AuditRecord.Administrative said && KeyChange.isOne(said), 0);
        rewrite.signAgain(SigningKey.parse(Files.readString(data.resolve(AuditKeys.NAME))));

        Bad bad = bad(rewrite.write(), Trust.NONE);

        assertThat(bad.fault()).isEqualTo(Fault.OUTCOME_MISSING);
        assertThat(bad.message()).contains("ex_0_");
    }

    @Test
    void whatStandsBehindTheLastCheckpoint_isSaid() throws Exception {
        Path killed;
        try (Journal journal = Journal.open(data, JournalFolder.FAST, () -> now, counter -> true)) {
            await(journal.append(Records.administrative("done")));
            await(journal.append(Records.administrative("done")));
            killed = JournalFolder.copy(data);
        }

        assertThat(verify(killed, Trust.NONE).seal().uncovered()).isEqualTo(2);
    }

    private static Bad bad(Path folder, Trust trust) throws IOException {
        return verify(folder, trust).firstBad().orElseThrow();
    }

    private static Verification verify(Path folder, Trust trust) throws IOException {
        return Verifier.verify(folder.resolve(Journal.FOLDER), trust, read -> {});
    }

    private static void await(Future<?> future) throws Exception {
        Object unused = future.await(10, TimeUnit.SECONDS);
    }
}
