package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditIndex.Filter;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.Records;
import dev.tollgate.audit.Verification;
import dev.tollgate.audit.Verifier;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Environment;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySource;
import dev.tollgate.store.mongo.TestMongo;
import dev.tollgate.wire.Wires;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stores of a node as its settings name them. */
final class StoreOpeningTest {
    @TempDir
    private Path data;

    @Test
    void mongo_named_keepsTheLogOfAllNodesThere(@TempDir Path otherData) throws Exception {
        try (TestMongo mongo = new TestMongo()) {
            Bundle settings = settings("store.mongo=" + mongo.uri(), "store.mongo_database=" + mongo.database());
            Stores one = StoreOpening.open(settings, data, InstantSource.system());
            await(one.log().append(Records.received("ex_1")));
            await(one.log().append(Records.ended("ex_1")));
            one.close();
            Stores other = StoreOpening.open(settings, otherData, InstantSource.system());
            await(other.log().append(Records.received("ex_2", Records.NOON.plusSeconds(1), "b", "b", "", 1)));
            other.close();

            Stores again = StoreOpening.open(settings, data, InstantSource.system());

            assertThat(await(again.index().recent(Filter.ALL, 10)))
                    .extracting(row -> row.received().exchange().value())
                    .containsExactly("ex_2", "ex_1");
            assertThat(await(again.index().find("ex_1")))
                    .get()
                    .extracting(ExchangeRow::ended)
                    .isNotEqualTo(java.util.Optional.empty());
            assertThat(await(again.checks().run()))
                    .allMatch(check -> check.ok())
                    .extracting(check -> check.name())
                    .contains("mongo", "shipping", "journal");
            again.close();
        }
        assertThat(Verifier.verify(data.resolve(Journal.FOLDER), read -> {}).isGood())
                .isTrue();
    }

    @Test
    void mongo_thatDoesNotAnswer_isNotStartedWith() throws Exception {
        Bundle settings = settings("store.mongo=mongodb://127.0.0.1:1", "store.timeout=200ms");

        assertThatThrownBy(() -> StoreOpening.open(settings, data, InstantSource.system()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:1");
    }

    @Test
    void recordsPastTheirTime_areDroppedWithTheirRows_overTwoStarts() throws Exception {
        Bundle settings = settings("audit.keep=1d");
        Instant[] now = {Records.NOON};
        Stores first = StoreOpening.open(settings, data, () -> now[0]);
        await(first.log().append(Records.received("ex_old", now[0], "a", "a", "", 1)));
        await(first.log().append(Records.ended("ex_old")));
        first.close();
        now[0] = Records.NOON.plus(Duration.ofDays(3));
        Path journal = data.resolve(Journal.FOLDER);

        Stores announcing = StoreOpening.open(settings, data, () -> now[0]);
        await(announcing.log().append(Records.received("ex_new", now[0], "a", "a", "", 1)));
        until(() -> Files.readString(journal.resolve("0000000002.journal"), StandardCharsets.ISO_8859_1)
                .contains("journal_dropped"));
        announcing.close();
        assertThat(journal.resolve("0000000001.journal")).exists();
        Stores dropping = StoreOpening.open(settings, data, () -> now[0]);
        until(() -> !Files.exists(journal.resolve("0000000001.journal")));

        assertThat(await(dropping.index().find("ex_old"))).isEmpty();
        assertThat(await(dropping.index().find("ex_new"))).isPresent();
        assertThat(await(dropping.checks().run())).allMatch(check -> check.ok());
        dropping.close();
        Verification found = Verifier.verify(journal, read -> {});
        assertThat(found.firstBad()).isEmpty();
        assertThat(found.notes()).anyMatch(note -> note.contains("(audit.keep 1d)"));
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Test
    void recordingOff_passesOverCalls_andSaysSoLoudly() throws Exception {
        Path policies = Files.createDirectories(data.resolve("policies"));
        Files.writeString(policies.resolve("server.yaml"), "audit: {durability: off}\n");
        Bundle settings =
                new PolicyLoader(policies, List.of(), Environment.SYSTEM).load().bundle();
        Stores stores = StoreOpening.open(settings, data, InstantSource.system());
        await(stores.log().append(Records.received("ex_1")));
        await(stores.log().append(Records.administrative("key_created")));

        assertThat(await(stores.checks().run()))
                .anyMatch(check -> check.detail().contains("CALLS ARE NOT RECORDED (audit.durability: off)"));
        stores.close();
        Verification found = Verifier.verify(data.resolve(Journal.FOLDER), read -> {});
        assertThat(found.isGood()).isTrue();
        assertThat(found.byType()).doesNotContainKey("received").containsEntry("administrative", 3L);
    }

    @Test
    void recordingOff_withPayloadsKept_isRefused() {
        assertThatThrownBy(() -> PolicySource.snapshot(
                        new PolicyLoader(
                                null, List.of("audit.durability=off", "payloads.capture=full"), Environment.SYSTEM),
                        Serving.compilers(new Wires(), Environment.SYSTEM, "http://127.0.0.1:9", null),
                        InstantSource.system()))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("off records no calls, so that payloads.capture must be none or metadata");
    }

    private static Bundle settings(String... overrides) throws PolicyException {
        List<String> all = new ArrayList<>(List.of(overrides));
        return new PolicyLoader(null, all, Environment.SYSTEM).load().bundle();
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }
}
