package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.RawClient;
import dev.tollgate.ScriptedProvider;
import dev.tollgate.audit.AuditRecord.Received;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More than a node can take on, where none may wait: refused at once and cheaply, and room is there again as soon as a call ends. */
class OverloadTest {
    private static final String POLICY = GatewayFixture.providers() + """
            server: {limits: {connections: 8, open: 3, queued: 0, bodies: 1MiB}}
            """;

    private GatewayFixture fixture;
    private final CountDownLatch go = new CountDownLatch(1);

    @BeforeEach
    void start() throws Exception {
        fixture = new GatewayFixture(POLICY);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.assertNothingLeft();
        fixture.close();
    }

    private List<CompletableFuture<Answer>> park(int calls, String body) throws InterruptedException {
        CountDownLatch arrived = new CountDownLatch(calls);
        fixture.provider.on("parks", turn -> {
            arrived.countDown();
            go.await();
            turn.json(200, ScriptedProvider.COMPLETION);
        });
        List<CompletableFuture<Answer>> parked = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            parked.add(CompletableFuture.supplyAsync(() -> post(Call.OPENAI_CHAT, body, "parks")));
        }
        arrived.await();
        return parked;
    }

    private Answer post(Call call, String body, String script) {
        try {
            return fixture.post(call.path, body, "x-script", script);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void calls_beyondTheLimitOfTheNode_areRefusedUnrecorded_untilOneEnds(Call call) throws Exception {
        List<CompletableFuture<Answer>> parked = park(3, Call.OPENAI_CHAT.body("hello"));
        int before = fixture.records(Received.class).size();

        Answer refused = post(call, call.body("hello"), "");
        go.countDown();

        assertThat(refused.status()).isEqualTo(call == Call.ANTHROPIC ? 529 : 503);
        assertThat(refused.header("retry-after")).isEqualTo("1");
        assertThat(refused.body()).contains("which is the limit open");
        assertThat(fixture.records(Received.class)).hasSize(before);
        for (CompletableFuture<Answer> served : parked) {
            assertThat(served.get().status()).isEqualTo(200);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(post(call, call.body("hello"), "").status()).isEqualTo(200);
        }
    }

    @Test
    void bodies_thatTogetherAreTooLarge_areRefused_untilOneIsGone() throws Exception {
        String large = Call.OPENAI_CHAT.body("x".repeat(700_000));
        List<CompletableFuture<Answer>> parked = park(1, large);

        Answer refused = post(Call.OPENAI_CHAT, large, "");
        Answer small = post(Call.OPENAI_CHAT, Call.OPENAI_CHAT.body("hello"), "");
        go.countDown();

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.body()).contains("limit bodies of 1048576 bytes");
        assertThat(small.status()).isEqualTo(200);
        assertThat(parked.get(0).get().status()).isEqualTo(200);
        for (int i = 0; i < 5; i++) {
            assertThat(post(Call.OPENAI_CHAT, large, "").status()).isEqualTo(200);
        }
    }

    /** Parts of bodies come with their heads, before anybody asks for them. */
    @Test
    void bodiesThatAreAnnounced_areCounted_beforeTheyCome() throws Exception {
        List<RawClient> announcing = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                announcing.add(announce(110_000));
            }
            awaitOpen(2);
            String large = Call.OPENAI_CHAT.body("x".repeat(800_000));
            Answer fits = post(Call.OPENAI_CHAT, large, "");
            announcing.add(announce(5_000_000));
            awaitOpen(3);
            announcing.removeFirst().close();
            awaitOpen(2);

            Answer refused = post(Call.OPENAI_CHAT, Call.OPENAI_CHAT.body("x".repeat(850_000)), "");

            assertThat(fits.status()).isEqualTo(200);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.body()).contains("limit bodies of 1048576 bytes");
        } finally {
            for (RawClient client : announcing) {
                client.close();
            }
        }
        awaitOpen(0);
        assertThat(post(Call.OPENAI_CHAT, Call.OPENAI_CHAT.body("x".repeat(900_000)), "")
                        .status())
                .isEqualTo(200);
    }

    private RawClient announce(int bytes) throws Exception {
        RawClient client = new RawClient(fixture.gateway.port);
        client.write("POST " + Call.OPENAI_CHAT.path + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                + fixture.gateway.key + "\r\ncontent-type: application/json\r\ncontent-length: " + bytes + "\r\n\r\n{");
        return client;
    }

    private void awaitOpen(int calls) throws Exception {
        for (int i = 0; i < 4000 && fixture.gateway.openExchanges() != calls; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(fixture.gateway.openExchanges()).isEqualTo(calls);
    }

    @Test
    void connections_beyondTheLimit_areClosed_untilOneIsGone() throws Exception {
        List<RawClient> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                RawClient client = new RawClient(fixture.gateway.port);
                idle.add(client);
                client.write("GET /v1/models HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + fixture.gateway.key
                        + "\r\n\r\n");
                assertThat(client.readUntil("\r\n\r\n")).contains(" 200 ").doesNotContain("connection: close");
            }
            try (RawClient ninth = new RawClient(fixture.gateway.port)) {
                ninth.write("GET /nowhere HTTP/1.1\r\nhost: x\r\n\r\n");
                assertThat(ninth.readToEnd()).isEmpty();
            }
        } finally {
            for (RawClient client : idle) {
                client.close();
            }
        }

        Answer answer = new Answer(0, java.util.Map.of(), new byte[0], false);
        for (int i = 0; i < 200 && answer.status() == 0; i++) {
            answer = post(Call.OPENAI_CHAT, Call.OPENAI_CHAT.body("hello"), "");
        }
        assertThat(answer.status()).isEqualTo(200);
    }
}
