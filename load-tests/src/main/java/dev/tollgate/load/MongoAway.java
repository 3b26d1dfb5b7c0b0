package dev.tollgate.load;

import dev.tollgate.audit.AuditKeys;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.CopyCheck;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.Trust;
import dev.tollgate.audit.Verification;
import dev.tollgate.store.mongo.MongoConnection;
import dev.tollgate.store.mongo.MongoLogs;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a gateway under load off from its MongoDB for a time, and measures how it catches up. Usage: {@code MongoAway SECONDS FOLDER MONGO_URI}; the folder
 * and the database {@code tollgate} must be empty. At the end every exchange whose reply a client had must be in MongoDB once, in the order of the journal,
 * and both must verify. Ends with 0 if so.
 */
public final class MongoAway {
    private static final int CALLERS = 100;
    /** Between two calls of a caller: what the machine bears beside whatever else it does. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final Duration BESIDE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration CATCH_UP = Duration.ofMinutes(10);
    private static final Pattern KEY = Pattern.compile("Authorization: Bearer (\\S+)'");
    private static final String BODY = "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    private final Path data;
    private final Gate gate;
    private final int port;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final Set<String> served = ConcurrentHashMap.newKeySet();
    private final AtomicLong refused = new AtomicLong();
    private volatile boolean isOver;
    private volatile String key = "";

    private MongoAway(Path folder, String mongo) throws IOException {
        this.data = folder.resolve("data");
        this.gate = new Gate(URI.create(mongo));
        try (ServerSocket free = new ServerSocket(0)) {
            this.port = free.getLocalPort();
        }
    }

    public static void main(String[] arguments) throws Exception {
        Duration away = Duration.ofSeconds(Long.parseLong(arguments[0]));
        MongoAway load = new MongoAway(Path.of(arguments[1]), arguments[2]);
        Process gateway = load.start();
        boolean good;
        try (MongoConnection connection = MongoConnection.open(arguments[2], "tollgate", PATIENCE)) {
            MongoLogs logs = new MongoLogs(connection);
            load.run(away, logs);
            good = load.isWhole(logs);
        } finally {
            gateway.destroy();
            if (!gateway.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                gateway.destroyForcibly();
            }
            load.gate.close();
        }
        System.out.println(good ? "nothing lost, nothing doubled, in order" : "NOT whole");
        System.exit(good ? 0 : 1);
    }

    private void run(Duration away, MongoLogs logs) throws Exception {
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(Thread.ofVirtual().start(this::call));
        }
        TimeUnit.NANOSECONDS.sleep(BESIDE.toNanos());
        long there = logs.count();
        gate.shut();
        long cutAt = System.nanoTime();
        long servedThen = served.size();
        long refusedThen = refused.get();
        TimeUnit.NANOSECONDS.sleep(away.toNanos());
        System.out.printf(
                "cut off for %d s: %d calls served meanwhile, %d refused because their keys could not be looked up%n",
                seconds(cutAt), served.size() - servedThen, refused.get() - refusedThen);
        gate.open();
        long backAt = System.nanoTime();
        // The load goes on: caught up is what was there when MongoDB came back.
        long then = 2 * (served.size() + refused.get());
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

    private static long seconds(long since) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since);
    }

    private void call() {
        try {
            while (!isOver) {
                var reply = http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                                .header("Authorization", "Bearer " + key)
                                .header("Content-Type", "application/json")
                                .timeout(PATIENCE)
                                .POST(HttpRequest.BodyPublishers.ofString(BODY))
                                .build(),
                        BodyHandlers.ofString());
                if (reply.statusCode() == 200) {
                    served.add(
                            reply.headers().firstValue("x-tollgate-exchange-id").orElseThrow());
                } else {
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

    private Process start() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.tollgate.Main",
                "serve"));
        List<String> settings = List.of(
                "server.data_folder=" + data,
                "server.data_plane.port=" + port,
                "server.console.port=0",
                "store.mongo=" + gate.uri());
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        data.resolveSibling("stderr.txt").toFile()))
                .start();
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            Matcher shown = KEY.matcher(line);
            if (shown.find() && !shown.group(1).contains("$")) {
                key = shown.group(1);
                Thread.ofVirtual().start(() -> said.lines().forEach(rest -> {}));
                return process;
            }
        }
        throw new IOException("the gateway did not start, see stderr.txt");
    }

    private boolean isWhole(MongoLogs logs) throws Exception {
        Path journal = data.resolve(Journal.FOLDER);
        String node = Journal.headOf(journal).orElseThrow().node();
        long until = System.nanoTime() + CATCH_UP.toNanos();
        CopyCheck.Result copy = CopyCheck.compare(journal, logs.of(node), "MongoDB", compared -> {});
        while (copy.ahead() > 0 && copy.firstBad().isEmpty() && System.nanoTime() < until) {
            TimeUnit.SECONDS.sleep(1);
            copy = CopyCheck.compare(journal, logs.of(node), "MongoDB", compared -> {});
        }
        Map<String, int[]> counts = new HashMap<>();
        logs.of(node).each(entry -> {
            switch (entry.record()) {
                case Received received ->
                    counts.computeIfAbsent(received.exchange().value(), id -> new int[2])[0]++;
                case Ended ended -> counts.computeIfAbsent(ended.exchange().value(), id -> new int[2])[1]++;
                default -> {
                    // Belongs to no exchange.
                }
            }
            return true;
        });
        long lost = served.stream()
                .filter(exchange -> !counts.containsKey(exchange) || counts.get(exchange)[1] == 0)
                .count();
        long doubled = counts.values().stream()
                .filter(count -> count[0] != 1 || count[1] > 1)
                .count();
        Verification found =
                logs.verify(node, new Trust(List.of(AuditKeys.shown(data)), List.of(), List.of()), read -> {});
        System.out.println(served.size() + " served, " + refused + " refused; in MongoDB " + counts.size()
                + " exchanges, " + lost + " lost, " + doubled + " doubled; " + copy.same()
                + " records as in the journal, " + copy.firstBad() + "; verification " + found.firstBad());
        return lost == 0 && doubled == 0 && copy.firstBad().isEmpty() && copy.ahead() == 0 && found.isGood();
    }
}
