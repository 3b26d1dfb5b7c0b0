package dev.tollgate.stage;

import static dev.tollgate.stage.InspectedCalls.KEY;
import static dev.tollgate.stage.InspectedCalls.body;
import static dev.tollgate.stage.InspectedCalls.chat;
import static dev.tollgate.stage.InspectedCalls.sent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Numbered;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Exchanges;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.Splice;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.ScanPolicy;
import dev.tollgate.policy.ScanPolicy.Action;
import dev.tollgate.policy.ScanPolicy.Unreadable;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScanStageTest {
    private final ScanStage stage = new ScanStage(InspectedCalls.inspector());

    @Test
    void decide_secretInTheNewTurn_deniesNamingRuleAndPlaceButNotTheSecret() throws Exception {
        Deny deny = (Deny) decide(ScanPolicy.DEFAULT, body("user", "hi", "assistant", "yes?", "tool", "key " + KEY));

        assertThat(deny.denial().problem().code()).isEqualTo("secret_found");
        assertThat(deny.denial().problem().message())
                .isEqualTo("rule aws_access_key_id found a secret at messages[2].content; the policy blocks it");
        assertThat(deny.denial().rules()).containsExactly("aws_access_key_id");
        assertThat(deny.toString()).doesNotContain(KEY);
    }

    @Test
    void decide_secretInAnOlderTurn_isRedacted() throws Exception {
        Exchange call = chat(ScanPolicy.DEFAULT, null, body("user", "key " + KEY, "assistant", "no", "user", "go on"));

        Proceed proceed = (Proceed) stage.decide(call).result();

        assertThat(Numbered.in(sent(proceed.exchange())))
                .isEqualTo(body("user", "key [AWS_KEY_ID_1]", "assistant", "no", "user", "go on"));
        assertThat(proceed.rules()).containsExactly("aws_access_key_id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"system", "developer", "user", "tool"})
    void decide_secretWhoeverWroteIt_isFound(String role) throws Exception {
        assertThat(decide(ScanPolicy.DEFAULT, body(role, "key " + KEY, "user", "hi"))
                        .toString())
                .doesNotContain(KEY);
        assertThat(rules(decide(ScanPolicy.DEFAULT, body("user", "hi", role, "key " + KEY))))
                .containsExactly("aws_access_key_id");
    }

    @Test
    void decide_secretInToolDefinitionArgumentsOrName_isFound() throws Exception {
        String tool =
                "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}], \"tools\": [{\"type\": \"function\","
                        + " \"function\": {\"name\": \"f\", \"parameters\": {\"default\": \"" + KEY + "\"}}}]}";
        String arguments =
                "{\"model\": \"m\", \"messages\": [{\"role\": \"assistant\", \"tool_calls\": [{\"id\": \"1\", \"type\": \"function\","
                        + " \"function\": {\"name\": \"f\", \"arguments\": \"{\\\"k\\\": \\\"" + KEY + "\\\"}\"}}]}]}";
        String name = "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}], \"metadata\": {\""
                + KEY + "\": \"x\"}}";

        for (String body : List.of(tool, arguments, name)) {
            assertThat(rules(decide(ScanPolicy.DEFAULT, body))).containsExactly("aws_access_key_id");
        }
    }

    @Test
    void decide_personalData_isRedactedInTheBytesAndNowhereElse() throws Exception {
        String body = body(
                "user", "Mail \\u0061nn@firm.com, \\\"ann@firm.com\\\" or\\n bob@firm.com", "assistant", "ä\\u00e4");
        Exchange call = chat(ScanPolicy.DEFAULT, null, body);

        Proceed proceed = (Proceed) stage.decide(call).result();

        assertThat(Numbered.in(sent(proceed.exchange())))
                .isEqualTo(body("user", "Mail [EMAIL_1], \\\"[EMAIL_1]\\\" or\\n [EMAIL_2]", "assistant", "ä\\u00e4"));
        assertThat(proceed.detail()).isEqualTo("placeholders were put into 1 text");
    }

    @Test
    void decide_numberThatIsPersonalData_becomesAJsonString() throws Exception {
        String json = "{\"model\": \"m\", \"messages\": [], \"card\": 4111111111111111}";

        Proceed proceed = (Proceed) decide(ScanPolicy.DEFAULT, json);

        assertThat(JsonReader.readObject(
                                Numbered.in(sent(proceed.exchange())).getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .string("card"))
                .isEqualTo("[CARD_1]");
    }

    @Test
    void decide_actionOfARule_goesBeforeTheActionOfItsKind() throws Exception {
        String body = body("user", KEY + " and ann@firm.com");
        ScanPolicy marked = policy(
                Action.BLOCK, Action.BLOCK, Map.of("aws_access_key_id", Action.MARK, "email_address", Action.OFF));

        Proceed proceed = (Proceed) decide(marked, body);

        assertThat(sent(proceed.exchange())).isEqualTo(body);
        assertThat(proceed.rules()).containsExactly("aws_access_key_id");
    }

    @Test
    void decide_textThatExceedsItsWork_isBlocked() throws Exception {
        String hostile = "postgres://a:b7cd9efg@h ".repeat(11_000);

        assertThat(rules(decide(
                        policy(Action.BLOCK, Action.OFF, Map.of("database_url", Action.OFF)), body("user", hostile))))
                .contains("work_limit");
    }

    @Test
    void decide_unknownContent_isRefusedNamingTheSetting() throws Exception {
        Deny deny = (Deny) stage.decide(notScanned(ScanPolicy.DEFAULT, "application/zip body"))
                .result();

        assertThat(deny.denial().problem().code()).isEqualTo("unreadable_content");
        assertThat(deny.denial().problem().message())
                .isEqualTo(
                        "cannot be read as text and so not be scanned: application/zip body (scan.unreadable: allow would let it pass)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png a", "audio/wav a", "video/mp4 a", "application/pdf a"})
    void decide_media_passUnread(String medium) throws Exception {
        assertThat(stage.decide(notScanned(ScanPolicy.DEFAULT, medium)).result())
                .isInstanceOf(Proceed.class);
    }

    @Test
    void decide_unknownContentWhereThePolicyAllowsIt_passes() throws Exception {
        ScanPolicy allowing = new ScanPolicy(null, null, null, null, Unreadable.ALLOW, null);

        assertThat(stage.decide(notScanned(allowing, "application/zip body")).result())
                .isInstanceOf(Proceed.class);
    }

    @Test
    void decide_bodyThatIsStillCoded_isRefused() throws Exception {
        Exchange call = chat(ScanPolicy.DEFAULT, null, body("user", "hi"));
        Exchange coded = call.withContent(new Content(new byte[] {1}, "br", "application/json", null, Facts.NOTHING));

        assertThat(stage.decide(coded).result()).isInstanceOf(Deny.class);
    }

    @Test
    void decide_textThatWasChangedInPart_isBlockedWhereItWouldBeRedacted() throws Exception {
        Exchange call = chat(ScanPolicy.DEFAULT, null, body("user", "ann@firm.com"));
        int start = call.facts().texts().getFirst().start();
        Exchange changed = call.withSplices(List.of(Splice.of(start + 1, start + 2, "A")));

        assertThat(stage.decide(changed).result()).isInstanceOf(Deny.class);
    }

    @Test
    void decide_textThatAnEarlierStageReplaced_isScannedAsItStandsNow() throws Exception {
        Exchange call = chat(ScanPolicy.DEFAULT, null, body("user", "harmless"));
        Exchange changed = call.withSplices(List.of(Splice.of(
                call.facts().texts().getFirst().start(),
                call.facts().texts().getFirst().end(),
                "\"" + KEY + "\"")));

        assertThat(stage.decide(changed).result()).isInstanceOf(Deny.class);
    }

    @Test
    void decide_longCall_isSearchedOffTheLoop() throws Exception {
        AtomicInteger offloaded = new AtomicInteger();
        Offload counting = new Offload() {
            @Override
            public <T> Future<T> run(Callable<T> work) {
                offloaded.incrementAndGet();
                return InspectedCalls.inline().run(work);
            }
        };
        ScanStage stage = new ScanStage(InspectedCalls.inspector(counting));

        stage.decide(chat(ScanPolicy.DEFAULT, null, body("user", "short"))).result();
        assertThat(offloaded).hasValue(0);
        stage.decide(chat(ScanPolicy.DEFAULT, null, body("user", "long ".repeat(10_000))))
                .result();
        assertThat(offloaded).hasValue(1);
        stage.decide(chat(ScanPolicy.DEFAULT, null, body("user", "long ".repeat(10_000), "user", "and now?")))
                .result();
        assertThat(offloaded).as("what is known is not searched again").hasValue(1);
    }

    @Test
    void decide_searchThatFails_cannotDecide() throws Exception {
        Offload failing = new Offload() {
            @Override
            public <T> Future<T> run(Callable<T> work) {
                return Future.failedFuture("no worker");
            }
        };
        ScanStage stage = new ScanStage(InspectedCalls.inspector(failing));

        assertThat(stage.decide(chat(ScanPolicy.DEFAULT, null, body("user", "long ".repeat(10_000))))
                        .failed())
                .isTrue();
    }

    @Test
    void decide_withoutRules_throwsAndSoIsDenied() throws Exception {
        Exchange call = chat(Exchanges.policy(Map.of()), body("user", "hi"));

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> stage.decide(call))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void mode_always_isThePolicys() throws Exception {
        ScanPolicy observing = new ScanPolicy(Mode.OBSERVE, null, null, null, null, null);

        assertThat(stage.mode(chat(observing, null, body("user", "hi")).policy()))
                .isEqualTo(Mode.OBSERVE);
    }

    private Decision decide(ScanPolicy policy, String body) throws Exception {
        return stage.decide(chat(policy, null, body)).result();
    }

    private static List<String> rules(Decision decision) {
        return ((Deny) decision).denial().rules();
    }

    private static ScanPolicy policy(Action secrets, Action personal, Map<String, Action> rules) {
        return new ScanPolicy(null, secrets, personal, rules, null, null);
    }

    private static Exchange notScanned(ScanPolicy policy, String what) throws Exception {
        Facts facts = new Facts(null, -1, -1, false, null, 1, false, List.of(), List.of(), List.of(what), null, null);
        return chat(policy, null, body("user", "hi")).withContent(new Content(new byte[] {1}, "", "", null, facts));
    }
}
