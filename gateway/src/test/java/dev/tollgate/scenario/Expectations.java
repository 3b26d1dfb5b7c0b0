package dev.tollgate.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.ScriptedProvider;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.scenario.ProviderScript.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is expected of one request, checked against what client, provider and record saw. */
final class Expectations {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FIRST_ERROR = 400;

    private final WireTemplates wires;
    private final String wire;
    private final boolean streams;
    private final JsonNode then;

    Expectations(WireTemplates wires, String wire, boolean streams, JsonNode then) {
        this.wires = wires;
        this.wire = wire;
        this.streams = streams;
        this.then = then;
    }

    void check(Answer answer, List<Seen> seen, @Nullable Received received, @Nullable Ended ended) {
        assertThat(answer.whole()).as("the answer came to its end").isTrue();
        if (then.has("denied")) {
            checkDenial(answer, then.get("denied").asText(), ended);
        } else {
            assertThat(answer.status())
                    .as("status of %s", answer.body())
                    .isEqualTo(then.path("status").asInt(200));
        }
        checkAnswer(answer);
        checkProvider(answer, seen);
        if (then.path("record").asText().equals("none")) {
            assertThat(received).as("no record").isNull();
            return;
        }
        assertThat(received).as("a record of %s", answer.body()).isNotNull();
        assertThat(answer.header("x-tollgate-exchange-id"))
                .isEqualTo(received.exchange().value());
        JsonNode record = Recorded.record(received, ended);
        Expected.assertHolds("record", object(then.path("record")), record);
        Expected.assertHolds("decisions", decisions(then.path("decisions")), Recorded.decisions(received));
    }

    private void checkDenial(Answer answer, String code, @Nullable Ended ended) {
        JsonNode denial = wires.denial(wire, code);
        assertThat(answer.status())
                .as("status of %s", answer.body())
                .isEqualTo(denial.path("status").asInt());
        checkHeaders(answer, denial.path("headers"));
        Expected.assertHolds("body", denial.path("json"), json(answer.body()));
        if (ended != null) {
            assertThat(ended.code()).as("code on the record").isEqualTo(code);
            assertThat(ended.result()).as("result on the record").isEqualTo("denied");
        }
    }

    private void checkAnswer(Answer answer) {
        checkHeaders(answer, then.path("headers"));
        if (then.has("answer") && streams) {
            assertEvents(answer, wires.streamedAnswer(wire, then.get("answer")));
        } else if (then.has("answer")) {
            Expected.assertHolds("body", wires.answer(wire, then.get("answer")), json(answer.body()));
        }
        if (then.has("json")) {
            Expected.assertHolds("body", then.get("json"), json(answer.body()));
        }
        if (then.has("events")) {
            assertEvents(answer, then.get("events"));
        }
        then.path("has").forEach(text -> assertThat(answer.body()).contains(text.asText()));
        then.path("lacks").forEach(text -> assertThat(answer.body()).doesNotContain(text.asText()));
    }

    private static void checkHeaders(Answer answer, JsonNode expected) {
        for (Map.Entry<String, JsonNode> header : expected.properties()) {
            List<String> values = answer.headers().getOrDefault(header.getKey(), List.of());
            JsonNode value = values.isEmpty() ? MissingNode.getInstance() : TextNode.valueOf(values.getFirst());
            Expected.assertHolds("header " + header.getKey(), header.getValue(), value);
        }
    }

    private static void assertEvents(Answer answer, JsonNode expected) {
        List<JsonNode> events = new ArrayList<>();
        for (String block : answer.body().split("\n\n", -1)) {
            ObjectNode event = JSON.createObjectNode();
            block.lines().forEach(line -> {
                if (line.startsWith("event:")) {
                    event.put("event", line.substring("event:".length()).strip());
                } else if (line.startsWith("data:")) {
                    String data = line.substring("data:".length()).strip();
                    event.set("data", data.startsWith("{") ? json(data) : TextNode.valueOf(data));
                }
            });
            events.add(event);
        }
        assertThat(Expected.holdInOrder(expected, events))
                .as("events like %s in\n%s", expected, answer.body())
                .isTrue();
    }

    /** Said or not: what was answered well was asked of a provider once, and what was refused of none. */
    private void checkProvider(Answer answer, List<Seen> seen) {
        JsonNode expected = then.path("provider");
        int calls =
                expected.isTextual() ? 0 : expected.isArray() ? expected.size() : answer.status() < FIRST_ERROR ? 1 : 0;
        int wanted = expected.isObject() ? 1 : calls;
        assertThat(seen).as("calls of a provider").hasSize(wanted);
        for (int i = 0; i < wanted; i++) {
            checkSeen(seen.get(i), expected.isArray() ? expected.get(i) : expected);
        }
    }

    private static void checkSeen(Seen seen, JsonNode expected) {
        String target = seen.head().substring(0, Math.max(0, seen.head().indexOf("\r\n")));
        if (expected.has("path")) {
            assertThat(target)
                    .as("what the provider was asked")
                    .contains(" " + expected.get("path").asText() + " ");
        }
        if (expected.has("json")) {
            Expected.assertHolds("what the provider saw", expected.get("json"), json(seen.body()));
        }
        expected.path("headers").properties().forEach(header -> {
            String value = ScriptedProvider.field(seen.head(), header.getKey());
            JsonNode actual = value.isEmpty() ? MissingNode.getInstance() : TextNode.valueOf(value);
            Expected.assertHolds("header " + header.getKey() + " at the provider", header.getValue(), actual);
        });
        String all = seen.head() + seen.body();
        expected.path("has")
                .forEach(text -> assertThat(all).as("what the provider saw").contains(text.asText()));
        expected.path("lacks")
                .forEach(text -> assertThat(all).as("what the provider saw").doesNotContain(text.asText()));
        assertThat(seen.head()).as("a gateway key at the provider").doesNotContain("tg_");
    }

    /** {@code scan: deny} stands for {@code scan: {result: deny}}. */
    private static JsonNode decisions(JsonNode said) {
        ObjectNode decisions = JSON.createObjectNode();
        said.properties().forEach(stage -> {
            JsonNode expected = stage.getValue();
            decisions.set(
                    stage.getKey(),
                    expected.isTextual() ? JSON.createObjectNode().put("result", expected.asText()) : expected);
        });
        return decisions;
    }

    private static JsonNode object(JsonNode said) {
        return said.isObject() ? said : JSON.createObjectNode();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException malformed) {
            throw new AssertionError("not JSON: " + text, malformed);
        }
    }
}
