package dev.tollgate.load;

import dev.tollgate.audit.Journal;
import dev.tollgate.audit.Verification;
import dev.tollgate.audit.Verifier;
import dev.tollgate.policy.AuditPolicy.Durability;
import io.vertx.core.Future;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * How fast a journal is written and verified. Usage: {@code VerifySpeed CALLS FOLDER}; the folder is made where it is missing, and what is in it is used again.
 * Prints records per second, and per second that the verifying thread had a core: beside other work only that says something.
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
            long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            Verification found = Verifier.verify(data.resolve(Journal.FOLDER), bytes -> {});
            double seconds = (System.nanoTime() - began) / 1e9;
            double own = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e9;
            System.out.printf(
                    "verified %,d records of %,d bytes in %.2f s: %,.0f records/s, %,.0f per second of its own CPU, %s%n",
                    found.records(),
                    Verifier.bytes(data.resolve(Journal.FOLDER)),
                    seconds,
                    found.records() / seconds,
                    found.records() / own,
                    found.firstBad());
        }
    }

    private static void write(int calls, Path data) throws Exception {
        try (Journal journal =
                Journal.open(data, SampleRecords.policy(Durability.FAST), InstantSource.system(), counter -> true)) {
            long began = System.nanoTime();
            List<Future<Void>> open = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                open.add(journal.append(SampleRecords.received("ex_01m7z897wav0t51a93h6" + i)));
                open.add(journal.append(SampleRecords.ended("ex_01m7z897wav0t51a93h6" + i)));
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
}
