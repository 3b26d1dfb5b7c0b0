package dev.tollgate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.FaultyDisk.Operation;
import dev.tollgate.policy.AuditPolicy;
import dev.tollgate.policy.AuditPolicy.Durability;
import dev.tollgate.policy.ByteSize;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fails: what was acknowledged is on it, what was not is nowhere, and the journal goes on by itself. */
final class JournalDiskTest {
    @TempDir
    private Path data;

    private final FaultyDisk disk = new FaultyDisk();

    @Test
    void fullDisk_isTroubleUntilAWriteWorksAgain() throws Exception {
        try (Journal journal = open(AuditPolicy.DEFAULT)) {
            await(journal.append(Records.received("ex_before")));
            disk.fault = FaultyDisk.Fault.FULL;

            assertThatThrownBy(() -> await(journal.append(Records.received("ex_1"))))
                    .isInstanceOf(JournalFailure.class)
                    .hasMessageContaining("cannot be written: No space left");
            assertThatThrownBy(() -> await(journal.append(Records.received("ex_2"))))
                    .hasMessageContaining("No space left");
            assertThat(journal.trouble().orElseThrow()).contains("No space left");
            assertThat(journal.waitingBytes()).isZero();

            disk.fault = FaultyDisk.Fault.NONE;
            await(journal.append(Records.received("ex_after")));
            assertThat(journal.trouble()).isEmpty();
        }
        JournalFolder.assertGood(data, 3);
        assertThat(exchanges()).containsExactly("ex_before", "ex_after");
    }

    @Test
    void forceThatFails_acknowledgesNothing() throws Exception {
        try (Journal journal = open(AuditPolicy.DEFAULT)) {
            disk.fault = operation -> fail(operation == Operation.FORCE);
            assertThatThrownBy(() -> await(journal.append(Records.received("ex_1"))))
                    .hasMessageContaining("Input/output error");
            disk.fault = FaultyDisk.Fault.NONE;
            await(journal.append(Records.received("ex_2")));
        }
        JournalFolder.assertGood(data, 2);
        assertThat(exchanges()).containsExactly("ex_2");
    }

    @Test
    void processThatEndsOnAFullDisk_leavesWhatItAcknowledged() throws Exception {
        Journal journal = open(AuditPolicy.DEFAULT);
        await(journal.append(Records.received("ex_1")));
        disk.fault = FaultyDisk.Fault.FULL;
        assertThatThrownBy(() -> await(journal.append(Records.received("ex_2"))))
                .isNotNull();
        assertThatThrownBy(journal::close).hasMessageContaining("No space left");

        try (Journal again = JournalFolder.open(data)) {
            assertThat(again.recovered().repairs()).anyMatch(said -> said.startsWith("journal_repaired"));
            assertThat(again.recovered().orphans())
                    .extracting(orphan -> orphan.exchange().value())
                    .containsExactly("ex_1");
        }
        assertThat(JournalFolder.verify(data).firstBad()).isEmpty();
    }

    @Test
    void segmentThatCannotBeBegun_isGoneOnInTheOldOne() throws Exception {
        AuditPolicy small = new AuditPolicy(Durability.FAST, new ByteSize(2000), null, null, null);
        try (Journal journal = open(small)) {
            disk.fault = operation -> fail(operation == Operation.OPEN);
            for (int i = 0; i < 10; i++) {
                await(journal.append(Records.received("ex_" + i)));
            }
            assertThat(Segments.list(journal.folder())).containsExactly(1L);
            disk.fault = FaultyDisk.Fault.NONE;
            await(journal.append(Records.received("ex_10")));
            await(journal.append(Records.received("ex_11")));
            assertThat(Segments.list(journal.folder())).hasSizeGreaterThan(1);
        }
        JournalFolder.assertGood(data, 13);
    }

    @Test
    void stalledDisk_refusesWhatExceedsTheBacklog_andLosesNothingOfTheRest() throws Exception {
        AuditPolicy small = new AuditPolicy(Durability.STRICT, null, new ByteSize(5000), null, null);
        CountDownLatch stalled = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (Journal journal = open(small)) {
            disk.fault = operation -> {
                stalled.countDown();
                awaitUninterrupted(goOn);
            };
            Future<Void> first = journal.append(Records.received("ex_first"));
            assertThat(stalled.await(10, TimeUnit.SECONDS)).isTrue();
            List<Future<Void>> waiting = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                waiting.add(journal.append(Records.received("ex_" + i)));
            }
            List<Future<Void>> refused = waiting.stream().filter(Future::failed).toList();

            assertThat(refused).isNotEmpty().hasSizeLessThan(10);
            assertThat(refused.get(0).cause()).hasMessageContaining("more than 5000 bytes wait to be written");
            goOn.countDown();
            await(Future.join(waiting).otherwiseEmpty().compose(done -> first));
            await(journal.append(Records.received("ex_last")));
            assertThat(exchanges())
                    .hasSize(12 - refused.size())
                    .startsWith("ex_first")
                    .endsWith("ex_last");
        }
    }

    /** Under load, with faults at random places, the journal holds exactly what was acknowledged. */
    @Test
    void anyFaults_underLoad_acknowledgedIsWhatIsThere() throws Exception {
        for (int seed = 1; seed <= 5; seed++) {
            Random random = new Random(seed);
            Path folder = data.resolve("seed" + seed);
            AuditPolicy policy = new AuditPolicy(Durability.STRICT, new ByteSize(30_000), null, null, null);
            Set<String> acknowledged = ConcurrentHashMap.newKeySet();
            disk.fault = FaultyDisk.Fault.NONE;
            try (Journal journal = Journal.open(folder, policy, () -> Records.NOON, counter -> true, disk)) {
                disk.fault = operation -> fail(random.nextInt(6) == 0);
                for (int round = 0; round < 100; round++) {
                    List<Future<Void>> batch = new ArrayList<>();
                    for (int i = 0; i < 4; i++) {
                        String id = "ex_" + round + "_" + i;
                        batch.add(journal.append(Records.received(id)).onSuccess(done -> acknowledged.add(id)));
                    }
                    Future.join(batch).otherwiseEmpty().await(10, TimeUnit.SECONDS);
                }
                disk.fault = FaultyDisk.Fault.NONE;
                await(journal.append(Records.administrative("end")));
            }

            assertThat(acknowledged).hasSizeBetween(50, 390);
            assertThat(JournalFolder.verify(folder).firstBad()).isEmpty();
            assertThat(new HashSet<>(exchanges(folder))).as("seed %s", seed).isEqualTo(acknowledged);
        }
    }

    @Test
    void newJournal_always_isReadableByItsOwnerOnly() throws Exception {
        JournalFolder.open(data.resolve("deep")).close();

        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(data.resolve("deep").resolve(Journal.FOLDER))))
                .isEqualTo("rwx------");
    }

    private Journal open(AuditPolicy policy) throws IOException {
        return Journal.open(data, policy, () -> Records.NOON, counter -> true, disk);
    }

    private static void fail(boolean now) throws IOException {
        if (now) {
            throw new IOException("Input/output error");
        }
    }

    private List<String> exchanges() throws IOException {
        return exchanges(data);
    }

    private static List<String> exchanges(Path folder) throws IOException {
        return JournalFolder.records(folder).stream()
                .filter(Received.class::isInstance)
                .map(record -> ((Received) record).exchange().value())
                .collect(Collectors.toList());
    }

    private static void awaitUninterrupted(CountDownLatch latch) throws IOException {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
    }

    private static void await(Future<?> future) throws Exception {
        Object unused = future.await(10, TimeUnit.SECONDS);
    }
}
