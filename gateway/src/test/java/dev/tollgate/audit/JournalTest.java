package dev.tollgate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.policy.AuditPolicy;
import dev.tollgate.policy.AuditPolicy.Durability;
import dev.tollgate.policy.ByteSize;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
    @TempDir
    private Path data;

    @Test
    void append_acknowledged_isReadBackInOrder() throws Exception {
        try (Journal journal = JournalFolder.open(data)) {
            await(journal.append(Records.received("ex_1")));
            await(journal.append(Records.ended("ex_1")));
        }

        List<AuditRecord> records = JournalFolder.records(data);
        assertThat(records.get(0))
                .isInstanceOfSatisfying(
                        Administrative.class,
                        started -> assertThat(started.action()).isEqualTo("chain_started"));
        assertThat(records.subList(1, 3)).containsExactly(Records.received("ex_1"), Records.ended("ex_1"));
        JournalFolder.assertGood(data, 3);
    }

    @Test
    void manyAppends_fromSeveralThreads_formOneGoodChain() throws Exception {
        int perThread = 500;
        try (Journal journal = JournalFolder.open(data)) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int thread = t;
                threads.add(Thread.ofPlatform().start(() -> {
                    List<Future<Void>> pending = new ArrayList<>();
                    for (int i = 0; i < perThread; i++) {
                        pending.add(journal.append(Records.received("ex_" + thread + "_" + i)));
                    }
                    Future.all(pending).await();
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(journal.waitingBytes()).isZero();
        }

        JournalFolder.assertGood(data, 4L * perThread + 1);
    }

    @Test
    void acknowledgement_always_arrivesOnTheCallersContext() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (Journal journal = JournalFolder.open(data)) {
            Context context = vertx.getOrCreateContext();
            CompletableFuture<Context> seen = new CompletableFuture<>();

            context.runOnContext(v ->
                    journal.append(Records.received("ex_1")).onComplete(done -> seen.complete(Vertx.currentContext())));

            assertThat(seen.get(10, TimeUnit.SECONDS)).isSameAs(context);
        } finally {
            await(vertx.close());
        }
    }

    @Test
    void segment_full_isFollowedByTheNext() throws Exception {
        AuditPolicy small = new AuditPolicy(Durability.FAST, new ByteSize(4000), null, null, null);
        try (Journal journal = JournalFolder.open(data, small)) {
            for (int i = 0; i < 40; i++) {
                await(journal.append(Records.received("ex_" + i)));
            }
        }

        assertThat(Segments.list(data.resolve(Journal.FOLDER))).hasSizeGreaterThan(5);
        JournalFolder.assertGood(data, 41);
    }

    @Test
    void start_again_beginsAChainLinkedToTheOldOne() throws Exception {
        JournalFolder.open(data).close();
        Head before = JournalFolder.verify(data).last().orElseThrow();

        JournalFolder.open(data).close();

        Verification after = JournalFolder.assertGood(data, 2);
        assertThat(after.chains()).isEqualTo(2);
        ChainId first = ChainId.parse(before.chain());
        ChainId second = ChainId.parse(after.last().orElseThrow().chain());
        assertThat(second.node()).isEqualTo(first.node());
        assertThat(second.boot()).isEqualTo(2);
    }

    @Test
    void openCalls_atStart_areAbortedAndChargedWhatWasHeld() throws Exception {
        try (Journal journal = JournalFolder.open(data)) {
            await(journal.append(Records.received("ex_1")));
            await(journal.append(Records.received("ex_2")));
            await(journal.append(Records.ended("ex_1")));
        }

        try (Journal journal = JournalFolder.open(data)) {
            Recovered recovered = journal.recovered();
            assertThat(recovered.spent()).isEqualTo(Map.of(Records.COUNTER, 3_500_000L));
            assertThat(recovered.orphans()).hasSize(1);
            Ended aborted = recovered.orphans().getFirst().ended();
            assertThat(aborted.exchange().value()).isEqualTo("ex_2");
            assertThat(aborted.result()).isEqualTo("aborted");
            assertThat(aborted.cost()).isEqualTo(new NanoUsd(2_000_000));
        }
        try (Journal journal = JournalFolder.open(data)) {
            assertThat(journal.recovered().orphans()).isEmpty();
            assertThat(journal.recovered().spent()).isEqualTo(Map.of(Records.COUNTER, 3_500_000L));
        }
        JournalFolder.assertGood(data, 7);
    }

    @Test
    void callsWithoutAPrice_atStart_areOverAndSpentNowhere() throws Exception {
        try (Journal journal = JournalFolder.open(data)) {
            await(journal.append(Records.received("ex_1")));
            await(journal.append(Records.ended("ex_1", Records.NOON, "completed", "openai/small-1", null)));
            await(journal.append(Records.received("ex_2")));
            await(journal.append(Records.ended("ex_2")));
        }
        Path copy = JournalFolder.copy(data);
        Files.delete(copy.resolve(Journal.FOLDER).resolve("tally"));

        try (Journal kept = JournalFolder.open(data);
                Journal scanned = JournalFolder.open(copy)) {
            assertThat(kept.recovered()).isEqualTo(scanned.recovered());
            assertThat(kept.recovered().orphans()).isEmpty();
            assertThat(kept.recovered().spent()).isEqualTo(Map.of(Records.COUNTER, 1_500_000L));
        }
    }

    @Test
    void recovery_withAndWithoutKeptTally_isTheSame() throws Exception {
        AuditPolicy small = new AuditPolicy(Durability.FAST, new ByteSize(8000), null, null, null);
        try (Journal journal = JournalFolder.open(data, small)) {
            await(journal.append(
                    new Administrative(Records.NOON, Recovered.SHARED_WITH, "gateway", "node-b", Map.of())));
            for (int i = 0; i < 30; i++) {
                await(journal.append(Records.received("ex_" + i)));
                if (i % 3 != 0) {
                    await(journal.append(Records.ended("ex_" + i)));
                }
            }
        }
        Path copy = JournalFolder.copy(data);
        Files.delete(copy.resolve(Journal.FOLDER).resolve("tally"));

        try (Journal kept = JournalFolder.open(data);
                Journal scanned = JournalFolder.open(copy)) {
            assertThat(kept.recovered()).isEqualTo(scanned.recovered());
            assertThat(kept.recovered().orphans()).hasSize(10);
            assertThat(kept.recovered().others()).containsExactly("node-b");
            assertThat(kept.recovered().spent()).isEqualTo(Map.of(Records.COUNTER, 20L * 1_500_000 + 10L * 2_000_000));
        }
    }

    @Test
    void counters_thatNoLongerCount_areForgotten() throws Exception {
        try (Journal journal = JournalFolder.open(data)) {
            await(journal.append(Records.received("ex_1")));
            await(journal.append(Records.ended("ex_1")));
        }

        try (Journal journal = Journal.open(data, AuditPolicy.DEFAULT, () -> Records.NOON, counter -> false)) {
            assertThat(journal.recovered().spent()).isEmpty();
        }
    }

    @Test
    void tornTail_atStart_isCutOffAndSaid() throws Exception {
        try (Journal journal = JournalFolder.open(data)) {
            await(journal.append(Records.received("ex_1")));
        }
        Files.write(JournalFolder.segment(data, 1), new byte[] {0, 0, 4, 0, 1, 2, 3}, StandardOpenOption.APPEND);
        assertThat(JournalFolder.verify(data).notes()).anyMatch(note -> note.contains("incomplete record of 7 bytes"));

        try (Journal journal = JournalFolder.open(data)) {
            assertThat(journal.recovered().repairs())
                    .singleElement()
                    .asString()
                    .startsWith("journal_repaired: 0000000001.journal {cut_bytes=7");
        }

        Verification after = JournalFolder.assertGood(data, 5);
        assertThat(after.notes()).anyMatch(note -> note.contains("journal_repaired"));
    }

    @Test
    void everyPrefixOfTheLastWrite_atStart_isRepaired() throws Exception {
        try (Journal journal = JournalFolder.open(data)) {
            await(journal.append(Records.received("ex_1")));
        }
        Path folder = data.resolve(Journal.FOLDER);
        byte[] head = Files.readAllBytes(folder.resolve("head"));
        byte[] before = Files.readAllBytes(JournalFolder.segment(data, 1));
        byte[] next = JournalFolder.nextFrame(data, Records.ended("ex_1"));
        for (int written = 0; written < next.length; written += 67) {
            Path copy = JournalFolder.copy(data);
            Path segment = JournalFolder.segment(copy, 1);
            Files.write(copy.resolve(Journal.FOLDER).resolve("head"), head);
            Files.write(segment, before);
            Files.write(segment, java.util.Arrays.copyOf(next, written), StandardOpenOption.APPEND);

            JournalFolder.open(copy, JournalFolder.FAST).close();

            assertThat(JournalFolder.verify(copy).isGood())
                    .as("%d bytes", written)
                    .isTrue();
            assertThat(Files.size(segment)).isEqualTo(before.length);
        }
    }

    @Test
    void damageInAcknowledgedRecords_atStart_isLeftForTheVerifier() throws Exception {
        try (Journal journal = JournalFolder.open(data)) {
            await(journal.append(Records.received("ex_1")));
            await(journal.append(Records.received("ex_2")));
        }
        JournalFolder.flipByte(JournalFolder.segment(data, 1), Files.size(JournalFolder.segment(data, 1)) - 20);
        Files.delete(data.resolve(Journal.FOLDER).resolve("tally"));

        try (Journal journal = JournalFolder.open(data)) {
            assertThat(journal.recovered().repairs()).anyMatch(said -> said.startsWith("journal_damaged"));
            await(journal.append(Records.received("ex_3")));
        }

        Verification.Bad bad = JournalFolder.verify(data).firstBad().orElseThrow();
        assertThat(bad.fault()).isEqualTo(Verification.Fault.UNREADABLE);
        assertThat(bad.at().segment()).isEqualTo(1);
    }

    @Test
    void journal_inUse_isRefusedNamingTheProcess() throws Exception {
        try (Journal journal = JournalFolder.open(data)) {
            assertThatThrownBy(() -> JournalFolder.open(data))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is being written by another gateway (process "
                            + ProcessHandle.current().pid() + ")");
            await(journal.append(Records.received("ex_1")));
        }
    }

    @Test
    void closedJournal_appendedTo_fails() throws Exception {
        Journal journal = JournalFolder.open(data);
        journal.close();

        assertThatThrownBy(() -> await(journal.append(Records.received("ex_1"))))
                .hasMessageContaining("closed");
    }

    @Test
    void recordTooLong_appended_failsNamingTheLimit() throws Exception {
        Administrative huge = new Administrative(Records.NOON, "x", "", "y".repeat(ChainWriter.MAX_RECORD), Map.of());
        try (Journal journal = JournalFolder.open(data)) {
            assertThatThrownBy(() -> await(journal.append(huge)))
                    .hasMessageContaining("allowed are " + ChainWriter.MAX_RECORD);
        }
    }

    private static void await(Future<Void> future) throws Exception {
        future.await(10, TimeUnit.SECONDS);
    }
}
