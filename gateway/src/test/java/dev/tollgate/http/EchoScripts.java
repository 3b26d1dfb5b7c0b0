package dev.tollgate.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollgate.GatewayFixture.Call;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Replies of each wire that say again what the request said, in a text, in reasoning or in the arguments of a tool. */
final class EchoScripts {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Where the reply says it. */
    enum Where {
        TEXT,
        REASONING,
        ARGUMENTS
    }

    private EchoScripts() {}

    static String quoted(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (com.fasterxml.jackson.core.JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static JsonNode read(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (com.fasterxml.jackson.core.JsonProcessingException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    /** What the user said in a request, as the provider got it. */
    static String said(Call call, String request) {
        JsonNode body = read(request);
        return switch (call) {
            case OPENAI_CHAT, ANTHROPIC -> body.at("/messages/0/content").asText();
            case OPENAI_RESPONSES -> body.path("input").asText();
            case GEMINI -> body.at("/contents/0/parts/0/text").asText();
        };
    }

    /** Arguments of a tool that say it. */
    static String arguments(String said) {
        ObjectNode arguments = MAPPER.createObjectNode();
        arguments.put("path", "notes.txt").put("text", said);
        return quoted(arguments);
    }

    static String document(Call call, Where where, String said) {
        String text = quoted(where == Where.TEXT ? said : "ok");
        String thought = quoted(where == Where.REASONING ? said : "hm");
        String arguments = arguments(where == Where.ARGUMENTS ? said : "none");
        return switch (call) {
            case OPENAI_CHAT ->
                "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
                        + text
                        + ",\"reasoning_content\":" + thought
                        + ",\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"write\",\"arguments\":"
                        + quoted(arguments) + "}}]},\"finish_reason\":\"tool_calls\"}]}";
            case OPENAI_RESPONSES -> responses(text, thought, quoted(arguments));
            case ANTHROPIC ->
                "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":"
                        + thought
                        + ",\"signature\":\"s\"},{\"type\":\"text\",\"text\":" + text
                        + "},{\"type\":\"tool_use\",\"id\":\"c\",\"name\":\"write\",\"input\":" + arguments
                        + "}],\"stop_reason\":\"tool_use\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}";
            case GEMINI ->
                "{\"candidates\":[{\"index\":0,\"content\":{\"role\":\"model\",\"parts\":[{\"thought\":true,\"text\":"
                        + thought
                        + "},{\"text\":" + text + "},{\"functionCall\":{\"name\":\"write\",\"args\":" + arguments
                        + "}}]},\"finishReason\":\"STOP\"}]}";
        };
    }

    private static String responses(String text, String thought, String arguments) {
        return "{\"object\":\"response\",\"status\":\"completed\",\"output\":[{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":"
                + thought + "}]},{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":" + text
                + "}]},{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"write\",\"arguments\":" + arguments
                + "}],\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}";
    }

    /** The events of a stream, cut anywhere. */
    static List<String> stream(Call call, Where where, String said, Random random) {
        String text = where == Where.TEXT ? said : "ok";
        String thought = where == Where.REASONING ? said : "hm";
        String arguments = arguments(where == Where.ARGUMENTS ? said : "none");
        List<String> events = new ArrayList<>();
        switch (call) {
            case OPENAI_CHAT -> {
                add(events, thought, random, piece -> chat("{\"reasoning_content\":" + piece + "}"));
                add(events, text, random, piece -> chat("{\"content\":" + piece + "}"));
                events.add(
                        chat(
                                "{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"write\",\"arguments\":\"\"}}]}"));
                add(
                        events,
                        arguments,
                        random,
                        piece -> chat("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":" + piece + "}}]}"));
                events.add("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n");
                events.add("data: [DONE]\n\n");
            }
            case OPENAI_RESPONSES -> {
                add(
                        events,
                        thought,
                        random,
                        piece -> event(
                                "response.reasoning_summary_text.delta",
                                "\"output_index\":0,\"summary_index\":0,\"delta\":" + piece));
                add(
                        events,
                        text,
                        random,
                        piece -> event(
                                "response.output_text.delta",
                                "\"output_index\":1,\"content_index\":0,\"delta\":" + piece));
                events.add(event(
                        "response.output_text.done",
                        "\"output_index\":1,\"content_index\":0,\"text\":" + quoted(text)));
                events.add(
                        event(
                                "response.output_item.added",
                                "\"output_index\":2,\"item\":{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"write\",\"arguments\":\"\"}"));
                add(
                        events,
                        arguments,
                        random,
                        piece -> event(
                                "response.function_call_arguments.delta", "\"output_index\":2,\"delta\":" + piece));
                events.add(event(
                        "response.function_call_arguments.done",
                        "\"output_index\":2,\"arguments\":" + quoted(arguments)));
                events.add(event(
                        "response.output_item.done",
                        "\"output_index\":2,\"item\":{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"write\",\"arguments\":"
                                + quoted(arguments) + "}"));
                events.add(event(
                        "response.completed",
                        "\"response\":" + responses(quoted(text), quoted(thought), quoted(arguments))));
            }
            case ANTHROPIC -> {
                events.add(
                        event(
                                "message_start",
                                "\"message\":{\"type\":\"message\",\"role\":\"assistant\",\"content\":[],\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}"));
                block(
                        events,
                        0,
                        "{\"type\":\"thinking\",\"thinking\":\"\"}",
                        "thinking_delta\",\"thinking",
                        thought,
                        random);
                block(events, 1, "{\"type\":\"text\",\"text\":\"\"}", "text_delta\",\"text", text, random);
                block(
                        events,
                        2,
                        "{\"type\":\"tool_use\",\"id\":\"c\",\"name\":\"write\",\"input\":{}}",
                        "input_json_delta\",\"partial_json",
                        arguments,
                        random);
                events.add(event(
                        "message_delta", "\"delta\":{\"stop_reason\":\"tool_use\"},\"usage\":{\"output_tokens\":3}"));
                events.add(event("message_stop", "\"n\":0"));
            }
            case GEMINI -> {
                add(events, thought, random, piece -> gemini("{\"thought\":true,\"text\":" + piece + "}", ""));
                add(events, text, random, piece -> gemini("{\"text\":" + piece + "}", ""));
                events.add(gemini(
                        "{\"functionCall\":{\"name\":\"write\",\"args\":" + arguments + "}}",
                        ",\"finishReason\":\"STOP\""));
            }
        }
        return events;
    }

    private static void block(List<String> events, int index, String start, String delta, String said, Random random) {
        events.add(event("content_block_start", "\"index\":" + index + ",\"content_block\":" + start));
        add(
                events,
                said,
                random,
                piece -> event(
                        "content_block_delta",
                        "\"index\":" + index + ",\"delta\":{\"type\":\"" + delta + "\":" + piece + "}"));
        events.add(event("content_block_stop", "\"index\":" + index));
    }

    private static void add(List<String> events, String said, Random random, Function<String, String> event) {
        int at = 0;
        while (at < said.length()) {
            int end = Math.min(said.length(), at + 1 + random.nextInt(30));
            end += end < said.length() && Character.isHighSurrogate(said.charAt(end - 1)) ? 1 : 0;
            events.add(event.apply(quoted(said.substring(at, end))));
            at = end;
        }
    }

    private static String chat(String delta) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":" + delta + "}]}\n\n";
    }

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
    }

    private static String gemini(String part, String more) {
        return "data: {\"candidates\":[{\"index\":0,\"content\":{\"role\":\"model\",\"parts\":[" + part + "]}" + more
                + "}]}\n\n";
    }
}
