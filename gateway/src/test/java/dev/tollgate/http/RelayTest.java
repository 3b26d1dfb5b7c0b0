package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.RawClient;
import dev.tollgate.ScriptedProvider;
import dev.tollgate.StreamScripts;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How answers pass: each event when it comes, no faster than the client takes it, and the last one only when its end is on record. */
class RelayTest {
    private static final int PATIENCE_SECONDS = 20;
    private static final String POLICY = GatewayFixture.providers() + """
            server: {limits: {reply: 400MiB}}
            budget:
              budgets: [{id: key-daily, scope: key, limit: 1000}]
            """;

    private static GatewayFixture fixture;

    @BeforeAll
    static void start() throws Exception {
        fixture = new GatewayFixture(POLICY);
    }

    @AfterEach
    void forgetHooks() {
        fixture.gateway.log = record -> Future.succeededFuture();
    }

    @AfterAll
    static void stop() throws Exception {
        fixture.assertNothingLeft();
        fixture.close();
    }

    private static String request(Call call, String script) {
        String body = call.streaming("hello");
        return "POST " + call.streamingPath() + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + fixture.gateway.key
                + "\r\ncontent-type: application/json\r\nx-script: " + script + "\r\ncontent-length: " + body.length()
                + "\r\n\r\n" + body;
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void event_reachesTheClient_beforeTheNextIsSent(Call call) throws Exception {
        BlockingQueue<String> toSend = new LinkedBlockingQueue<>();
        fixture.provider.on("step-by-step-" + call, turn -> {
            turn.streamHead();
            for (String event = toSend.take(); !event.isEmpty(); event = toSend.take()) {
                turn.chunk(event);
            }
            StreamScripts.finish(turn, call);
        });

        try (RawClient client = new RawClient(fixture.gateway.port)) {
            client.write(request(call, "step-by-step-" + call));
            for (String event : StreamScripts.opening(call)) {
                toSend.put(event);
                String seen = client.readUntil(
                        "\n" + event.strip().lines().toList().getLast().strip());
                assertThat(seen).doesNotContain("[DONE]");
            }
            toSend.put("");
            String unused = client.readUntil("\r\n0\r\n\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void lastEvent_waitsForTheRecord(Call call) throws Exception {
        fixture.provider.on("record-first-" + call, turn -> StreamScripts.play(turn, call));
        CountDownLatch asked = new CountDownLatch(1);
        Promise<Void> kept = Promise.promise();
        fixture.gateway.log = record -> {
            if (record instanceof Ended) {
                asked.countDown();
                return kept.future();
            }
            return Future.succeededFuture();
        };

        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> post(call, "record-first-" + call));
        assertThat(asked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        // The provider has sent everything by now; only the record is missing.
        assertThat(answer).isNotDone();
        kept.complete();

        assertThat(answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS).body())
                .endsWith(StreamScripts.ending(call).getLast());
    }

    private static Answer post(Call call, String script) {
        try {
            return fixture.post(call.streamingPath(), call.streaming("hello"), "x-script", script);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void slowClient_slowsTheProvider() throws Exception {
        AtomicLong sent = new AtomicLong();
        String event = "data: {\"x\":\"" + "x".repeat(65_000) + "\"}\n\n";
        fixture.provider.on("fast", turn -> {
            turn.streamHead();
            for (int i = 0; i < 1500; i++) {
                turn.chunk(event);
                sent.addAndGet(event.length());
            }
            StreamScripts.finish(turn, Call.OPENAI_CHAT);
        });

        try (RawClient client = new RawClient(fixture.gateway.port)) {
            client.write(request(Call.OPENAI_CHAT, "fast"));
            String unused = client.readUntil("data: ");
            long before = -1;
            while (sent.get() != before) {
                before = sent.get();
                TimeUnit.MILLISECONDS.sleep(300);
            }
            assertThat(sent.get()).as("bytes taken while the client takes none").isLessThan(30_000_000);
            assertThat(client.countUntil("data: [DONE]")).isGreaterThan(1499L * event.length());
        }
    }

    @Test
    void documentOf300Megabytes_passes_inPieces() throws Exception {
        byte[] piece = "x".repeat(1 << 20).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        fixture.provider.on("large", turn -> {
            turn.send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + 300L * piece.length
                    + "\r\n\r\n");
            for (int i = 0; i < 300; i++) {
                turn.out().write(piece);
            }
            turn.out().flush();
        });

        try (RawClient client = new RawClient(fixture.gateway.port)) {
            client.write(request(Call.OPENAI_CHAT, "large").replace(",\"stream\":true", ",\"stream\":null"));
            String head = client.readUntil("\r\n\r\n");
            assertThat(head).startsWith("HTTP/1.1 200").containsIgnoringCase("content-length: 314572800");
            assertThat(client.count(300L * piece.length)).isTrue();
            String id = ScriptedProvider.field(head, "x-tollgate-exchange-id");
            assertThat(fixture.ended(id).replyBytes()).isEqualTo(300L * piece.length);
        }
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void clientLeaving_beforeTheAnswer_cancelsTheCall(Call call) throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        fixture.provider.on("silent-" + call, turn -> {
            reached.countDown();
            turn.waitForClose();
            cancelled.countDown();
        });
        try (RawClient client = new RawClient(fixture.gateway.port)) {
            client.write(request(call, "silent-" + call));
            assertThat(reached.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(cancelled.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        Ended ended = fixture.ended(fixture.newest().exchange().value());
        assertThat(ended.result()).isEqualTo("client_gone");
        assertThat(ended.attempts()).isEqualTo(1);
        assertThat(ended.usage().source()).isEqualTo(Usage.Source.COUNTED);
        assertThat(ended.cost()).as("the provider had the prompt").isGreaterThan(NanoUsd.ZERO);
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void clientLeaving_inTheStream_cancelsTheCallAndPays(Call call) throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        fixture.provider.on("endless-" + call, turn -> {
            turn.streamHead();
            StreamScripts.send(turn, StreamScripts.opening(call));
            turn.waitForClose();
            cancelled.countDown();
        });
        String id;
        try (RawClient client = new RawClient(fixture.gateway.port)) {
            client.write(request(call, "endless-" + call));
            id = ScriptedProvider.field(client.readUntil("\r\n\r\n"), "x-tollgate-exchange-id");
            String unused = client.readUntil("data: ");
        }

        assertThat(cancelled.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        Ended ended = fixture.ended(id);
        assertThat(ended.result()).isEqualTo("client_gone");
        assertThat(ended.cost()).isNotNull().isGreaterThan(NanoUsd.ZERO);
    }

    @Test
    void streamLeftEarly_isBilledAsRelayed_whateverItsFirstEventTold() throws Exception {
        String said = "and so on ".repeat(300);
        fixture.provider.on("told-early", turn -> {
            turn.streamHead();
            for (String event : StreamScripts.opening(Call.ANTHROPIC)) {
                turn.chunk(event.replace("fine", said));
            }
            turn.waitForClose();
        });
        String id;
        try (RawClient client = new RawClient(fixture.gateway.port)) {
            client.write(request(Call.ANTHROPIC, "told-early"));
            id = ScriptedProvider.field(client.readUntil("\r\n\r\n"), "x-tollgate-exchange-id");
            String unused = client.readUntil(said);
        }

        Usage usage = fixture.ended(id).usage();
        assertThat(usage.input()).isEqualTo(10);
        assertThat(usage.output()).as("not the 1 of message_start").isBetween(900L, 1200L);
    }

    @Test
    void clientsLeaving_disturbNobodyElse() throws Exception {
        fixture.provider.on("slow", turn -> {
            TimeUnit.MILLISECONDS.sleep(100);
            turn.json(200, ScriptedProvider.COMPLETION);
        });
        List<CompletableFuture<Answer>> staying = java.util.stream.Stream.generate(() ->
                        CompletableFuture.supplyAsync(() -> {
                            try {
                                return fixture.post(
                                        Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"), "x-script", "slow");
                            } catch (Exception failed) {
                                throw new AssertionError(failed);
                            }
                        }))
                .limit(20)
                .toList();
        for (int i = 0; i < 40; i++) {
            try (RawClient client = new RawClient(fixture.gateway.port)) {
                client.write(request(Call.OPENAI_CHAT, "slow"));
            }
        }

        for (CompletableFuture<Answer> answer : staying) {
            assertThat(answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS).body()).isEqualTo(ScriptedProvider.COMPLETION);
        }
    }

    @Test
    void usageChunk_askedForByTheClient_staysIn() throws Exception {
        fixture.provider.on("usage", turn -> StreamScripts.play(turn, Call.OPENAI_CHAT));
        String asks = Call.OPENAI_CHAT
                .streaming("hello")
                .replace("\"stream\":true", "\"stream\":true,\"stream_options\":{\"include_usage\":true}");

        Answer answer = fixture.post(Call.OPENAI_CHAT.path, asks, "x-script", "usage");
        Answer without = fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.streaming("hello"), "x-script", "usage");

        assertThat(answer.body()).contains("\"prompt_tokens\":10");
        assertThat(without.body()).doesNotContain("\"prompt_tokens\":10");
        assertThat(fixture.provider.bodies.getLast()).contains("\"stream_options\":{\"include_usage\":true}");
        assertThat(fixture.ended(without.header("x-tollgate-exchange-id"))
                        .usage()
                        .output())
                .isEqualTo(5);
    }

    @Test
    void document_tellsItsCost() throws Exception {
        Answer answer = fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"));

        Ended ended = fixture.ended(answer.header("x-tollgate-exchange-id"));
        assertThat(answer.header("x-tollgate-cost")).isEqualTo(String.valueOf(ended.cost()));
        assertThat(answer.header("x-tollgate-model")).isEqualTo("openai/gpt-4o-mini");
        assertThat(answer.header("x-tollgate-budget")).isEqualTo("key-daily");
        assertThat(answer.header("x-tollgate-budget-remaining")).isNotEmpty();
    }
}
