package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.RawClient;
import dev.tollgate.ScriptedProvider;
import dev.tollgate.approval.Edit;
import dev.tollgate.approval.Passage;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.Vote;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.wire.ReplyContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of tools in replies, over HTTP: passed as they came, taken out, or held until a person has decided, in documents and streams. */
class ToolCallTest {
    private static final String POLICY = GatewayFixture.providers() + """
            approval: {quiet: QUIET, drip: 10ms, patience: PATIENCE}
            server: {limits: {sse_event: 100KiB, reply_idle: IDLE}}
            tools:
              mode: MODE
              rules: [{id: delete, tools: Bash, commands: ["rm -r*"], call: PERMIT, reason: it deletes}]
            """;

    private GatewayFixture fixture;

    private void start(String permit) throws Exception {
        start(permit, "enforce", "10s");
    }

    private void start(String permit, String mode, String quiet) throws Exception {
        start(permit, mode, quiet, "5s");
    }

    private void start(String permit, String mode, String quiet, String patience) throws Exception {
        start(permit, mode, quiet, patience, "5m");
    }

    private void start(String permit, String mode, String quiet, String patience, String idle) throws Exception {
        fixture = new GatewayFixture(POLICY.replace("PERMIT", permit)
                .replace("IDLE", idle)
                .replace("MODE", mode)
                .replace("QUIET", quiet)
                .replace("PATIENCE", patience));
        for (Call call : Call.values()) {
            fixture.provider.on("document-" + call, turn -> turn.json(200, ToolScripts.document(call)));
            fixture.provider.on("stream-" + call, turn -> {
                turn.streamHead();
                for (List<String> events : ToolScripts.stream(call)) {
                    for (String event : events) {
                        turn.chunk(event);
                    }
                }
                turn.send("0\r\n\r\n");
            });
        }
    }

    @AfterEach
    void stop() throws Exception {
        fixture.assertNothingLeft();
        fixture.close();
    }

    private Answer document(Call call) throws Exception {
        return fixture.post(call.path, call.body("hello"), "x-script", "document-" + call);
    }

    private Answer stream(Call call) throws Exception {
        return fixture.post(call.streamingPath(), call.streaming("hello"), "x-script", "stream-" + call);
    }

    private static String whole(Call call) {
        return String.join(
                "", ToolScripts.stream(call).stream().flatMap(List::stream).toList());
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void callThatNoRuleIsAbout_passesAsItCame(Call call) throws Exception {
        start("allow");

        assertThat(document(call).body()).isEqualTo(ToolScripts.document(call));
        assertThat(stream(call).body()).isEqualTo(whole(call));
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void observed_passesAsItCame_andIsOnTheRecord(Call call) throws Exception {
        start("deny", "observe", "10s");

        Answer stream = stream(call);

        assertThat(stream.body()).isEqualTo(whole(call));
        assertThat(document(call).body()).isEqualTo(ToolScripts.document(call));
        assertThat(verdict(stream).result()).isEqualTo("would_deny");
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void denied_isTakenOut_withItsReasonInItsPlace_andTheOtherCallPasses(Call call) throws Exception {
        start("deny");

        for (Answer answer : List.of(document(call), stream(call))) {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.whole()).isTrue();
            assertThat(answer.body()).doesNotContain("build");
            ReplyContent content = content(answer);
            assertThat(content.text())
                    .contains("On it", "[The gateway kept back a call of the tool bash: it deletes (rule delete).]");
            assertThat(content.tools()).containsExactly(new ReplyContent.Tool("bash", ToolScripts.LOOK));
            Verdict verdict = verdict(answer);
            assertThat(verdict.result()).isEqualTo("deny");
            assertThat(verdict.code()).isEqualTo("tool_call_denied");
            assertThat(verdict.rules()).containsExactly("delete");
            assertThat(verdict.detail()).doesNotContain("build");
        }
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void held_isNotSeenBeforeAPersonAgrees_thenPassesAsItCame(Call call) throws Exception {
        start("hold");
        CompletableFuture<Answer> stream = async(() -> stream(call));
        Ticket asked = ticket();
        assertThat(asked.summary()).contains("wants to call bash", "rm -rf build");
        assertThat(asked.details().calls()).singleElement().satisfies(shown -> {
            assertThat(shown.tool()).isEqualTo("bash");
            assertThat(shown.arguments()).contains("rm -rf build");
            assertThat(shown.isWhole()).isTrue();
        });
        assertThat(asked.rule()).isEqualTo("delete");
        assertThat(stream).isNotDone();
        decide(State.APPROVED);

        assertThat(get(stream).body()).isEqualTo(whole(call));

        CompletableFuture<Answer> document = async(() -> document(call));
        assertThat(ticket().id()).as("one leave is for one call").isNotEqualTo(asked.id());
        decide(State.APPROVED);
        assertThat(get(document).body()).isEqualTo(ToolScripts.document(call));
        assertThat(fixture.provider.bodies).as("paid once each").hasSize(2);
        assertThat(verdict(get(document)).result()).isEqualTo("hold");
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void held_isKeptAlive_andTakenOutWhenAPersonRefuses(Call call) throws Exception {
        start("hold", "enforce", "1ms");
        CompletableFuture<Answer> stream = async(() -> stream(call));
        var unused = ticket();
        TimeUnit.MILLISECONDS.sleep(60);
        decide(State.DENIED);

        Answer answer = get(stream);
        assertThat(answer.whole()).isTrue();
        assertThat(answer.body()).doesNotContain("build");
        assertThat(content(answer).text()).contains("was not approved: leave it");
        assertThat(content(answer).tools()).hasSize(1);
        Answer again = document(call);
        assertThat(content(again).text())
                .as("the same call is refused without asking again")
                .contains("was not approved");
        assertThat(verdict(answer).code()).isEqualTo("tool_call_denied");
    }

    @Test
    void clientGone_whileItsReplyIsHeld_leavesTheTicket_andTheMoneyIsSettled() throws Exception {
        start("hold");
        Ticket asked;
        try (RawClient leaving = new RawClient(fixture.gateway.port)) {
            String body = Call.ANTHROPIC.streaming("hello");
            leaving.write("POST " + Call.ANTHROPIC.path + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                    + fixture.gateway.key + "\r\ncontent-type: application/json\r\nx-script: stream-ANTHROPIC"
                    + "\r\ncontent-length: " + body.length() + "\r\n\r\n" + body);
            asked = ticket();
        }
        for (int i = 0; i < 1000 && fixture.gateway.desk.waiting() > 0; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(fixture.gateway.desk.waiting()).isZero();
        assertThat(ticket().id()).isEqualTo(asked.id());
        assertThat(fixture.ended(fixture.newest().exchange().value()).result()).isEqualTo("client_gone");
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void held_longerThanAProviderMayPause_isNotTakenForAStall(Call call) throws Exception {
        start("hold", "enforce", "10ms", "5s", "200ms");
        CompletableFuture<Answer> stream = async(() -> stream(call));
        var unused = ticket();
        TimeUnit.MILLISECONDS.sleep(700);
        assertThat(stream).as("a person still thinks").isNotDone();
        decide(State.APPROVED);

        assertThat(get(stream).whole()).isTrue();
        assertThat(get(stream).body()).contains("build").doesNotContain("reply_idle");
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void changedByTheReviewer_reachesTheAgentChanged(Call call) throws Exception {
        start("hold");
        String harmless = "{\"command\":\"ls -la\"}";

        CompletableFuture<Answer> stream = async(() -> stream(call));
        edit(harmless);
        Answer streamed = get(stream);
        CompletableFuture<Answer> document = async(() -> document(call));
        edit(harmless);

        for (Answer answer : List.of(streamed, get(document))) {
            assertThat(answer.whole()).isTrue();
            assertThat(answer.body()).doesNotContain("build");
            assertThat(content(answer).tools())
                    .hasSize(2)
                    .anySatisfy(tool -> assertThat(tool.arguments()).isEqualTo(harmless));
            assertThat(verdict(answer).detail()).contains("was changed and approved by alice");
        }
    }

    @Test
    void changedIntoWhatIsDenied_isTakenOut() throws Exception {
        start("hold");
        CompletableFuture<Answer> document = async(() -> document(Call.ANTHROPIC));

        edit("no object");

        assertThat(content(get(document)).tools()).hasSize(1);
        assertThat(get(document).body()).doesNotContain("build").contains("cannot be made");
    }

    private void edit(String arguments) throws Exception {
        Vote vote = new Vote(
                "alice",
                true,
                "",
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                new Edit(Passage.ARGUMENTS, arguments));
        assertThat(ticket().details().passages()).hasSize(1);
        var unused = fixture.gateway.desk.decide(ticket().id(), vote).await(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void clientGone_thenBack_getsTheReplyThatWasPaidFor(Call call) throws Exception {
        start("hold");
        leave(call);
        Ticket asked = ticket();
        decide(State.APPROVED);

        Answer back = stream(call);

        assertThat(back.body()).isEqualTo(whole(call));
        assertThat(back.whole()).isTrue();
        assertThat(fixture.provider.bodies).as("called and paid once").hasSize(1);
        assertThat(fixture.ended(back.header("x-tollgate-exchange-id")).attempts())
                .isZero();
        assertThat(fixture.ended(back.header("x-tollgate-exchange-id")).verdicts())
                .anySatisfy(verdict -> assertThat(verdict.code()).isEqualTo("kept_reply"))
                .anySatisfy(verdict ->
                        assertThat(verdict.detail()).contains("ticket " + asked.id() + " was approved by alice"));

        CompletableFuture<Answer> again = async(() -> stream(call));
        assertThat(ticket().id()).as("the reply was used").isNotEqualTo(asked.id());
        decide(State.DENIED);
        assertThat(get(again).body()).doesNotContain("build");
        assertThat(fixture.provider.bodies).hasSize(2);
    }

    @Test
    void parked_thenMadeAgain_waitsForTheSameTicket_andIsPaidOnce() throws Exception {
        start("hold", "enforce", "10s", "400ms");
        Answer parked = document(Call.ANTHROPIC);
        assertThat(content(parked).text()).contains("waits for a person's approval");
        Ticket asked = ticket();

        decide(State.APPROVED);
        Answer answer = document(Call.ANTHROPIC);

        assertThat(answer.body()).isEqualTo(ToolScripts.document(Call.ANTHROPIC));
        assertThat(fixture.provider.bodies).hasSize(1);
        assertThat(verdict(answer).detail()).contains(asked.id().value());
    }

    private void leave(Call call) throws Exception {
        try (RawClient leaving = new RawClient(fixture.gateway.port)) {
            String body = call.streaming("hello");
            leaving.write("POST " + call.streamingPath() + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                    + fixture.gateway.key + "\r\ncontent-type: application/json\r\nx-script: stream-" + call
                    + "\r\ncontent-length: " + body.length() + "\r\n\r\n" + body);
            var unused = ticket();
        }
        for (int i = 0; i < 1000 && fixture.gateway.desk.waiting() > 0; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(fixture.gateway.desk.waiting()).isZero();
    }

    /** What an agent might read, and the gateway cannot, does not pass. */
    @ParameterizedTest
    @ValueSource(strings = {"coded", "plain", "broken", "broken-event", "huge-event"})
    void unreadable_isNotPassed_andNotTriedAgain(String script) throws Exception {
        start("deny");
        String document = ToolScripts.document(Call.OPENAI_CHAT);
        fixture.provider.on("coded", turn -> turn.send(reply("application/json\r\ncontent-encoding: br", document)));
        fixture.provider.on("plain", turn -> turn.send(reply("text/plain", document)));
        fixture.provider.on("broken", turn -> turn.json(200, document + ","));
        String event = ToolScripts.stream(Call.OPENAI_CHAT).get(1).get(2);
        fixture.provider.on("broken-event", turn -> events(turn, event.replace("}\n\n", ",}\n\n")));
        fixture.provider.on(
                "huge-event",
                turn -> events(turn, event.replace("\"id\":", "\"pad\":\"" + "x".repeat(200_000) + "\",\"id\":")));

        boolean streams = script.endsWith("event");
        Call call = Call.OPENAI_CHAT;
        Answer answer =
                fixture.post(call.path, streams ? call.streaming("hello") : call.body("hello"), "x-script", script);

        assertThat(answer.body()).doesNotContain("build").contains("cannot be judged");
        assertThat(answer.status()).isEqualTo(streams ? 200 : 400);
        if (!streams) {
            assertThat(answer.header("x-should-retry")).isEqualTo("false");
        }
    }

    private static String reply(String type, String body) {
        return "HTTP/1.1 200 OK\r\ncontent-type: " + type + "\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
    }

    private static void events(ScriptedProvider.Turn turn, String event) throws IOException {
        turn.streamHead();
        turn.chunk(ToolScripts.stream(Call.OPENAI_CHAT).getFirst().getFirst());
        turn.chunk(event);
        turn.chunk("data: [DONE]\n\n");
        turn.send("0\r\n\r\n");
    }

    @Test
    void observed_longerThanWhatIsKept_passesAsItCame() throws Exception {
        start("deny", "observe", "10s");
        String document =
                ToolScripts.document(Call.OPENAI_CHAT).replace("On it", "x".repeat(ToolReview.MAX_KEPT_BYTES));
        fixture.provider.on("long", turn -> turn.json(200, document));

        assertThat(fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"), "x-script", "long")
                        .body())
                .isEqualTo(document);
    }

    private Verdict verdict(Answer answer) throws Exception {
        return fixture.ended(answer.header("x-tollgate-exchange-id")).verdicts().getLast();
    }

    private static ReplyContent content(Answer answer) {
        return ReplyContent.of(answer.body().getBytes(StandardCharsets.UTF_8)).orElseThrow();
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
                return pending.getFirst();
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        throw new AssertionError("no ticket");
    }

    private void decide(State decision) throws Exception {
        var unused = fixture.gateway
                .desk
                .decide(ticket().id(), decision, "alice", decision == State.DENIED ? "leave it" : "")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    private interface Posting {
        Answer post() throws Exception;
    }

    private static CompletableFuture<Answer> async(Posting posting) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return posting.post();
                    } catch (Exception failed) {
                        throw new AssertionError(failed);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    private static Answer get(CompletableFuture<Answer> answer) throws Exception {
        return answer.get(20, TimeUnit.SECONDS);
    }
}
