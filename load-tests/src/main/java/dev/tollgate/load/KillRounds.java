package dev.tollgate.load;

import dev.tollgate.audit.AuditKeys;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalEntry;
import dev.tollgate.audit.Trust;
import dev.tollgate.audit.Verification;
import dev.tollgate.audit.Verifier;
import dev.tollgate.store.mongo.MongoConnection;
import dev.tollgate.store.mongo.MongoLogs;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kills a gateway under load at random moments, as {@code kill -9} does, and starts it again on what it left, so many times. Usage: {@code KillRounds ROUNDS
 * FOLDER [MONGO_URI]}; the folder must be empty. At the end every exchange whose reply a client had whole must be in the journal, and in MongoDB where one is
 * named, once; and the log must verify with its key. Ends with 0 if so.
 */
public final class KillRounds {
    private static final int CALLERS = 8;
    private static final int MIN_MILLIS = 1;
    private static final int MAX_MILLIS = 800;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern KEY = Pattern.compile("Authorization: Bearer (\\S+)'");
    private static final String BODY = "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    private final Path data;
    private final String mongo;
    private final int port;
    private final Random random = new Random(9);
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final Set<String> served = ConcurrentHashMap.newKeySet();
    private volatile String key = "";
    private volatile CountDownLatch answered = new CountDownLatch(1);

    private KillRounds(Path folder, String mongo) throws IOException {
        this.data = folder.resolve("data");
        this.mongo = mongo;
        try (ServerSocket free = new ServerSocket(0)) {
            this.port = free.getLocalPort();
        }
    }

    public static void main(String[] arguments) throws Exception {
        KillRounds rounds = new KillRounds(Path.of(arguments[1]), arguments.length > 2 ? arguments[2] : "");
        int count = Integer.parseInt(arguments[0]);
        for (int i = 1; i <= count; i++) {
            rounds.round();
            if (i % 10 == 0) {
                System.out.println(i + " kills, " + rounds.served.size() + " exchanges served");
            }
        }
        boolean good = rounds.isWhole();
        System.out.println(good ? "nothing lost, nothing doubled" : "NOT whole");
        System.exit(good ? 0 : 1);
    }

    private void round() throws Exception {
        Process gateway = start();
        answered = new CountDownLatch(1);
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(Thread.ofVirtual().start(this::callUntilKilled));
        }
        // A cold start answers its first call late: the moment is chosen once calls are served.
        if (!answered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("the gateway serves nothing");
        }
        TimeUnit.MILLISECONDS.sleep(MIN_MILLIS + random.nextInt(MAX_MILLIS - MIN_MILLIS));
        end(gateway);
        for (Thread caller : callers) {
            caller.join();
        }
    }

    private static void end(Process gateway) throws InterruptedException {
        gateway.destroyForcibly();
        if (!gateway.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("the gateway does not die");
        }
    }

    private void callUntilKilled() {
        try {
            while (true) {
                HttpResponse<String> reply = http.send(
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
                    answered.countDown();
                }
            }
        } catch (IOException killed) {
            // As expected: the reply that was under way never ends.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Process start() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.tollgate.Main",
                "serve"));
        List<String> settings = new ArrayList<>(
                List.of("server.data_folder=" + data, "server.data_plane.port=" + port, "server.console.port=0"));
        if (!mongo.isEmpty()) {
            settings.add("store.mongo=" + mongo);
        }
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        data.resolveSibling("stderr.txt").toFile()))
                .start();
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            Matcher shown = KEY.matcher(line);
            if (shown.find() && !shown.group(1).contains("$")) {
                key = key.isEmpty() ? shown.group(1) : key;
            }
            if (!key.isEmpty() && line.contains("http://127.0.0.1:" + port) && answers()) {
                Thread.ofVirtual().start(() -> said.lines().forEach(rest -> {}));
                return process;
            }
        }
        throw new IOException("the gateway did not start, see stderr.txt");
    }

    private boolean answers() throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return probe.isConnected();
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
        return false;
    }

    private boolean isWhole() throws Exception {
        Process last = start();
        TimeUnit.SECONDS.sleep(2);
        end(last);
        Path journal = data.resolve(Journal.FOLDER);
        Trust trust = new Trust(List.of(AuditKeys.shown(data)), List.of(), List.of());
        Verification found = Verifier.verify(journal, trust, bytes -> {});
        System.out.println(found.records() + " records, " + found.chains() + " chains, "
                + found.seal().checkpoints() + " checkpoints; " + found.firstBad());
        Map<String, int[]> counts = new HashMap<>();
        Map<String, String> texts = new HashMap<>();
        Verifier.source(journal, bytes -> {}).each(entry -> {
            texts.put(entry.chain() + "/" + entry.sequence(), entry.hash());
            count(entry, counts);
            return true;
        });
        long lost = served.stream()
                .filter(exchange -> !counts.containsKey(exchange) || counts.get(exchange)[1] == 0)
                .count();
        long doubled = counts.values().stream()
                .filter(count -> count[0] != 1 || count[1] > 1)
                .count();
        System.out.println(served.size() + " served, " + counts.size() + " on the log, " + lost + " lost, " + doubled
                + " doubled");
        return found.isGood()
                && !served.isEmpty()
                && lost == 0
                && doubled == 0
                && (mongo.isEmpty() || isShipped(texts));
    }

    private static void count(JournalEntry entry, Map<String, int[]> counts) throws IOException {
        switch (entry.record()) {
            case Received received -> counts.computeIfAbsent(received.exchange().value(), id -> new int[2])[0]++;
            case Ended ended -> counts.computeIfAbsent(ended.exchange().value(), id -> new int[2])[1]++;
            default -> {
                // Belongs to no exchange.
            }
        }
    }

    /** Whether MongoDB has each record of the journal, and no other. */
    private boolean isShipped(Map<String, String> hashes) throws Exception {
        Process shipping = start();
        try (MongoConnection connection = MongoConnection.open(mongo, "tollgate", PATIENCE)) {
            long until = System.nanoTime() + PATIENCE.toNanos();
            long missing = hashes.size();
            while (missing > 0 && System.nanoTime() < until) {
                missing = missing(connection, hashes);
            }
            System.out.println(
                    hashes.size() + " records in the journal, " + missing + " of them missing or other in MongoDB");
            return missing == 0;
        } finally {
            end(shipping);
        }
    }

    private static long missing(MongoConnection connection, Map<String, String> hashes) throws IOException {
        MongoLogs logs = new MongoLogs(connection);
        Set<String> right = new HashSet<>();
        for (String node : logs.nodes()) {
            logs.of(node).each(entry -> {
                String id = entry.chain() + "/" + entry.sequence();
                if (entry.hash().equals(hashes.get(id))) {
                    right.add(id);
                }
                return true;
            });
        }
        return (long) hashes.size() - right.size();
    }
}
