package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.RawClient;
import dev.tollgate.approval.Edit;
import dev.tollgate.approval.Passage;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.Vote;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.wire.ReplyContent;
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

/** Calls of tools in replies, over HTTP, held until a person has decided, in documents and streams. */
class HeldToolCallTest {
    private static final String POLICY = GatewayFixture.providers() + """
            approval: {APPROVAL}
            server: {limits: {reply_idle: IDLE}}
            tools: {rules: [{id: delete, tools: Bash, commands: ["rm -r*"], call: hold, reason: it deletes}]}
            """;
    private static final String USUAL = "quiet: 10s, patience: 5s";

    private GatewayFixture fixture;

    private void start(String approval) throws Exception {
        start(approval, "5m");
    }

    private void start(String approval, String replyIdle) throws Exception {
        fixture = new GatewayFixture(POLICY.replace("APPROVAL", approval).replace("IDLE", replyIdle));
        ToolScripts.play(fixture.provider);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.assertNothingLeft();
        fixture.close();
    }

    private Answer document(Call call) throws Exception {
        return ToolScripts.document(fixture, call);
    }

    private Answer stream(Call call) throws Exception {
        return ToolScripts.stream(fixture, call);
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void held_isNotSeenBeforeAPersonAgrees_thenPassesAsItCame(Call call) throws Exception {
        start(USUAL);
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

        assertThat(get(stream).body()).isEqualTo(ToolScripts.whole(call));

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
        start("quiet: 1ms, drip: 10ms, patience: 5s");
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

    @ParameterizedTest
    @EnumSource(Call.class)
    void clientGone_whileItsReplyIsHeld_leavesTheTicket_andTheMoneyIsSettled(Call call) throws Exception {
        start(USUAL);

        Ticket asked = leave(call);

        assertThat(ticket().id()).isEqualTo(asked.id());
        assertThat(fixture.ended(fixture.newest().exchange().value()).result()).isEqualTo("client_gone");
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void held_longerThanAProviderMayPause_isNotTakenForAStall(Call call) throws Exception {
        start("quiet: 10ms, drip: 10ms, patience: 5s", "200ms");
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
        start(USUAL);
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
            assertThat(verdict(answer).detail()).contains("changed and approved by alice as ticket ");
        }
    }

    @Test
    void changedIntoWhatIsDenied_isTakenOut() throws Exception {
        start(USUAL);
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
        start(USUAL);
        Ticket asked = leave(call);
        decide(State.APPROVED);

        Answer back = stream(call);

        assertThat(back.body()).isEqualTo(ToolScripts.whole(call));
        assertThat(back.whole()).isTrue();
        assertThat(fixture.provider.bodies).as("called and paid once").hasSize(1);
        assertThat(fixture.ended(back.header("x-tollgate-exchange-id")).attempts())
                .isZero();
        assertThat(fixture.ended(back.header("x-tollgate-exchange-id")).verdicts())
                .anySatisfy(verdict -> assertThat(verdict.code()).isEqualTo("kept_reply"))
                .anySatisfy(
                        verdict -> assertThat(verdict.detail()).contains("approved by alice as ticket " + asked.id()));

        CompletableFuture<Answer> again = async(() -> stream(call));
        assertThat(ticket().id()).as("the reply was used").isNotEqualTo(asked.id());
        decide(State.DENIED);
        assertThat(get(again).body()).doesNotContain("build");
        assertThat(fixture.provider.bodies).hasSize(2);
    }

    @Test
    void parked_thenMadeAgain_waitsForTheSameTicket_andIsPaidOnce() throws Exception {
        start("quiet: 10s, patience: 400ms");
        Answer parked = document(Call.ANTHROPIC);
        assertThat(content(parked).text()).contains("waits for a person's approval");
        Ticket asked = ticket();

        decide(State.APPROVED);
        Answer answer = document(Call.ANTHROPIC);

        assertThat(answer.body()).isEqualTo(ToolScripts.document(Call.ANTHROPIC));
        assertThat(fixture.provider.bodies).hasSize(1);
        assertThat(verdict(answer).detail()).contains(asked.id().value());
    }

    /** Asks, and leaves when its reply is held. Yields the ticket. */
    private Ticket leave(Call call) throws Exception {
        Ticket asked;
        try (RawClient leaving = new RawClient(fixture.gateway.port)) {
            leaving.write(ToolScripts.request(fixture, call));
            asked = ticket();
        }
        for (int i = 0; i < 1000 && fixture.gateway.desk.waiting() > 0; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(fixture.gateway.desk.waiting()).isZero();
        return asked;
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
                    } catch (Exception failed) { // a supplier may throw none
                        throw new AssertionError(failed);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    private static Answer get(CompletableFuture<Answer> answer) throws Exception {
        return answer.get(20, TimeUnit.SECONDS);
    }
}
