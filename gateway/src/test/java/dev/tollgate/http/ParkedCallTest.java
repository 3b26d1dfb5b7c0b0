package dev.tollgate.http;

import static dev.tollgate.ScriptedProvider.COMPLETION;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.wire.ReplyContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that are held longer than their clients wait: told so in their wire, and served when they come back. */
class ParkedCallTest {
    private static final String POLICY = GatewayFixture.providers() + """
            approval:
              quiet: QUIET
              drip: 10ms
              patience: 150ms
              deny_as: DENY_AS
              retries_vary: [stream, client.attempt]
              holds: [{id: ask, when: "true", reason: needs a person, deadline: 5m}]
            """;

    private GatewayFixture fixture;

    private void start(String quiet, String denyAs) throws Exception {
        fixture = new GatewayFixture(POLICY.replace("QUIET", quiet).replace("DENY_AS", denyAs));
    }

    @AfterEach
    void stop() throws Exception {
        fixture.assertNothingLeft();
        fixture.close();
    }

    private Answer ask(Call call) throws Exception {
        return fixture.post(call.path, call.body("hello"));
    }

    private Answer askForStream(Call call) throws Exception {
        return fixture.post(call.streamingPath(), call.streaming("hello"));
    }

    private List<Ticket> tickets() throws Exception {
        return fixture.gateway
                .tickets
                .list(State.PENDING, 10)
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void parked_isToldAsAnErrorThatNamesTheTicket_joinsIt_andIsServedOnceApproved(Call call) throws Exception {
        start("10s", "error");

        Answer first = ask(call);
        Answer second = ask(call);

        assertThat(first.status()).isEqualTo(call == Call.GEMINI ? 403 : 400);
        assertThat(first.header("x-should-retry")).isEqualTo("false");
        assertThat(tickets()).as("a person is asked once").hasSize(1);
        String ticket = tickets().getFirst().id().toString();
        assertThat(first.header("x-tollgate-ticket")).isEqualTo(ticket);
        assertThat(first.body()).contains("waits for a person's approval", ticket);
        assertThat(second.header("x-tollgate-ticket")).isEqualTo(ticket);
        assertThat(fixture.ended(first.header("x-tollgate-exchange-id")).code()).isEqualTo("approval_pending");

        decide(State.APPROVED);

        assertThat(ask(call).body()).isEqualTo(COMPLETION);
        assertThat(fixture.provider.bodies).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void attempts_thatDifferInWhatThePolicySaysTheyVary_meetOneTicket_andAChangedPromptDoesNot(Call call)
            throws Exception {
        start("10s", "error");

        Answer first = attempt(call, 1, "hello");
        Answer second = attempt(call, 2, "hello");

        assertThat(second.header("x-tollgate-ticket")).isEqualTo(first.header("x-tollgate-ticket"));
        assertThat(tickets()).as("a person is asked once").hasSize(1);
        decide(State.APPROVED);
        assertThat(attempt(call, 3, "hello").body()).isEqualTo(COMPLETION);
        assertThat(fixture.provider.bodies).hasSize(1);
        assertThat(attempt(call, 3, "hello again").header("x-tollgate-ticket"))
                .isNotEqualTo(first.header("x-tollgate-ticket"));
    }

    /** As clients try again: a number of the attempt in the body, another trace and request id in the head. */
    private Answer attempt(Call call, int number, String text) throws Exception {
        String body = call.body(text).replaceFirst("\\}$", ",\"client\":{\"attempt\":" + number + ",\"name\":\"x\"}}");
        return fixture.post(
                call.path,
                body,
                "traceparent",
                "00-" + String.valueOf(number).repeat(32) + "-00f067aa0ba902b7-01",
                "x-request-id",
                "attempt-" + number);
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void parked_asARefusal_isAWholeAnswerInWords(Call call) throws Exception {
        start("10s", "refusal");

        Answer document = ask(call);
        Answer stream = askForStream(call);

        String ticket = tickets().getFirst().id().toString();
        assertThat(document.status()).isEqualTo(200);
        assertThat(document.header("content-type")).isEqualTo("application/json");
        assertThat(new JsonMapper().readTree(document.body()).isObject()).isTrue();
        assertThat(said(document)).contains("waits for a person's approval", ticket);
        assertThat(stream.status()).isEqualTo(200);
        assertThat(stream.header("content-type")).startsWith("text/event-stream");
        assertThat(said(stream)).contains("waits for a person's approval", ticket);
        assertThat(stream.whole()).isTrue();
        assertThat(fixture.ended(document.header("x-tollgate-exchange-id")).result())
                .isEqualTo("denied");
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void parked_afterHeartbeats_isToldInTheFormThatWasPromised(Call call) throws Exception {
        start("1ms", "refusal");

        Answer document = ask(call);
        Answer stream = askForStream(call);

        assertThat(document.body()).startsWith(" ");
        assertThat(said(document)).contains("waits for a person's approval");
        assertThat(said(stream)).contains("waits for a person's approval");
        assertThat(stream.whole()).isTrue();
        assertThat(tickets()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void parked_asAnErrorAfterHeartbeats_isReadable_underTheStatusThatWasPromised(Call call) throws Exception {
        start("1ms", "error");

        assertThat(said(ask(call))).contains("waits for a person's approval");
        Answer stream = askForStream(call);
        assertThat(stream.body()).contains("waits for a person's approval");
        if (call == Call.OPENAI_RESPONSES) {
            assertThat(stream.body().indexOf("event: response.created"))
                    .as("clients take no other event first")
                    .isBetween(0, stream.body().indexOf("event: response.failed"));
        }
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void denied_asARefusal_saysTheReviewersWords(Call call) throws Exception {
        start("10s", "refusal");
        assertThat(ask(call).status()).isEqualTo(200);
        decide(State.DENIED);

        assertThat(said(ask(call))).contains("was not approved: too dear");
        assertThat(fixture.provider.connections).hasValue(0);
    }

    private void decide(State decision) throws Exception {
        var unused = fixture.gateway
                .desk
                .decide(tickets().getFirst().id(), decision, "alice", decision == State.DENIED ? "too dear" : "")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    /** What a client reads as the model's words. */
    private static String said(Answer answer) {
        ReplyContent content =
                ReplyContent.of(answer.body().getBytes(StandardCharsets.UTF_8)).orElseThrow();
        assertThat(content.error()).isEmpty();
        return content.text();
    }
}
