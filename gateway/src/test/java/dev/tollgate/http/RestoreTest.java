package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.ScriptedProvider.Turn;
import dev.tollgate.http.EchoScripts.Where;
import dev.tollgate.wire.ReplyContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is redacted in a request and comes back in its reply reaches the client as it left it, and the provider never. */
class RestoreTest {
    private static final String MAIL = "jane.porter@" + "acme-mail.com";
    private static final String SECRET = "AKIA" + "Q3ZT7PLW2VKD5YHN";
    private static final String PATHS = """
            kind: personal
            rules:
              - id: user_folder
                title: Path below a user's folder
                family: files
                keywords: ['C:\\Users\\']
                pattern: 'C:\\\\{1,2}Users\\\\{1,2}[a-z]{1,20}\\\\{1,2}[A-Za-z0-9_]{1,40}\\.[a-z]{1,5}'
                placeholder: FILE
                matches: ['C:\\Users\\ann\\plan.txt']
                not: ['C:\\Windows\\x']
            """;

    private static GatewayFixture fixture;

    @BeforeAll
    static void start() throws Exception {
        fixture = new GatewayFixture(GatewayFixture.providers() + """
                scan: {personal: restore, replies: {secrets: block, personal: block}}
                tools:
                  rules: [{id: not-to-jane, tools: write, when: 'args.text.contains("@forbidden-host.org")', call: deny, reason: no}]
                server: {limits: {open_per_key: 1000}}
                """, Map.of("paths.yaml", PATHS));
    }

    @AfterAll
    static void stop() throws Exception {
        fixture.assertNothingLeft();
        fixture.close();
    }

    /** A text with e-mail addresses, names of files and cards among words, quotes, lines and letters of several scripts. */
    private static String document(Random random) {
        StringBuilder text = new StringBuilder();
        int parts = 3 + random.nextInt(20);
        for (int i = 0; i < parts; i++) {
            switch (random.nextInt(8)) {
                case 0 ->
                    text.append(word(random))
                            .append('.')
                            .append(word(random))
                            .append('@')
                            .append(word(random))
                            .append("-firm.com");
                case 1 ->
                    text.append("C:\\Users\\")
                            .append(word(random))
                            .append('\\')
                            .append(word(random))
                            .append(".docx");
                case 2 -> text.append(card(random));
                case 3 -> text.append('"').append(word(random)).append("\"\n\t");
                case 4 -> text.append("größe 😀 漢字 \\n ");
                case 5 -> text.append("[").append(word(random)).append("] [EMAIL_ ");
                default -> text.append(word(random));
            }
            text.append(random.nextInt(3) == 0 ? ", " : " ");
        }
        return text.toString();
    }

    private static String word(Random random) {
        return random.ints(4 + random.nextInt(5), 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String card(Random random) {
        int[] digits = new int[16];
        digits[0] = 4;
        int sum = 8;
        for (int i = 1; i < 15; i++) {
            digits[i] = random.nextInt(10);
            int value = i % 2 == 0 ? digits[i] * 2 : digits[i];
            sum += value > 9 ? value - 9 : value;
        }
        digits[15] = (10 - sum % 10) % 10;
        StringBuilder card = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            card.append(i > 0 && i % 4 == 0 ? " " : "").append(digits[i]);
        }
        return card.toString();
    }

    @Test
    void thousandDocuments_comeBackByteEqual() throws Exception {
        int redacted = 0;
        for (int i = 0; i < 1000; i++) {
            Random random = new Random(i);
            Call call = List.of(Call.values()).get(i % 4);
            Where where = List.of(Where.values()).get(i / 4 % 3);
            boolean streams = i / 12 % 2 == 0;
            String document = document(random);
            AtomicReference<String> sent = new AtomicReference<>("");
            fixture.provider.on("echo", turn -> {
                String said = EchoScripts.said(call, turn.body());
                sent.set(said);
                play(turn, call, where, said, streams, random);
            });

            ReplyContent content = content(call(call, document, streams));

            String back = switch (where) {
                case TEXT -> content.text();
                case REASONING -> content.reasoning();
                case ARGUMENTS -> content.tools().getFirst().arguments();
            };
            assertThat(back)
                    .as("document %d: %s %s", i, call, where)
                    .isEqualTo(where == Where.ARGUMENTS ? EchoScripts.arguments(document) : document);
            assertThat(sent.get()).doesNotContain("-firm.com");
            redacted += sent.get().equals(document) ? 0 : 1;
        }
        assertThat(redacted).isGreaterThan(800);
    }

    private static void play(Turn turn, Call call, Where where, String said, boolean streams, Random random)
            throws java.io.IOException {
        if (streams) {
            turn.streamHead();
            for (String event : EchoScripts.stream(call, where, said, random)) {
                turn.chunk(event);
            }
            turn.send("0\r\n\r\n");
        } else {
            turn.json(200, EchoScripts.document(call, where, said));
        }
    }

    private static Answer call(Call call, String text, boolean streams) throws Exception {
        String quoted = EchoScripts.quoted(text);
        String escaped = quoted.substring(1, quoted.length() - 1);
        return streams
                ? fixture.post(call.streamingPath(), call.streaming(escaped), "x-script", "echo")
                : fixture.post(call.path, call.body(escaped), "x-script", "echo");
    }

    private static ReplyContent content(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.whole()).isTrue();
        return ReplyContent.of(answer.body().getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void placeholder_splitAtEveryPlace_isPutBack(Call call) throws Exception {
        String before = "send it to ";
        fixture.provider.on("split", turn -> {
            String said = EchoScripts.said(call, turn.body());
            int at = before.length() + 1 + turn.number() % (said.length() - before.length());
            turn.streamHead();
            for (String event : EchoScripts.stream(call, Where.TEXT, said, new Cuts(at))) {
                turn.chunk(event);
            }
            turn.send("0\r\n\r\n");
        });
        for (int i = 0; i < 16; i++) {
            Answer answer = fixture.post(call.streamingPath(), call.streaming(before + MAIL), "x-script", "split");

            assertThat(content(answer).text()).as("cut %d", i).isEqualTo(before + MAIL);
        }
    }

    /** Cuts a text in two at one place, and then in ones. */
    private static final class Cuts extends Random {
        private static final long serialVersionUID = 1;
        private int at;

        Cuts(int at) {
            super(0);
            this.at = at;
        }

        @Override
        public int nextInt(int bound) {
            int next = Math.min(at, bound) - 1;
            at = 1;
            return Math.max(0, next);
        }
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void otherFindings_areStillBlocked(Call call) throws Exception {
        for (String found : List.of(SECRET, "tom@" + "other-place.org")) {
            for (boolean streams : new boolean[] {true, false}) {
                fixture.provider.on(
                        "echo",
                        turn -> play(
                                turn,
                                call,
                                Where.TEXT,
                                EchoScripts.said(call, turn.body()) + " or " + found + " there",
                                streams,
                                new Random(3)));

                Answer answer = call(call, "write to " + MAIL, streams);

                assertThat(answer.body()).contains("in the reply").doesNotContain(found);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void rulesForTools_judgeWhatIsPutBack(Call call) throws Exception {
        for (boolean streams : new boolean[] {true, false}) {
            fixture.provider.on(
                    "echo",
                    turn -> play(
                            turn, call, Where.ARGUMENTS, EchoScripts.said(call, turn.body()), streams, new Random(3)));

            Answer denied = call(call, "tell ann@" + "forbidden-host.org", streams);
            Answer allowed = call(call, "tell " + MAIL, streams);

            assertThat(denied.body()).contains("kept back a call").doesNotContain("forbidden-host");
            assertThat(content(allowed).tools().getFirst().arguments()).contains(MAIL);
        }
    }

    @Test
    void nothingRedacted_passesByteForByte() throws Exception {
        String reply = EchoScripts.document(Call.OPENAI_CHAT, Where.TEXT, "what is [EMAIL_kxqhwtzr], \\u00e4 and ä");
        fixture.provider.on("echo", turn -> turn.json(200, reply));

        Answer answer = call(Call.OPENAI_CHAT, "hello", false);

        assertThat(answer.body()).isEqualTo(reply);
    }

    @Test
    void restOfTheString_staysAsItCame() throws Exception {
        fixture.provider.on(
                "echo",
                turn -> turn.json(
                        200,
                        "{\"object\":\"chat.completion\", \"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"\\u00e4 \\/ "
                                + EchoScripts.said(Call.OPENAI_CHAT, turn.body())
                                + " \\ud83d\\ude00 ü\"},\"finish_reason\":\"stop\"}]}"));

        Answer answer = call(Call.OPENAI_CHAT, MAIL, false);

        assertThat(answer.body())
                .isEqualTo(
                        "{\"object\":\"chat.completion\", \"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"\\u00e4 \\/ "
                                + MAIL + " \\ud83d\\ude00 ü\"},\"finish_reason\":\"stop\"}]}");
        assertThat(answer.header("content-length")).isEqualTo(String.valueOf(answer.bytes().length));
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void placeholder_asTheNameOfAnArgument_isPutBack(Call call) throws Exception {
        fixture.provider.on("echo", turn -> {
            String said = EchoScripts.said(call, turn.body());
            turn.json(
                    200,
                    EchoScripts.document(call, Where.ARGUMENTS, "NAME")
                            .replace("{\"path\":", "{\"" + said + "\":1,\"path\":")
                            .replace("{\\\"path\\\":", "{\\\"" + said + "\\\":1,\\\"path\\\":"));
        });

        assertThat(content(call(call, MAIL, false)).tools().getFirst().arguments())
                .startsWith("{\"" + MAIL + "\":1,");
    }

    @Test
    void growingArray_isRestored() throws Exception {
        fixture.provider.on("echo", turn -> {
            String said = EchoScripts.said(Call.GEMINI, turn.body());
            turn.streamHead("application/json");
            turn.chunk(
                    "[{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"to " + said.substring(0, 5) + "\"}]}}]}");
            turn.chunk(",\n{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"" + said.substring(5)
                    + "!\"}]},\"finishReason\":\"STOP\"}]}]");
            turn.chunk("");
        });

        Answer answer = fixture.post(
                "/v1/gemini/models/gemini-2.5-flash:streamGenerateContent", Call.GEMINI.body(MAIL), "x-script", "echo");

        assertThat(content(answer).text()).isEqualTo("to " + MAIL + "!");
    }
}
