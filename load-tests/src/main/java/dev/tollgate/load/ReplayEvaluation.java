package dev.tollgate.load;

import dev.tollgate.Serving;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.PayloadNote;
import dev.tollgate.audit.payload.Commitment;
import dev.tollgate.audit.payload.Head;
import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.Payload;
import dev.tollgate.audit.payload.PayloadKeys;
import dev.tollgate.audit.payload.ShelvedPayloads;
import dev.tollgate.cli.TollgateCommand;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.JsonReader.JsonRefused;
import dev.tollgate.exchange.Labels;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.policy.AuditPolicy;
import dev.tollgate.policy.PayloadPolicy.Capture;
import dev.tollgate.store.sqlite.SqlitePayloads;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Sha256;
import dev.tollgate.value.Usage;
import dev.tollgate.wire.MessageBorders;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Fills a data folder with stored calls, sessions of fifty turns of which one in a hundred brings an address in, and judges them by the policy of
 * their day and by a stricter one: {@code ReplayEvaluation NEW_FOLDER [CALLS]}. Prints what was stored, how fast, and what changes.
 */
public final class ReplayEvaluation {
    private static final int TURNS = 50;
    private static final int ONE_IN = 100;
    private static final long BACKLOG = 256L << 20;
    private static final String[] WORDS =
            "please read the file and tell what the build says about this class then mend it and run all tests again"
                    .split(" ");

    private final SplittableRandom random = new SplittableRandom(11);
    private final Instant began = Instant.now().minusSeconds(3600);
    private long requestBytes;
    private int withAddress;

    private ReplayEvaluation() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int calls = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
        new ReplayEvaluation().run(folder, calls);
    }

    private void run(Path folder, int calls) throws Exception {
        String key = Base64.getEncoder().encodeToString(Sha256.of(new byte[] {1}));
        long start = System.nanoTime();
        try (Journal journal = Journal.open(folder, AuditPolicy.DEFAULT, InstantSource.system(), counter -> true);
                ShelvedPayloads payloads = ShelvedPayloads.open(
                        SqlitePayloads.open(folder), PayloadKeys.parse(key), BACKLOG, InstantSource.system())) {
            for (int first = 0; first < calls; first += TURNS) {
                session(journal, payloads, first, Math.min(TURNS, calls - first));
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        say(
                "%,d calls, %,d of them brought an address in, requests of %,d bytes written whole",
                calls, withAddress, requestBytes);
        say(
                "stored in %,d bytes, encrypted: 1/%d; %.1f s with the journal",
                size(folder), requestBytes / size(folder), seconds);
        for (String tried : List.of("scan.personal=mark", "scan.personal=mark", "scan.personal=block")) {
            long at = System.nanoTime();
            int code = TollgateCommand.execute(
                    new Serving(),
                    "replay",
                    "--decide-only",
                    "--limit",
                    "3",
                    "--try",
                    tried,
                    "--set",
                    "server.data_folder=" + folder,
                    "--set",
                    "payloads.key=" + key);
            double took = (System.nanoTime() - at) / 1e9;
            say("%s: exit code %d, %.1f s, %,.0f calls/s%n", tried, code, took, calls / took);
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(SqlitePayloads.FOLDER))) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private void session(Journal journal, ShelvedPayloads payloads, int first, int turns) throws Exception {
        List<String> messages = new ArrayList<>();
        for (int turn = 0; turn < turns; turn++) {
            int call = first + turn;
            boolean brings = call % ONE_IN == ONE_IN / 2;
            withAddress += brings ? 1 : 0;
            messages.add(message("user", text() + (brings ? " mail user" + call + "@northwind-traders.com" : "")));
            byte[] body = ("{\"model\":\"gpt-4o-mini\",\"max_tokens\":200,\"messages\":[" + String.join(",", messages)
                            + "]}")
                    .getBytes(StandardCharsets.UTF_8);
            requestBytes += body.length;
            keep(journal, payloads, call, "session-" + first, body);
            messages.add(message("assistant", text()));
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int words = 20 + random.nextInt(200); words > 0; words--) {
            text.append(WORDS[random.nextInt(WORDS.length)])
                    .append(random.nextInt(20))
                    .append(' ');
        }
        return text.toString();
    }

    private static String message(String role, String text) {
        return "{\"role\":\"" + role + "\",\"content\":\"" + text + "\"}";
    }

    private void keep(Journal journal, ShelvedPayloads payloads, int call, String session, byte[] body)
            throws Exception {
        String id = String.format(Locale.ROOT, "ex_%026d", call);
        Instant at = began.plusMillis(call);
        byte[] salt = new byte[Commitment.SALT_BYTES];
        List<Verdict> verdicts = Stream.of("identify", "read", "route", "budget", "scan", "detect")
                .map(stage -> new Verdict(stage, "proceed", "ok", List.of(), "", 5))
                .toList();
        Received received = new Received(
                new ExchangeId(id),
                at,
                "0123456789abcdef",
                "POST",
                "openai/chat/completions",
                "openai_chat",
                "k_1",
                "bot",
                "red",
                session,
                "gpt-4o-mini",
                List.of("openai/gpt-4o-mini"),
                body.length,
                "",
                List.of(),
                verdicts,
                null,
                new NanoUsd(100_000),
                Labels.NONE,
                PayloadNote.kept("full", Commitment.of(salt, Sha256.of(body)), body.length));
        Ended ended = new Ended(
                new ExchangeId(id),
                at.plusMillis(900),
                "completed",
                200,
                "",
                "openai/gpt-4o-mini",
                1,
                Usage.of(body.length / 4, 120, Usage.Source.REPORTED),
                new NanoUsd(90_000),
                900,
                500_000,
                900_000);
        Future<Void> first = journal.append(received);
        await(journal.append(ended));
        await(first);
        while (!payloads.reserve(body.length)) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        payloads.keep(payload(id, at, session, salt, body), body.length);
    }

    private static Payload payload(String id, Instant at, String session, byte[] salt, byte[] body) throws JsonRefused {
        Json.Obj json = (Json.Obj) JsonReader.read(body);
        return new Payload(
                new Payload.Whose(id, at, "red", "bot", session, ""),
                Part.REQUEST,
                Capture.FULL,
                salt,
                body,
                body.length,
                0,
                false,
                new Head(
                        "POST",
                        "openai",
                        "chat/completions",
                        "",
                        "openai_chat",
                        Map.of("content-type", "application/json"),
                        0),
                () -> MessageBorders.of(json, body.length));
    }

    private static void await(Future<Void> done) throws Exception {
        Object unused = done.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
