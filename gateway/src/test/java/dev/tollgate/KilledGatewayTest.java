package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditIndex.Filter;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.Verification;
import dev.tollgate.audit.Verifier;
import dev.tollgate.budget.Ledger.Level;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.policy.Environment;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.store.redis.RedisProcess;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole gateway under load that is killed as {@code kill -9} does, and started again on what it left. */
final class KilledGatewayTest {
    private static final int CALLERS = 12;
    private static final int SLOW_CALLERS = 4;
    /** Answers to wait for before the kill. */
    private static final int ANSWERS = 300;

    @TempDir
    private Path folder;

    @Test
    void killedUnderLoad_losesNothingAcknowledged_andCountsRight() throws Exception {
        Set<String> served = loadAndKill();

        assertNothingIsMissing(served);
    }

    @Test
    void killedUnderLoad_withCountersInRedis_losesNothingAcknowledged_andCountsRight() throws Exception {
        try (RedisProcess redis = new RedisProcess()) {
            String setting = "store.redis=" + redis.uri();
            Set<String> served = loadAndKill(setting);

            assertNothingIsMissing(served, setting);
        }
    }

    /** Yields the exchanges whose replies were read to their end. */
    private Set<String> loadAndKill(String... overrides) throws Exception {
        Set<String> served = ConcurrentHashMap.newKeySet();
        CountDownLatch enough = new CountDownLatch(ANSWERS);
        List<Thread> callers = new ArrayList<>();
        try (GatewayProcess gateway = GatewayProcess.start(folder.resolve("data"), overrides)) {
            for (int i = 0; i < CALLERS; i++) {
                String model = i < SLOW_CALLERS ? "sandbox/sandbox-slow" : "fast";
                callers.add(Thread.ofVirtual().start(() -> callUntilKilled(gateway, model, served, enough)));
            }
            assertThat(enough.await(30, TimeUnit.SECONDS)).isTrue();
            gateway.kill();
            for (Thread caller : callers) {
                caller.join();
            }
        }
        return served;
    }

    private static void callUntilKilled(
            GatewayProcess gateway, String model, Set<String> served, CountDownLatch enough) {
        try {
            while (true) {
                HttpResponse<String> reply = gateway.chat(model);
                assertThat(reply.statusCode()).isEqualTo(200);
                served.add(reply.headers().firstValue("x-tollgate-exchange-id").orElseThrow());
                enough.countDown();
            }
        } catch (IOException killed) {
            // As expected: the reply that was under way never ends.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void assertNothingIsMissing(Set<String> served, String... overrides) throws Exception {
        Path data = folder.resolve("data");
        Stores stores = StoreOpening.open(
                new PolicyLoader(null, List.of(overrides), Environment.SYSTEM)
                        .load()
                        .bundle(),
                data,
                InstantSource.system());
        List<ExchangeRow> rows = all(stores, served.size());

        Set<String> completed = new HashSet<>();
        Map<String, Long> spent = new HashMap<>();
        int aborted = 0;
        for (ExchangeRow row : rows) {
            Ended ended = row.ended().orElseThrow();
            if (ended.result().equals("completed")) {
                completed.add(ended.exchange().value());
            }
            aborted += ended.result().equals("aborted") ? 1 : 0;
            count(row, ended, spent);
        }
        List<String> counters = List.copyOf(spent.keySet());
        List<Level> levels = await(stores.ledger().levels(counters));
        stores.close();

        assertThat(completed).containsAll(served);
        assertThat(aborted).as("calls that were open when it was killed").isPositive();
        assertThat(counters).hasSizeGreaterThanOrEqualTo(3);
        assertThat(levels)
                .containsExactlyElementsOf(counters.stream()
                        .map(key -> new Level(key, spent.get(key), 0))
                        .toList());
        Verification journal = Verifier.verify(data.resolve(Journal.FOLDER), read -> {});
        assertThat(journal.firstBad()).isEmpty();
        assertThat(journal.records()).isGreaterThan(2L * served.size());
    }

    private static void count(ExchangeRow row, Ended ended, Map<String, Long> spent) {
        Reservation held = row.received().reservation();
        NanoUsd cost = ended.cost();
        if (held != null && cost != null) {
            held.counters().forEach(counter -> spent.merge(counter, cost.nanos(), Long::sum));
        }
    }

    /** Every exchange that the index knows once it has caught up. */
    private static List<ExchangeRow> all(Stores stores, int atLeast) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            List<ExchangeRow> rows = pages(stores);
            boolean caughtUp = rows.size() >= atLeast
                    && rows.stream().allMatch(row -> row.ended().isPresent());
            if (caughtUp || System.nanoTime() > until) {
                return rows;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static List<ExchangeRow> pages(Stores stores) throws Exception {
        List<ExchangeRow> rows = new ArrayList<>();
        Instant before = Instant.MAX;
        while (true) {
            List<ExchangeRow> page = await(stores.index().recent(new Filter("", "", "", before), 1000));
            rows.addAll(page);
            if (page.size() < 1000) {
                return rows;
            }
            before = page.getLast().received().at();
        }
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }
}
