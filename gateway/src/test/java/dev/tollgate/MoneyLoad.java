package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.ScriptedProvider.Turn;
import dev.tollgate.budget.Ledger.Level;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Five hundred calls of every kind at once: of mixed sizes, JSON and streams, by several keys in several sessions and projects; some are left by
 * their clients, some time out, are retried, go to a second target, are refused by the provider or by the policy, break off, or run on beyond what
 * they asked for. The same ones in every run.
 */
final class MoneyLoad implements AutoCloseable {
    static final int CALLS = 500;
    /** Limits by budget, in the smallest part of its unit. */
    static final Map<String, Long> LIMITS = Map.of(
            "total", 150_000_000L,
            "each-key", 75_000_000L,
            "each-agent", 14_000L,
            "each-session", 10_000_000L,
            "each-project", 25L,
            "each-model", 95_000L,
            "calls", 330L);

    /** {@code PROVIDER} stands for the provider's base URL. */
    static final String POLICY = """
            server: {limits: {open_per_key: 1000, first_byte: 1s}}
            routing: {attempts: 2, retry_delay: 10ms, breaker_failures: 0}
            providers:
              openai: {base_url: "PROVIDER/v1", credential: "sk-test"}
            models:
              both: {targets: [{model: openai/gpt-4o-mini}, {model: openai/gpt-4o}]}
            budget:
              lease: 4s
              budgets:
                - {id: total, scope: all, limit: 0.15}
                - {id: each-key, scope: key, limit: 0.075}
                - {id: each-agent, scope: agent, match: {agent: one}, limit: 14_000, unit: tokens}
                - {id: each-session, scope: session, match: {session: s0}, limit: 0.01, period: hour}
                - {id: each-project, scope: tag.project, match: {tag.project: p0}, limit: 25, unit: requests, period: lifetime}
                - {id: each-model, scope: [team, model], limit: 95_000, unit: tokens, period: month}
                - {id: calls, scope: all, limit: 330, unit: requests, period: week}
            """;

    private static final Pattern MAX_TOKENS = Pattern.compile("\"max_tokens\":(\\d+)");
    private static final String[] SCRIPTS = {
        "money", "money", "money", "money", "refused", "busy", "down", "slow", "reset", "halfway", "chatty"
    };
    private static final Duration PATIENT = Duration.ofSeconds(40);
    private static final int PIECES = 60;
    private static final String PIECE = "lorem ipsum dolor sit amet ".repeat(5);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENT)
            .build();

    /**
     * Where a call goes.
     *
     * @param keys of one agent each
     */
    record Node(String url, List<String> keys) {}

    /**
     * What a client was told.
     *
     * @param status 0 where it was told nothing
     * @param exchange the id of its exchange; empty where it does not know
     * @param body as much as it read
     */
    record Told(int status, String exchange, String body) {
        static final Told NOTHING = new Told(0, "", "");

        boolean isOverBudget() {
            return status == 400 && body.contains("budget_exceeded");
        }
    }

    /** @param leavesAfter characters of the answer after which its client has enough */
    private record Ask(
            int key, String session, String project, String body, String script, Duration patience, int leavesAfter) {}

    private static Ask ask(Random random) {
        String model = random.nextInt(3) == 0 ? "openai/gpt-4o-mini" : random.nextInt(25) == 0 ? "openai/none" : "both";
        int output = 1 + random.nextInt(120);
        boolean isStream = random.nextBoolean();
        // What no agent may send: the stages behind the budget refuse it, and its hold goes back.
        String text = random.nextInt(20) == 0
                ? "AKIA"
                        + "ABCDEFGHIJKLMNOPQRST"
                                .repeat(2)
                                .substring(random.nextInt(20))
                                .substring(0, 16)
                : "word ".repeat(1 + random.nextInt(150));
        String body = "{\"model\":\"" + model + "\",\"max_tokens\":" + output + ",\"stream\":" + isStream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
        return new Ask(
                random.nextInt(3),
                "s" + random.nextInt(6),
                "p" + random.nextInt(4),
                body,
                SCRIPTS[random.nextInt(SCRIPTS.length)],
                random.nextInt(8) == 0 ? Duration.ofMillis(20 + random.nextInt(300)) : PATIENT,
                random.nextInt(10) == 0 ? 10 : Integer.MAX_VALUE);
    }

    /** All calls at once, in turn to each of the nodes; yields what each client was told. */
    List<Told> run(List<Node> nodes, Consumer<Told> onEach) throws Exception {
        Random random = new Random(11);
        List<Callable<Told>> calls = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            Ask ask = ask(random);
            Node node = nodes.get(i % nodes.size());
            calls.add(() -> {
                Told told = call(node, ask);
                onEach.accept(told);
                return told;
            });
        }
        List<Told> told = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(calls, 90, TimeUnit.SECONDS)) {
                assertThat(done.isCancelled()).as("a call hangs").isFalse();
                told.add(done.get());
            }
        }
        return told;
    }

    private Told call(Node node, Ask ask) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url() + "/v1/chat/completions"))
                .header("Authorization", "Bearer " + node.keys().get(ask.key()))
                .header("Content-Type", "application/json")
                .header("X-Tollgate-Session", ask.session())
                .header("X-Tollgate-Tags", "project=" + ask.project())
                .header("x-script", ask.script())
                .timeout(ask.patience())
                .POST(HttpRequest.BodyPublishers.ofString(ask.body()))
                .build();
        HttpResponse<InputStream> response;
        try {
            response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException leftOrKilled) {
            return Told.NOTHING;
        }
        String exchange =
                response.headers().firstValue("x-tollgate-exchange-id").orElse("");
        StringBuilder body = new StringBuilder();
        try (InputStream in = response.body()) {
            byte[] piece = new byte[8192];
            for (int n = in.read(piece); n >= 0 && body.length() < ask.leavesAfter(); n = in.read(piece)) {
                body.append(new String(piece, 0, n, StandardCharsets.UTF_8));
            }
        } catch (IOException brokenOff) {
            return new Told(response.statusCode(), exchange, body.toString());
        }
        return new Told(response.statusCode(), exchange, body.toString());
    }

    /** A provider that plays what the calls name. It never says that more was used than was asked for. */
    static ScriptedProvider provider() throws IOException {
        return new ScriptedProvider()
                .on("money", MoneyLoad::answer)
                .on("refused", turn -> turn.json(400, "{\"error\":{\"message\":\"no\"}}"))
                .on("busy", turn -> {
                    if (turn.number() % 2 == 0) {
                        turn.json(503, "{}");
                    } else {
                        answer(turn);
                    }
                })
                .on("down", turn -> {
                    if (turn.body().contains("gpt-4o-mini")) {
                        turn.json(500, "{}");
                    } else {
                        answer(turn);
                    }
                })
                .on("slow", turn -> {
                    TimeUnit.MILLISECONDS.sleep(turn.number() % 3 == 0 ? 1_500 : 100);
                    answer(turn);
                })
                .on("reset", Turn::reset)
                .on("halfway", turn -> {
                    turn.streamHead();
                    StreamScripts.send(turn, StreamScripts.opening(GatewayFixture.Call.OPENAI_CHAT));
                    turn.reset();
                })
                .on("chatty", MoneyLoad::chatter);
    }

    private static void answer(Turn turn) throws IOException {
        Matcher most = MAX_TOKENS.matcher(turn.body());
        int output = most.find() ? 1 + turn.body().length() % Integer.parseInt(most.group(1)) : 1;
        int input = 1 + turn.body().split("word ", -1).length / 2;
        String usage = "\"usage\":{\"prompt_tokens\":" + input + ",\"completion_tokens\":" + output
                + ",\"total_tokens\":" + (input + output) + "}";
        if (!turn.body().contains("\"stream\":true")) {
            turn.json(200, ScriptedProvider.COMPLETION.replaceAll("\"usage\":\\{[^}]*}", usage));
            return;
        }
        turn.streamHead();
        StreamScripts.send(turn, StreamScripts.opening(GatewayFixture.Call.OPENAI_CHAT));
        for (String event : StreamScripts.ending(GatewayFixture.Call.OPENAI_CHAT)) {
            turn.chunk(event.replaceAll("\"usage\":\\{[^}]*}", usage));
        }
        turn.send("0\r\n\r\n");
    }

    /** Goes on for some fifteen hundred tokens, whatever was asked for, and does not say how many they were. */
    private static void chatter(Turn turn) throws IOException {
        if (!turn.body().contains("\"stream\":true")) {
            answer(turn);
            return;
        }
        turn.streamHead();
        List<String> opening = StreamScripts.opening(GatewayFixture.Call.OPENAI_CHAT);
        StreamScripts.send(turn, opening);
        for (int i = 0; i < PIECES; i++) {
            turn.chunk(opening.getLast().replace("\"ne\"", '"' + PIECE + '"'));
        }
        turn.chunk("data: [DONE]\n\n");
        turn.send("0\r\n\r\n");
    }

    /** Fails if a counter has spent and holds more than its budget's limit. */
    static void assertWithinLimit(Level level) {
        String key = level.key();
        String series = key.substring(0, key.indexOf('/'));
        String id = series.substring(series.indexOf(':') + 1);
        assertThat(level.spent()).as(key).isNotNegative();
        assertThat(level.held()).as(key).isNotNegative();
        assertThat(level.spent() + level.held()).as(key).isLessThanOrEqualTo(LIMITS.get(id));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
