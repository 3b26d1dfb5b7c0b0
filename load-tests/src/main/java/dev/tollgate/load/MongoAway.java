package dev.tollgate.load;

import dev.tollgate.store.mongo.MongoConnection;
import dev.tollgate.store.mongo.MongoLogs;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Cuts a gateway under load off from its MongoDB for a time, and measures how it catches up. Usage: {@code MongoAway SECONDS FOLDER MONGO_URI}; the folder
 * and the database {@code tollgate} must be empty, and {@code memory} in the place of an address is a MongoDB in this process. At the end every exchange whose
 * reply a client had must be in MongoDB once, in the order of the journal, and both must verify. Ends with 0 if so.
 */
public final class MongoAway {
    private static final int CALLERS = 100;
    /** Between two calls of a caller: what the machine bears beside whatever else it does. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final Duration BESIDE = Duration.ofSeconds(10);
    private static final Duration CATCH_UP = Duration.ofMinutes(10);

    private final GatewayUnderLoad load;
    private final Gate gate;
    private final AtomicLong refused = new AtomicLong();
    private volatile boolean isOver;

    private MongoAway(GatewayUnderLoad load, Gate gate) {
        this.load = load;
        this.gate = gate;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 3 || !arguments[0].matches("[1-9]\\d{0,6}")) {
            System.err.println("usage: MongoAway SECONDS FOLDER MONGO_URI|memory");
            System.exit(2);
        }
        boolean good = false;
        try (MongoUnderLoad mongo = MongoUnderLoad.of(arguments[2]);
                Gate gate = new Gate(URI.create(mongo.uri()));
                MongoConnection connection =
                        MongoConnection.open(mongo.uri(), MongoUnderLoad.DATABASE, GatewayUnderLoad.PATIENCE)) {
            List<String> options = List.of("-XX:+UseSerialGC", "-Xmx256m");
            MongoAway away = new MongoAway(new GatewayUnderLoad(Path.of(arguments[1]), options, gate.uri()), gate);
            good = away.run(Duration.ofSeconds(Long.parseLong(arguments[0])), new MongoLogs(connection));
            System.out.println(good ? "nothing lost, nothing doubled, in order" : "NOT whole");
        } catch (IOException failure) {
            System.err.println(failure.getMessage());
        }
        System.exit(good ? 0 : 1);
    }

    private boolean run(Duration away, MongoLogs logs) throws IOException, InterruptedException {
        Process gateway = load.start();
        try {
            measure(away, logs);
            return new Wholeness(load.data(), load.served()).ofCopy(logs, CATCH_UP);
        } finally {
            gateway.destroy();
            if (!gateway.waitFor(GatewayUnderLoad.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                GatewayUnderLoad.kill(gateway);
            }
        }
    }

    private void measure(Duration away, MongoLogs logs) throws IOException, InterruptedException {
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(Thread.ofVirtual().start(this::callUntilOver));
        }
        TimeUnit.NANOSECONDS.sleep(BESIDE.toNanos());
        long there = logs.count();
        gate.shut();
        long cutAt = System.nanoTime();
        long servedThen = load.served().size();
        long refusedThen = refused.get();
        TimeUnit.NANOSECONDS.sleep(away.toNanos());
        System.out.printf(
                "cut off for %d s: %d calls served meanwhile, %d refused because their keys could not be looked up%n",
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - cutAt),
                load.served().size() - servedThen,
                refused.get() - refusedThen);
        gate.open();
        long backAt = System.nanoTime();
        // The load goes on: caught up is what was there when MongoDB came back.
        long then = 2 * (load.served().size() + refused.get());
        while (logs.count() < then && System.nanoTime() - backAt < CATCH_UP.toNanos()) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        double caughtUp = (System.nanoTime() - backAt) / 1e9;
        System.out.printf(
                "caught up in %.1f s under load: %d records waited, %.0f a second%n",
                caughtUp, then - there, (then - there) / caughtUp);
        isOver = true;
        for (Thread caller : callers) {
            caller.join();
        }
    }

    private void callUntilOver() {
        try {
            while (!isOver) {
                if (!load.call()) {
                    refused.incrementAndGet();
                }
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        } catch (IOException broken) {
            refused.incrementAndGet();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
