package dev.tollgate.load;

import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalTail;
import dev.tollgate.policy.AuditPolicy.Durability;
import dev.tollgate.store.sqlite.SqliteAuditIndex;
import dev.tollgate.store.sqlite.SqliteDatabase;
import io.vertx.core.Future;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * What the record of a call costs, by thread: writing it, committing it, and filling the index from it. Usage: {@code AuditCost CALLS FOLDER [ROUNDS]}; the
 * folder must not be there. Prints microseconds of CPU per call under strict and under fast, in turn. Compilers are left out.
 */
public final class AuditCost {
    private static final int AT_ONCE = 32;

    private AuditCost() {}

    public static void main(String[] arguments) throws Exception {
        int calls = Integer.parseInt(arguments[0]);
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
        for (int round = 0; round < rounds; round++) {
            for (Durability durability : List.of(Durability.STRICT, Durability.FAST)) {
                run(durability, calls, folder.resolve(durability + "-" + round));
            }
        }
    }

    private static void run(Durability durability, int calls, Path data) throws Exception {
        Files.createDirectories(data);
        try (SqliteDatabase database = SqliteDatabase.open(data, List.of(SqliteAuditIndex.SCHEMA));
                Journal journal =
                        Journal.open(data, SampleRecords.policy(durability), InstantSource.system(), counter -> true)) {
            SqliteAuditIndex index = new SqliteAuditIndex(database, journal.folder());
            try (JournalTail tail =
                    journal.tail(index.sink(), Duration.ofMillis(50)).start("tollgate-index")) {
                Map<String, Long> before = cpu();
                long began = System.nanoTime();
                for (int at = 0; at < calls; at += AT_ONCE) {
                    int first = at;
                    append(
                            journal,
                            i -> journal.append(SampleRecords.received("ex_01m7z897wav0t51a93h6" + (first + i))));
                    append(journal, i -> journal.append(SampleRecords.ended("ex_01m7z897wav0t51a93h6" + (first + i))));
                }
                tail.catchUp();
                print(durability, calls, System.nanoTime() - began, before, cpu());
            }
        }
    }

    private static void append(Journal journal, IntFunction<Future<Void>> one) throws Exception {
        List<Future<Void>> open = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            open.add(one.apply(i));
        }
        Object unused =
                Future.all(open).toCompletionStage().toCompletableFuture().get();
        if (journal.trouble().isPresent()) {
            throw new IllegalStateException(journal.trouble().get());
        }
    }

    private static Map<String, Long> cpu() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Map<String, Long> nanos = new TreeMap<>();
        for (long id : threads.getAllThreadIds()) {
            var thread = threads.getThreadInfo(id);
            long used = threads.getThreadCpuTime(id);
            if (thread != null
                    && used >= 0
                    && (thread.getThreadName().startsWith("tollgate")
                            || id == Thread.currentThread().threadId())) {
                nanos.merge(thread.getThreadName(), used, Long::sum);
            }
        }
        return nanos;
    }

    private static void print(
            Durability durability, int calls, long nanos, Map<String, Long> before, Map<String, Long> after) {
        StringBuilder line = new StringBuilder(durability.toString());
        double all = 0;
        for (Map.Entry<String, Long> thread : after.entrySet()) {
            double micros = (thread.getValue() - before.getOrDefault(thread.getKey(), 0L)) / 1e3 / calls;
            all += micros;
            line.append(String.format(Locale.ROOT, ", %s %.1f", thread.getKey().replace("tollgate-", ""), micros));
        }
        System.out.printf(
                Locale.ROOT, "%s: %.1f µs of CPU per call, %,.0f calls/s%n", line, all, calls / (nanos / 1e9));
    }
}
