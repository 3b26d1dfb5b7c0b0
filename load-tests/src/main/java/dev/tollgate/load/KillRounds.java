package dev.tollgate.load;

import dev.tollgate.store.mongo.MongoConnection;
import dev.tollgate.store.mongo.MongoLogs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Kills a gateway under load at random moments, as {@code kill -9} does, and starts it again on what it left, so many times. Usage: {@code KillRounds ROUNDS
 * FOLDER [MONGO_URI]}; the folder and the database {@code tollgate} must be empty, and {@code memory} in the place of an address is a MongoDB in this
 * process. At the end every exchange whose reply a client had whole must be in the journal, and in MongoDB where one is named, once; and the log must verify with
 * its key. Ends with 0 if so.
 */
public final class KillRounds {
    private static final int CALLERS = 8;
    private static final int MIN_MILLIS = 1;
    private static final int MAX_MILLIS = 800;
    private static final Duration CATCH_UP = Duration.ofMinutes(10);

    private final GatewayUnderLoad load;
    private final Random random = new Random(9);
    private volatile CountDownLatch answered = new CountDownLatch(1);

    private KillRounds(GatewayUnderLoad load) {
        this.load = load;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 2 || arguments.length > 3 || !arguments[0].matches("[1-9]\\d{0,6}")) {
            System.err.println("usage: KillRounds ROUNDS FOLDER [MONGO_URI | memory]");
            System.exit(2);
        }
        boolean good = false;
        try (MongoUnderLoad mongo = MongoUnderLoad.of(arguments.length > 2 ? arguments[2] : "")) {
            List<String> options = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx256m");
            KillRounds rounds = new KillRounds(new GatewayUnderLoad(Path.of(arguments[1]), options, mongo.uri()));
            good = rounds.run(Integer.parseInt(arguments[0]), mongo.uri());
            System.out.println(good ? "nothing lost, nothing doubled" : "NOT whole");
        } catch (IOException failure) {
            System.err.println(failure.getMessage());
        }
        System.exit(good ? 0 : 1);
    }

    private boolean run(int count, String mongo) throws IOException, InterruptedException {
        for (int i = 1; i <= count; i++) {
            round();
            if (i % 10 == 0) {
                System.out.println(i + " kills, " + load.served().size() + " exchanges served");
            }
        }
        // Ends what the last kill left open, and writes the checkpoint of a clean stop.
        Process last = load.start();
        last.destroy();
        if (!last.waitFor(GatewayUnderLoad.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            GatewayUnderLoad.kill(last);
            throw new IOException("the gateway does not stop");
        }
        Wholeness wholeness = new Wholeness(load.data(), load.served());
        return wholeness.ofJournal() && (mongo.isEmpty() || isShipped(wholeness, mongo));
    }

    /** A gateway of its own ships what is left: the one before may have been stopped before it had shipped its last record. */
    private boolean isShipped(Wholeness wholeness, String mongo) throws IOException, InterruptedException {
        Process shipping = load.start();
        try (MongoConnection connection =
                MongoConnection.open(mongo, MongoUnderLoad.DATABASE, GatewayUnderLoad.PATIENCE)) {
            return wholeness.ofCopy(new MongoLogs(connection), CATCH_UP);
        } finally {
            GatewayUnderLoad.kill(shipping);
        }
    }

    private void round() throws IOException, InterruptedException {
        Process gateway = load.start();
        answered = new CountDownLatch(1);
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(Thread.ofVirtual().start(this::callUntilKilled));
        }
        // A cold start answers its first call late: the moment is chosen once calls are served.
        if (!answered.await(GatewayUnderLoad.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException("the gateway serves nothing");
        }
        TimeUnit.MILLISECONDS.sleep(MIN_MILLIS + random.nextInt(MAX_MILLIS - MIN_MILLIS));
        GatewayUnderLoad.kill(gateway);
        for (Thread caller : callers) {
            caller.join();
        }
    }

    private void callUntilKilled() {
        try {
            while (true) {
                if (load.call()) {
                    answered.countDown();
                }
            }
        } catch (IOException killed) {
            // As expected: the reply that was under way never ends.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
