package dev.tollgate.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Endpoint;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Exchanges;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Headers;
import dev.tollgate.exchange.Inbound;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.SessionId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FingerprintTest {
    private static final String BODY = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                "{\"stream_options\":{\"include_usage\":true},\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                "{\"model\": \"m\", \"metadata\":{\"try\":2}, \"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                        + " \"client_metadata\":{}}"
            })
    void body_varyingAsRetriesDo_keepsTheFingerprint(String retry) {
        assertThat(of(call(retry))).isEqualTo(of(call(BODY)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"M\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi \"}]}",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\",\"stream\":true}]}",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"tools\":[]}",
                "{\"modelm\":\"\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
            })
    void body_sayingSomethingElse_changesTheFingerprint(String other) {
        assertThat(of(call(other))).isNotEqualTo(of(call(BODY)));
    }

    @Test
    void caller_orEndpoint_changesTheFingerprint() {
        Exchange call = call(BODY);
        Caller caller = call.caller();

        assertThat(of(call.withCaller(new Caller(
                        new KeyId("key_2"), caller.agent(), caller.team(), caller.scopes(), caller.session(), false))))
                .isNotEqualTo(of(call));
        assertThat(of(call.withCaller(caller.withSession(new SessionId("run-2")))))
                .isNotEqualTo(of(call));
        assertThat(of(at(call, "POST", new Endpoint("elsewhere", "openai_chat", "chat/completions", null))))
                .isNotEqualTo(of(call));
        assertThat(of(at(call, "POST", new Endpoint("openai", "openai_chat", "files/1", null))))
                .isNotEqualTo(of(call));
        assertThat(of(at(call, "POST", new Endpoint("openai", "openai_chat", "chat/completions", "a=1"))))
                .isNotEqualTo(of(call));
        assertThat(of(at(call, "DELETE", call.endpoint()))).isNotEqualTo(of(call));
    }

    @Test
    void sessionThatIsOnlyATrace_isAnotherOneWithEachAttemptAndLeftOut() {
        String one = "4bf92f3577b34da6a3ce929d0e0e4736";
        String other = "0af7651916cd43dd8448eb211c80319c";

        assertThat(of(traced(one, one))).isEqualTo(of(traced(other, other)));
        assertThat(of(traced(one, "run-1"))).isNotEqualTo(of(traced(one, "run-2")));
    }

    @Test
    void ofAnySession_isTheSameInAllSessions_andOtherwiseAsOfOne() {
        Exchange call = call(BODY);
        Exchange elsewhere = call.withCaller(call.caller().withSession(new SessionId("run-2")));

        assertThat(ofAnySession(elsewhere)).isEqualTo(ofAnySession(call)).matches("[0-9a-f]{64}");
        assertThat(ofAnySession(call)).isNotEqualTo(of(call));
        assertThat(ofAnySession(at(call, "DELETE", call.endpoint()))).isNotEqualTo(ofAnySession(call));
        assertThat(ofAnySession(call(BODY.replace("hi", "ho")))).isNotEqualTo(ofAnySession(call));
        assertThat(Fingerprint.ofAnySession(call, "dear")).isNotEqualTo(ofAnySession(call));
        assertThat(ofAnySession(call.withContent(plain("a")))).isNotEqualTo(ofAnySession(call.withContent(plain("b"))));
    }

    @Test
    void ofAnySession_passesOverTheNumbersOfWhatIsSaidWhole_andNoOthers() {
        String body = """
                {"model":"m","prompt_cache_key":"k1","metadata":{"try":1},"input":[
                {"type":"message","id":"msg_1","role":"user","content":"hi"},{"type":"item_reference","id":"ref_1"},
                {"type":"reasoning","id":"rs_1","content":null},{"id":"rs_2","role":"assistant","content":[]},
                {"type":"reasoning","id":"rs_3","content":"hm"},"ho"]}
                """;

        assertThat(ofAnySession(
                        call(body.replace("msg_1", "msg_2").replace("k1", "k2").replace("1}", "2}"))))
                .isEqualTo(ofAnySession(call(body)));
        for (String said :
                List.of("ref_1", "rs_1", "rs_2", "rs_3", "hi", "ho", "user", "\"m\"", "\"message\"", "\"role\"")) {
            assertThat(ofAnySession(call(body.replace(said, said.replaceFirst("[a-z]", "x")))))
                    .as(said)
                    .isNotEqualTo(ofAnySession(call(body)));
        }
    }

    @Test
    void leaveForOneThing_isNoneForAnother() {
        assertThat(Fingerprint.of(call(BODY), "dear")).isNotEqualTo(Fingerprint.of(call(BODY), "budget:daily"));
    }

    @Test
    void gemini_streamingOrNot_isTheSameCall() {
        Exchange plain = at(call(BODY), "POST", gemini("generateContent", null));

        assertThat(of(at(call(BODY), "POST", gemini("streamGenerateContent", "alt=sse"))))
                .isEqualTo(of(plain));
    }

    @Test
    void body_thatIsNoJson_countsWhole() {
        Exchange one = call(BODY).withContent(plain("a"));

        assertThat(of(one)).isEqualTo(of(call(BODY).withContent(plain("a")))).matches("[0-9a-f]{64}");
        assertThat(of(one)).isNotEqualTo(of(call(BODY).withContent(plain("b"))));
    }

    private static String of(Exchange exchange) {
        return Fingerprint.of(exchange, "rule");
    }

    private static String ofAnySession(Exchange exchange) {
        return Fingerprint.ofAnySession(exchange, "rule");
    }

    private static Exchange call(String body) {
        return Exchanges.routed(List.of()).withContent(Exchanges.content(body, Facts.NOTHING));
    }

    private static Endpoint gemini(String verb, @Nullable String query) {
        return new Endpoint("gemini", "gemini", "models/flash:" + verb, query);
    }

    private static Content plain(String body) {
        return new Content(body.getBytes(StandardCharsets.UTF_8), "", "text/plain", null, Facts.NOTHING);
    }

    private static Exchange traced(String trace, String session) {
        Exchange call = call(BODY);
        Headers headers = Headers.of("traceparent", "00-" + trace + "-00f067aa0ba902b7-01");
        return at(call, "POST", call.endpoint(), headers)
                .withCaller(call.caller().withSession(new SessionId(session)));
    }

    private static Exchange at(Exchange call, String method, Endpoint endpoint) {
        return at(call, method, endpoint, call.inbound().headers());
    }

    private static Exchange at(Exchange call, String method, Endpoint endpoint, Headers headers) {
        return Exchange.received(
                        call.id(),
                        call.receivedAt(),
                        new Inbound(
                                method,
                                "/",
                                null,
                                headers,
                                "127.0.0.1",
                                call.inbound().body()),
                        endpoint,
                        call.policy())
                .withCaller(call.caller())
                .withContent(call.content());
    }
}
