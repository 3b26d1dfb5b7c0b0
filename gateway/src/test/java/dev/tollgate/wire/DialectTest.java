package dev.tollgate.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Headers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class DialectTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final List<String> WIRES =
            List.of("openai_chat", "openai_responses", "anthropic_messages", "gemini_generate", "opaque");
    private final Wires wires = new Wires();

    private Dialect dialect(String wire) {
        return wires.byId(wire).orElseThrow().dialect();
    }

    private static Problem problem(Problem.Kind kind) {
        return Problem.of(kind, "some_code", "what, which value, which limit").withRetryAfter(Duration.ofMillis(2500));
    }

    private static JsonNode json(byte[] body) throws JsonProcessingException {
        return MAPPER.readTree(new String(body, UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "POLICY,             400, invalid_request_error, policy_denied,            false, -",
        "BUDGET,             400, budget_exceeded,       budget_exceeded,          false, -",
        "RATE_LIMIT,         429, rate_limit_exceeded,   rate_limit_exceeded,      true,  3",
        "AUTHENTICATION,     401, invalid_request_error, invalid_api_key,          false, -",
        "MALFORMED,          400, invalid_request_error, some_code,                false, -",
        "NOT_FOUND,          404, invalid_request_error, some_code,                false, -",
        "METHOD_NOT_ALLOWED, 405, invalid_request_error, some_code,                false, -",
        "TIMEOUT,            408, invalid_request_error, some_code,                -,     -",
        "TOO_LARGE,          413, invalid_request_error, some_code,                false, -",
        "UNSUPPORTED,        415, invalid_request_error, some_code,                false, -",
        "UNAVAILABLE,        503, server_error,          enforcement_unavailable,  -,     3",
        "UPSTREAM,           502, server_error,          some_code,                -,     -",
        "UPSTREAM_TIMEOUT,   504, server_error,          some_code,                -,     -",
    })
    void openAi_everyKind(Problem.Kind kind, int status, String type, String code, String retry, String after)
            throws JsonProcessingException {
        for (String wire :
                List.of("openai_chat", "openai_responses", "openai_completions", "openai_embeddings", "opaque")) {
            ErrorReply reply = dialect(wire).error(problem(kind), "req_1");

            assertHead(reply, status, retry, after);
            JsonNode error = json(reply.body()).path("error");
            assertThat(error.path("type").asText()).isEqualTo(type);
            assertThat(error.path("code").asText()).isEqualTo(code);
            assertThat(error.path("message").asText()).isEqualTo("what, which value, which limit");
            assertThat(error.has("param")).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POLICY,             400, invalid_request_error, dlp_request_denied,           false, -",
        "BUDGET,             402, billing_error,         enforced_spend_limit_reached, false, -",
        "RATE_LIMIT,         429, rate_limit_error,      some_code,                    true,  3",
        "AUTHENTICATION,     401, authentication_error,  some_code,                    false, -",
        "MALFORMED,          400, invalid_request_error, some_code,                    false, -",
        "NOT_FOUND,          404, not_found_error,       some_code,                    false, -",
        "METHOD_NOT_ALLOWED, 405, invalid_request_error, some_code,                    false, -",
        "TIMEOUT,            408, timeout_error,         some_code,                    -,     -",
        "TOO_LARGE,          413, request_too_large,     some_code,                    false, -",
        "UNSUPPORTED,        415, invalid_request_error, some_code,                    false, -",
        "UNAVAILABLE,        529, overloaded_error,      some_code,                    -,     3",
        "UPSTREAM,           502, api_error,             some_code,                    -,     -",
        "UPSTREAM_TIMEOUT,   504, timeout_error,         some_code,                    -,     -",
    })
    void anthropic_everyKind(Problem.Kind kind, int status, String type, String code, String retry, String after)
            throws JsonProcessingException {
        ErrorReply reply = dialect("anthropic_messages").error(problem(kind), "req_1");

        assertHead(reply, status, retry, after);
        JsonNode body = json(reply.body());
        assertThat(body.path("type").asText()).isEqualTo("error");
        assertThat(body.path("request_id").asText()).isEqualTo("req_1");
        assertThat(body.at("/error/type").asText()).isEqualTo(type);
        assertThat(body.at("/error/message").asText()).isEqualTo("what, which value, which limit");
        assertThat(body.at("/error/details/error_code").asText()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "POLICY,             403, PERMISSION_DENIED,  false, -",
        "BUDGET,             403, PERMISSION_DENIED,  false, -",
        "RATE_LIMIT,         429, RESOURCE_EXHAUSTED, true,  3",
        "AUTHENTICATION,     401, UNAUTHENTICATED,    false, -",
        "MALFORMED,          400, INVALID_ARGUMENT,   false, -",
        "NOT_FOUND,          404, NOT_FOUND,          false, -",
        "METHOD_NOT_ALLOWED, 405, INVALID_ARGUMENT,   false, -",
        "TIMEOUT,            408, DEADLINE_EXCEEDED,  -,     -",
        "TOO_LARGE,          413, INVALID_ARGUMENT,   false, -",
        "UNSUPPORTED,        415, INVALID_ARGUMENT,   false, -",
        "UNAVAILABLE,        503, UNAVAILABLE,        -,     3",
        "UPSTREAM,           502, UNAVAILABLE,        -,     -",
        "UPSTREAM_TIMEOUT,   504, DEADLINE_EXCEEDED,  -,     -",
    })
    void gemini_everyKind(Problem.Kind kind, int status, String rpcStatus, String retry, String after)
            throws JsonProcessingException {
        ErrorReply reply = dialect("gemini_generate").error(problem(kind), "req_1");

        assertHead(reply, status, retry, after);
        JsonNode error = json(reply.body()).path("error");
        assertThat(error.path("code").asInt()).isEqualTo(status);
        assertThat(error.path("status").asText()).isEqualTo(rpcStatus);
        assertThat(error.at("/details/0/@type").asText()).isEqualTo("type.googleapis.com/google.rpc.ErrorInfo");
        assertThat(error.at("/details/0/reason").asText()).isEqualTo("SOME_CODE");
        assertThat(error.at("/details/1/retryDelay").asText()).isEqualTo(after.equals("-") ? "" : after + "s");
    }

    private static void assertHead(ErrorReply reply, int status, String retry, String after) {
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.headers().get("x-should-retry")).isEqualTo(retry.equals("-") ? null : retry);
        assertThat(reply.headers().get("retry-after")).isEqualTo(after.equals("-") ? null : after);
    }

    @Test
    void retryAfter_isNeverLong() {
        for (String wire : WIRES) {
            Headers soon = rateLimited(wire, Duration.ofSeconds(60)).headers();
            Headers late = rateLimited(wire, Duration.ofSeconds(61)).headers();

            assertThat(soon.get("retry-after")).isEqualTo("60");
            assertThat(soon.get("x-should-retry")).isEqualTo("true");
            assertThat(late.get("retry-after")).isNull();
            assertThat(late.get("x-should-retry")).isEqualTo("false");
        }
    }

    private ErrorReply rateLimited(String wire, Duration pause) {
        return dialect(wire).error(Problem.of(Problem.Kind.RATE_LIMIT, "x", "y").withRetryAfter(pause), "r");
    }

    @ParameterizedTest
    @CsvSource({
        "secret_found, content_policy_violation",
        "personal_data_found, content_policy_violation",
        "injection_found, content_policy_violation",
        "unreadable_content, content_policy_violation",
        "model_not_priced, policy_denied",
        "provider_not_configured, policy_denied",
        "model_not_allowed, policy_denied",
        "approval_denied, policy_denied"
    })
    void policyCode_ofOpenAi_saysWhetherItWasTheContent(String code, String onTheWire) throws JsonProcessingException {
        ErrorReply reply = dialect("openai_chat").error(Problem.of(Problem.Kind.POLICY, code, "m"), "r");

        assertThat(json(reply.body()).at("/error/code").asText()).isEqualTo(onTheWire);
    }

    @ParameterizedTest
    @EnumSource(Problem.Kind.class)
    void streamEnd_ofEveryWireAndKind_isWholeEventsThatItsOwnMeterTakesForTheEnd(Problem.Kind kind) {
        for (String wire : WIRES) {
            ReplyMeter meter = wires.byId(wire).orElseThrow().meter(Facts.NOTHING);
            EventList events = EventList.of(dialect(wire).streamEnd(problem(kind), "req_1"), meter);

            assertThat(events.rest).isZero();
            assertThat(String.join("", events.data)).contains("what, which value, which limit");
            boolean gemini = wire.equals("gemini_generate");
            if (!gemini || (kind != Problem.Kind.POLICY && kind != Problem.Kind.BUDGET)) {
                assertThat(events.steps).contains(ReplyMeter.Step.LAST);
            } else {
                assertThat(events.data)
                        .singleElement()
                        .asString()
                        .contains("\"finishReason\":\"PROHIBITED_CONTENT\"", "\"finishMessage\":\"");
            }
        }
    }

    @Test
    void streamEnd_ofAChatDenial_saysTheReasonAndThenTheFilter() {
        EventList events = EventList.of(
                dialect("openai_chat").streamEnd(problem(Problem.Kind.POLICY), "req_1"), new ChatMeter(false));

        assertThat(events.data).hasSize(3);
        assertThat(events.data.get(0))
                .contains("\"content\":\"what, which value, which limit\"", "\"finish_reason\":null");
        assertThat(events.data.get(1)).contains("\"finish_reason\":\"content_filter\"");
        assertThat(events.data.get(2)).isEqualTo("[DONE]");
    }

    @Test
    void heartbeat_ofEveryWire_meansNothingToItsMeter() {
        for (String wire : WIRES) {
            ReplyMeter meter = wires.byId(wire).orElseThrow().meter(Facts.NOTHING);
            EventList events = EventList.of(dialect(wire).heartbeat(), meter);

            assertThat(events.rest).isZero();
            assertThat(events.steps).allMatch(step -> step == ReplyMeter.Step.PASS);
            assertThat(events.raw).isEqualTo(1);
        }
        assertThat(new String(dialect("openai_chat").heartbeat(), UTF_8)).startsWith(":");
        assertThat(new String(dialect("anthropic_messages").heartbeat(), UTF_8)).startsWith("event: ping\n");
        assertThat(new String(dialect("gemini_generate").heartbeat(), UTF_8)).startsWith("data: {}");
    }

    @ParameterizedTest
    @CsvSource({
        "openai_chat,        anthropic,           openai_chat",
        "opaque,             anthropic,           anthropic_messages",
        "opaque,             anthropic_messages,  anthropic_messages",
        "opaque,             gemini,              gemini_generate",
        "opaque,             openai,              opaque",
        "opaque,             cohere,              opaque",
    })
    void dialect_ofAnUnknownPath_isTheProviders(String wire, String providerWire, String like) {
        Dialect dialect = wires.dialectFor(wires.byId(wire).orElseThrow(), List.of(providerWire));

        assertThat(dialect.error(problem(Problem.Kind.BUDGET), "r").body())
                .isEqualTo(
                        dialect(like).error(problem(Problem.Kind.BUDGET), "r").body());
    }

    @Test
    void bedrock_error_isOfAClassThatItsSdksKnowAndDoNotTryAgain() throws Exception {
        Dialect dialect = wires.dialectFor(wires.of(Wires.OPAQUE), List.of("bedrock", "openai", "anthropic"));

        ErrorReply denied = dialect.error(problem(Problem.Kind.POLICY), "r");

        assertThat(denied.status()).isEqualTo(403);
        assertThat(denied.headers().get("x-amzn-errortype")).isEqualTo("AccessDeniedException");
        assertThat(denied.headers().get("x-should-retry")).isEqualTo("false");
        assertThat(json(denied.body()).at("/message").asText()).isEqualTo("what, which value, which limit");
        assertThat(dialect.error(problem(Problem.Kind.AUTHENTICATION), "r").status())
                .isEqualTo(401);
        assertThat(dialect.error(problem(Problem.Kind.RATE_LIMIT), "r")
                        .headers()
                        .get("x-amzn-errortype"))
                .isEqualTo("ThrottlingException");
    }

    @Test
    void bedrock_streamEnd_isOneWholeMessageOfTheEventStream() {
        Dialect dialect = wires.dialectFor(wires.of(Wires.OPAQUE), List.of("bedrock"));

        byte[] end = dialect.streamEnd(problem(Problem.Kind.RATE_LIMIT), "r");

        AwsMessages.Message message = AwsMessages.read(end);
        assertThat(message.payload()).isEqualTo("{\"message\":\"what, which value, which limit\"}");
        assertThat(message.headers())
                .containsEntry(":exception-type", "throttlingException")
                .containsEntry(":message-type", "exception");
    }
}
