package dev.tollgate.load;

import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.Verification;
import dev.tollgate.audit.Verifier;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.policy.AuditPolicy;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * How fast a journal is written and verified. Usage: {@code VerifySpeed CALLS FOLDER}; the folder is made where it is missing, and what is in it is used again.
 * Prints records per second, and CPU of the writing thread per record.
 */
public final class VerifySpeed {
    private static final int ROUNDS = 5;
    private static final int AT_ONCE = 64;

    private VerifySpeed() {}

    public static void main(String[] arguments) throws Exception {
        int calls = Integer.parseInt(arguments[0]);
        Path data = Path.of(arguments[1]);
        if (!Files.isDirectory(data.resolve(Journal.FOLDER))) {
            write(calls, Files.createDirectories(data));
        }
        for (int i = 0; i < ROUNDS; i++) {
            long began = System.nanoTime();
            Verification found = Verifier.verify(data.resolve(Journal.FOLDER), bytes -> {});
            double seconds = (System.nanoTime() - began) / 1e9;
            System.out.printf(
                    "verified %,d records of %,d bytes in %.2f s: %,.0f records/s, %s%n",
                    found.records(),
                    Verifier.bytes(data.resolve(Journal.FOLDER)),
                    seconds,
                    found.records() / seconds,
                    found.firstBad());
        }
    }

    private static void write(int calls, Path data) throws Exception {
        AuditPolicy fast = new AuditPolicy(
                AuditPolicy.Durability.FAST,
                AuditPolicy.DEFAULT.segment(),
                AuditPolicy.DEFAULT.backlog(),
                AuditPolicy.DEFAULT.unshipped(),
                AuditPolicy.DEFAULT.whenUnshipped());
        try (Journal journal = Journal.open(data, fast, InstantSource.system(), counter -> true)) {
            long began = System.nanoTime();
            List<Future<Void>> open = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                open.add(journal.append(received("ex_" + i)));
                open.add(journal.append(ended("ex_" + i)));
                if (open.size() >= 2 * AT_ONCE) {
                    Future.all(open).toCompletionStage().toCompletableFuture().get();
                    open.clear();
                }
            }
            Future.all(open).toCompletionStage().toCompletableFuture().get();
            double seconds = (System.nanoTime() - began) / 1e9;
            System.out.printf(
                    "wrote %,d records in %.2f s: %,.0f records/s%n", 2 * calls, seconds, 2 * calls / seconds);
        }
    }

    private static Received received(String exchange) {
        return new Received(
                new ExchangeId(exchange),
                Instant.now(),
                "0123456789abcdef",
                "POST",
                "openai/chat/completions",
                "openai_chat",
                "k_1",
                "agent",
                "team",
                "session",
                "fast",
                List.of("openai/small-1"),
                1234,
                "a".repeat(64),
                List.of(),
                List.of(
                        new Verdict("identify", "proceed", "ok", List.of(), "", 12),
                        new Verdict("route", "proceed", "ok", List.of(), "", 5),
                        new Verdict("cost_cap", "proceed", "ok", List.of(), "", 9),
                        new Verdict("scan", "proceed", "ok", List.of(), "", 90),
                        new Verdict("detect", "proceed", "ok", List.of(), "", 40)),
                null,
                new NanoUsd(2_000_000));
    }

    private static Ended ended(String exchange) {
        return new Ended(
                new ExchangeId(exchange),
                Instant.now(),
                "completed",
                200,
                "",
                "openai/small-1",
                1,
                Usage.NONE,
                new NanoUsd(1_000_000),
                4321,
                250_000,
                Duration.ofSeconds(1).toNanos() / 1000);
    }
}
