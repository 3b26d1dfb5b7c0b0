package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.ScriptedProvider;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.wire.ReplyContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of tools in replies, over HTTP: passed as they came or taken out, in documents and streams. */
class ToolCallTest {
    private static final String POLICY = GatewayFixture.providers() + """
            server: {limits: {sse_event: 100KiB}}
            tools:
              mode: MODE
              rules: [{id: delete, tools: Bash, commands: ["rm -r*"], call: PERMIT, reason: it deletes}]
            """;

    private GatewayFixture fixture;

    private void start(String permit, String mode) throws Exception {
        fixture = new GatewayFixture(POLICY.replace("PERMIT", permit).replace("MODE", mode));
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
    void callThatNoRuleIsAbout_passesAsItCame(Call call) throws Exception {
        start("allow", "enforce");

        assertThat(document(call).body()).isEqualTo(ToolScripts.document(call));
        assertThat(stream(call).body()).isEqualTo(ToolScripts.whole(call));
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void observed_passesAsItCame_andIsOnTheRecord(Call call) throws Exception {
        start("deny", "observe");

        Answer stream = stream(call);

        assertThat(stream.body()).isEqualTo(ToolScripts.whole(call));
        assertThat(document(call).body()).isEqualTo(ToolScripts.document(call));
        assertThat(verdict(stream).result()).isEqualTo("would_deny");
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void denied_isTakenOut_withItsReasonInItsPlace_andTheOtherCallPasses(Call call) throws Exception {
        start("deny", "enforce");

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

    /** What an agent might read, and the gateway cannot, does not pass. */
    @ParameterizedTest
    @ValueSource(strings = {"coded", "plain", "broken", "broken-event", "huge-event"})
    void unreadable_isNotPassed_andNotTriedAgain(String script) throws Exception {
        start("deny", "enforce");
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
        start("deny", "observe");
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
}
