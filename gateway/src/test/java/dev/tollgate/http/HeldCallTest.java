package dev.tollgate.http;

import static dev.tollgate.ScriptedProvider.COMPLETION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.RawClient;
import dev.tollgate.StreamScripts;
import dev.tollgate.approval.Edit;
import dev.tollgate.approval.Passage;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.Vote;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that wait for a person, over HTTP: kept alive, decided once, and never sent before. */
class HeldCallTest {
    private static final int PATIENCE_SECONDS = 20;
    private static final String POLICY = GatewayFixture.providers() + """
            budget:
              budgets: [{id: key-daily, scope: key, limit: LIMIT}]
            approval:
              quiet: QUIET
              drip: 20ms
              max_held: 3
              holds: [{id: ask, when: "true", reason: needs a person, deadline: DEADLINE}]
            """;

    private GatewayFixture fixture;

    private void start(String quiet, String deadline, String limit) throws Exception {
        if (fixture != null) {
            fixture.close();
        }
        fixture = new GatewayFixture(
                POLICY.replace("QUIET", quiet).replace("DEADLINE", deadline).replace("LIMIT", limit));
        for (Call call : Call.values()) {
            fixture.provider.on("stream-" + call, turn -> StreamScripts.play(turn, call));
        }
    }

    @BeforeEach
    void start() throws Exception {
        start("10s", "1m", "1000");
    }

    @AfterEach
    void stop() throws Exception {
        fixture.assertNothingLeft();
        fixture.close();
    }

    private CompletableFuture<Answer> post(Call call) {
        return async(() -> fixture.post(call.path, call.body("hello")));
    }

    private CompletableFuture<Answer> postStreaming(Call call) {
        return async(() ->
                fixture.post(call.streamingPath(), call.streaming("hello, as a stream"), "x-script", "stream-" + call));
    }

    private interface Posting {
        Answer post() throws Exception;
    }

    private static CompletableFuture<Answer> async(Posting posting) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return posting.post();
                    } catch (Exception failed) { // a supplier may throw none
                        throw new AssertionError(failed);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    private static Answer get(CompletableFuture<Answer> answer) throws Exception {
        return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private Ticket ticket() throws Exception {
        for (int i = 0; i < 1000; i++) {
            List<Ticket> pending = fixture.gateway
                    .tickets
                    .list(State.PENDING, 10)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
            if (!pending.isEmpty()) {
                return pending.get(0);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        throw new AssertionError("no ticket");
    }

    private void waiting(int clients) throws Exception {
        for (int i = 0; i < 1000 && fixture.gateway.desk.waiting() != clients; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(fixture.gateway.desk.waiting()).isEqualTo(clients);
    }

    private void decide(State decision) throws Exception {
        var unused = fixture.gateway
                .desk
                .decide(ticket().id(), decision, "alice", decision == State.DENIED ? "too dear" : "")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void approvedSoon_completesWithItsOwnStatusAndHeaders(Call call) throws Exception {
        CompletableFuture<Answer> held = post(call);
        waiting(1);
        assertThat(fixture.provider.connections).as("before a person agreed").hasValue(0);

        decide(State.APPROVED);

        Answer answer = get(held);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(COMPLETION);
        assertThat(answer.header("x-tollgate-cost")).isNotEmpty();
        assertThat(fixture.provider.bodies).hasSize(1);
        Received received = fixture.newest();
        assertThat(received.reservation()).isNotNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = Call.class,
            names = {"OPENAI_CHAT", "ANTHROPIC"})
    void changedInSeveralPlaces_isSentChangedInAll(Call call) throws Exception {
        String parts = "[{\"type\":\"text\",\"text\":\"one\"},{\"type\":\"text\",\"text\":\"two\"},"
                + "{\"type\":\"text\",\"text\":\"three\"}]";
        CompletableFuture<Answer> held =
                async(() -> fixture.post(call.path, call.body("hello").replace("\"hello\"", parts)));
        waiting(1);
        List<Passage> passages = ticket().details().passages();
        assertThat(passages).extracting(Passage::text).containsExactly("one", "two", "three");
        // In any order.
        Edit edit = Edit.of(List.of(
                new Edit(passages.get(2).path(), "drei"),
                new Edit(passages.get(0).path(), "eins, zwei und")));
        Vote vote = new Vote("alice", true, "", Instant.now().truncatedTo(ChronoUnit.MILLIS), edit);

        var unused = fixture.gateway.desk.decide(ticket().id(), vote).await(10, TimeUnit.SECONDS);

        assertThat(get(held).status()).isEqualTo(200);
        assertThat(fixture.provider.bodies.getFirst())
                .contains("\"eins, zwei und\"", "\"two\"", "\"drei\"")
                .doesNotContain("\"one\"", "\"three\"");
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void changedByTheReviewer_isSentChanged(Call call) throws Exception {
        CompletableFuture<Answer> held = post(call);
        waiting(1);
        Passage passage = ticket().details().passages().getLast();
        assertThat(passage.text()).isEqualTo("hello");
        Vote vote = new Vote(
                "alice",
                true,
                "",
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                new Edit(passage.path(), "good \"day\"\nto you"));

        var unused = fixture.gateway.desk.decide(ticket().id(), vote).await(10, TimeUnit.SECONDS);

        assertThat(get(held).status()).isEqualTo(200);
        assertThat(fixture.provider.bodies.getFirst())
                .contains("good \\\"day\\\"\\nto you")
                .doesNotContain("hello");
        assertThat(fixture.newest().verdicts())
                .anySatisfy(verdict -> assertThat(verdict.detail()).contains("changed and approved by alice"));
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void approvedAfterHeartbeats_completesInTheSameReply(Call call) throws Exception {
        start("1ms", "1m", "1000");
        CompletableFuture<Answer> held = post(call);
        CompletableFuture<Answer> stream = postStreaming(call);
        waiting(2);
        TimeUnit.MILLISECONDS.sleep(400);
        decide(State.APPROVED);
        TimeUnit.MILLISECONDS.sleep(50);
        decide(State.APPROVED);

        Answer document = get(held);
        assertThat(document.status()).isEqualTo(200);
        assertThat(document.body()).startsWith(" ").endsWith(COMPLETION);
        assertThat(document.body().strip()).isEqualTo(COMPLETION);
        Answer events = get(stream);
        assertThat(events.status()).isEqualTo(200);
        assertThat(events.header("content-type")).startsWith("text/event-stream");
        assertThat(events.body())
                .startsWith(heartbeat(call))
                .endsWith(StreamScripts.ending(call).getLast());
        assertThat(events.whole()).isTrue();
    }

    private static String heartbeat(Call call) {
        return switch (call) {
            case OPENAI_CHAT, OPENAI_RESPONSES -> ":";
            case ANTHROPIC -> "event: ping\ndata: {\"type\": \"ping\"}\n\n";
            // Its clients read every line that begins with "data:", and none that does not.
            case GEMINI -> "data: {}\n\n";
        };
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void denied_isToldInTheCallersWire_beforeAndAfterHeartbeats(Call call) throws Exception {
        CompletableFuture<Answer> quiet = post(call);
        waiting(1);
        decide(State.DENIED);
        Answer early = get(quiet);
        assertThat(early.status()).isEqualTo(call == Call.GEMINI ? 403 : 400);
        assertThat(early.body()).contains("too dear");
        assertThat(early.header("x-should-retry")).isEqualTo("false");

        start("1ms", "1m", "1000");
        CompletableFuture<Answer> dripping = postStreaming(call);
        waiting(1);
        TimeUnit.MILLISECONDS.sleep(400);
        decide(State.DENIED);
        Answer late = get(dripping);
        assertThat(late.status()).isEqualTo(200);
        assertThat(late.whole()).isTrue();
        assertThat(late.body())
                .startsWith(heartbeat(call))
                .contains("too dear", "\ndata: {")
                .endsWith("\n\n");
        assertThat(fixture.provider.connections).hasValue(0);
        Ended ended = fixture.ended(late.header("x-tollgate-exchange-id"));
        assertThat(ended.result()).isEqualTo("denied");
        assertThat(ended.code()).isEqualTo("approval_denied");
        assertThat(fixture.newest().verdicts().getLast()).satisfies(verdict -> {
            assertThat(verdict.result())
                    .as("it was held, and no rule denied it")
                    .isEqualTo("hold");
            assertThat(verdict.detail()).matches("denied by alice as ticket A\\w{10}");
        });
    }

    @Test
    void undecided_isDeniedAtTheDeadline() throws Exception {
        start("1ms", "300ms", "1000");

        Answer answer = get(post(Call.ANTHROPIC));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().strip())
                .as("200 is promised: an error in it would be read as an empty answer")
                .startsWith("{\"type\":\"message\"")
                .contains("nobody approved");
        assertThat(fixture.ended(answer.header("x-tollgate-exchange-id")).code())
                .isEqualTo("approval_expired");
        assertThat(fixture.newest().verdicts().getLast().detail()).matches("not decided in time as ticket A\\w{10}");
        assertThat(fixture.provider.connections).hasValue(0);
    }

    /** A client that leaves while its call is held. */
    private void callAndLeave() throws Exception {
        try (RawClient leaving = new RawClient(fixture.gateway.port)) {
            String body = Call.OPENAI_CHAT.body("hello");
            leaving.write("POST " + Call.OPENAI_CHAT.path + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                    + fixture.gateway.key + "\r\ncontent-type: application/json\r\ncontent-length: " + body.length()
                    + "\r\n\r\n" + body);
            waiting(1);
        }
        waiting(0);
    }

    @Test
    void clientGone_leavesItsTicket_andOneRetryOfTwoTakesTheApproval() throws Exception {
        callAndLeave();
        assertThat(fixture.ended(fixture.newest().exchange().value()).result()).isEqualTo("client_gone");
        Ticket first = ticket();

        CompletableFuture<Answer> retry = post(Call.OPENAI_CHAT);
        CompletableFuture<Answer> twin = post(Call.OPENAI_CHAT);
        waiting(2);
        assertThat(ticket().id()).isEqualTo(first.id());
        decide(State.APPROVED);

        List<Integer> statuses = List.of(get(retry).status(), get(twin).status());
        assertThat(statuses).as("one approval, one call").containsExactlyInAnyOrder(200, 400);
        assertThat(fixture.provider.bodies).hasSize(1);
    }

    @Test
    void approvalGivenMeanwhile_servesTheRetryAtOnce_once() throws Exception {
        callAndLeave();
        decide(State.APPROVED);
        assertThat(fixture.provider.connections).as("the client was gone").hasValue(0);

        assertThat(get(post(Call.OPENAI_CHAT)).body()).isEqualTo(COMPLETION);

        CompletableFuture<Answer> again = post(Call.OPENAI_CHAT);
        waiting(1);
        assertThat(again).as("the approval was used").isNotDone();
        decide(State.DENIED);
        assertThat(get(again).status()).isEqualTo(400);
    }

    @Test
    void money_isNotHeldWhileAPersonThinks_andIsAskedForAgain() throws Exception {
        // Enough for one worst case of some $0.0000315, not for two.
        start("10s", "1m", "0.00005");
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        fixture.provider.on("parks", turn -> {
            arrived.countDown();
            go.await();
            turn.json(200, COMPLETION);
        });
        CompletableFuture<Answer> first =
                async(() -> fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"), "x-script", "parks"));
        waiting(1);
        CompletableFuture<Answer> second = post(Call.OPENAI_RESPONSES);
        waiting(2);

        decide(State.APPROVED);
        assertThat(arrived.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        decide(State.APPROVED);

        Answer refused = get(second);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).contains("budget_exceeded");
        go.countDown();
        assertThat(get(first).status()).isEqualTo(200);
    }

    @Test
    void calls_beyondMaxHeld_areRefused() throws Exception {
        List<CompletableFuture<Answer>> held = java.util.stream.IntStream.range(0, 3)
                .mapToObj(i -> async(() -> fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("number " + i))))
                .toList();
        waiting(3);

        Answer fourth = fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("one too many"));

        assertThat(fourth.status()).isEqualTo(503);
        assertThat(fourth.body()).contains("max_held");
        for (int i = 0; i < 3; i++) {
            decide(State.DENIED);
        }
        for (CompletableFuture<Answer> answer : held) {
            assertThat(get(answer).status()).isEqualTo(400);
        }
    }
}
