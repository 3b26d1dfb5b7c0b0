package dev.tollgate.http;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.ScriptedProvider;
import java.util.List;

/** Replies of each wire in which the model says something, then calls one or two tools. */
final class ToolScripts {
    static final String DELETE = "{\"command\":\"rm -rf build\"}";
    static final String LOOK = "{\"command\":\"ls\"}";

    private ToolScripts() {}

    /** Has a provider answer so where it is asked by {@link #document(GatewayFixture, Call)} or {@link #stream(GatewayFixture, Call)}. */
    static void play(ScriptedProvider provider) {
        for (Call call : Call.values()) {
            provider.on(name(call, false), turn -> turn.json(200, document(call)));
            provider.on(name(call, true), turn -> {
                turn.streamHead();
                for (List<String> events : stream(call)) {
                    for (String event : events) {
                        turn.chunk(event);
                    }
                }
                turn.send("0\r\n\r\n");
            });
        }
    }

    /** The name by which a call says in {@code x-script} what it wants. */
    static String name(Call call, boolean streams) {
        return (streams ? "stream-" : "document-") + call;
    }

    static Answer document(GatewayFixture gateway, Call call) throws Exception {
        return gateway.post(call.path, call.body("hello"), "x-script", name(call, false));
    }

    static Answer stream(GatewayFixture gateway, Call call) throws Exception {
        return gateway.post(call.streamingPath(), call.streaming("hello"), "x-script", name(call, true));
    }

    /** The head and body of a call for the stream, for a client that may leave before its answer. */
    static String request(GatewayFixture gateway, Call call) {
        String body = call.streaming("hello");
        return "POST " + call.streamingPath() + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + gateway.gateway.key
                + "\r\ncontent-type: application/json\r\nx-script: " + name(call, true) + "\r\ncontent-length: "
                + body.length() + "\r\n\r\n" + body;
    }

    /** The whole stream as the provider sends it. */
    static String whole(Call call) {
        return String.join("", stream(call).stream().flatMap(List::stream).toList());
    }

    /** The call as a wire writes it, escaped where it stands in a string. */
    static String document(Call call) {
        return switch (call) {
            case OPENAI_CHAT ->
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"On it\","
                        + "\"tool_calls\":[" + chatCall(0, "t1", DELETE) + "," + chatCall(1, "t2", LOOK)
                        + "]},\"finish_reason\":\"tool_calls\"}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15}}";
            case OPENAI_RESPONSES -> responses("completed", DELETE, LOOK);
            case ANTHROPIC ->
                "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\",\"content\":[{\"type\":\"text\",\"text\":\"On it\"},"
                        + "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"bash\",\"input\":" + DELETE + "},"
                        + "{\"type\":\"tool_use\",\"id\":\"t2\",\"name\":\"bash\",\"input\":" + LOOK
                        + "}],\"stop_reason\":\"tool_use\",\"usage\":{\"input_tokens\":10,\"output_tokens\":5}}";
            case GEMINI -> gemini("{\"text\":\"On it\"}," + geminiCall(DELETE) + "," + geminiCall(LOOK), true);
        };
    }

    /** The same as a stream: what comes before the first call, and the rest. */
    static List<List<String>> stream(Call call) {
        return switch (call) {
            case OPENAI_CHAT ->
                List.of(
                        List.of(chunk(
                                "\"delta\":{\"role\":\"assistant\",\"content\":\"On it\"},\"finish_reason\":null")),
                        List.of(
                                chunk(
                                        "\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"t1\",\"type\":\"function\",\"function\":{\"name\":\"bash\",\"arguments\":\"\"}}]},\"finish_reason\":null"),
                                chunk(
                                        "\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"command\\\":\\\"rm -r\"}}]},\"finish_reason\":null"),
                                chunk(
                                        "\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"f build\\\"}\"}}]},\"finish_reason\":null"),
                                chunk(
                                        "\"delta\":{\"tool_calls\":[{\"index\":1,\"id\":\"t2\",\"type\":\"function\",\"function\":{\"name\":\"bash\",\"arguments\":\""
                                                + escaped(LOOK) + "\"}}]},\"finish_reason\":null"),
                                chunk("\"delta\":{},\"finish_reason\":\"tool_calls\""),
                                "data: [DONE]\n\n"));
            case OPENAI_RESPONSES ->
                List.of(
                        List.of(
                                event(
                                        "response.created",
                                        "\"sequence_number\":0,\"response\":" + responses("in_progress")),
                                event(
                                        "response.output_text.delta",
                                        "\"sequence_number\":1,\"item_id\":\"m\",\"output_index\":0,\"content_index\":0,\"delta\":\"On it\"")),
                        List.of(
                                event(
                                        "response.output_item.added",
                                        "\"sequence_number\":2,\"output_index\":1,\"item\":" + item("t1", "")),
                                event(
                                        "response.function_call_arguments.delta",
                                        "\"sequence_number\":3,\"output_index\":1,\"item_id\":\"t1\",\"delta\":\""
                                                + escaped(DELETE) + "\""),
                                event(
                                        "response.function_call_arguments.done",
                                        "\"sequence_number\":4,\"output_index\":1,\"item_id\":\"t1\",\"arguments\":\""
                                                + escaped(DELETE) + "\""),
                                event(
                                        "response.output_item.done",
                                        "\"sequence_number\":5,\"output_index\":1,\"item\":" + item("t1", DELETE)),
                                event(
                                        "response.output_item.added",
                                        "\"sequence_number\":6,\"output_index\":2,\"item\":" + item("t2", "")),
                                event(
                                        "response.output_item.done",
                                        "\"sequence_number\":7,\"output_index\":2,\"item\":" + item("t2", LOOK)),
                                event(
                                        "response.completed",
                                        "\"sequence_number\":8,\"response\":" + responses("completed", DELETE, LOOK))));
            case ANTHROPIC ->
                List.of(
                        List.of(
                                event(
                                        "message_start",
                                        "\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\",\"content\":[],\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}"),
                                event(
                                        "content_block_start",
                                        "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"),
                                event(
                                        "content_block_delta",
                                        "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"On it\"}"),
                                event("content_block_stop", "\"index\":0")),
                        List.of(
                                event(
                                        "content_block_start",
                                        "\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"bash\",\"input\":{}}"),
                                event(
                                        "content_block_delta",
                                        "\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"command\\\":\\\"rm -r\"}"),
                                event(
                                        "content_block_delta",
                                        "\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"f build\\\"}\"}"),
                                event("content_block_stop", "\"index\":1"),
                                event(
                                        "content_block_start",
                                        "\"index\":2,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t2\",\"name\":\"bash\",\"input\":{}}"),
                                event(
                                        "content_block_delta",
                                        "\"index\":2,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\""
                                                + escaped(LOOK) + "\"}"),
                                event("content_block_stop", "\"index\":2"),
                                event(
                                        "message_delta",
                                        "\"delta\":{\"stop_reason\":\"tool_use\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":5}"),
                                event("message_stop", "")));
            case GEMINI ->
                List.of(
                        List.of("data: " + gemini("{\"text\":\"On it\"}", false) + "\n\n"),
                        List.of(
                                "data: " + gemini(geminiCall(DELETE), false) + "\n\n",
                                "data: " + gemini(geminiCall(LOOK), true) + "\n\n"));
        };
    }

    private static String chatCall(int index, String id, String arguments) {
        return "{\"index\":" + index + ",\"id\":\"" + id
                + "\",\"type\":\"function\",\"function\":{\"name\":\"bash\",\"arguments\":\"" + escaped(arguments)
                + "\"}}";
    }

    private static String item(String id, String arguments) {
        return "{\"id\":\"" + id + "\",\"type\":\"function_call\",\"call_id\":\"" + id
                + "\",\"name\":\"bash\",\"arguments\":\"" + escaped(arguments) + "\"}";
    }

    private static String responses(String status, String... calls) {
        StringBuilder output = new StringBuilder(
                "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"On it\"}]}");
        for (int i = 0; i < calls.length; i++) {
            output.append(',').append(item("t" + (i + 1), calls[i]));
        }
        return "{\"id\":\"r\",\"object\":\"response\",\"status\":\"" + status
                + "\",\"model\":\"gpt-4o-mini\",\"output\":[" + output
                + "],\"usage\":{\"input_tokens\":10,\"output_tokens\":5,\"total_tokens\":15}}";
    }

    private static String geminiCall(String arguments) {
        return "{\"functionCall\":{\"name\":\"bash\",\"args\":" + arguments + "}}";
    }

    private static String gemini(String parts, boolean isLast) {
        return "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[" + parts + "]},\"index\":0"
                + (isLast ? ",\"finishReason\":\"STOP\"" : "")
                + "}],\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":5,\"totalTokenCount\":15}}";
    }

    private static String chunk(String choice) {
        return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,"
                + choice + "}]}\n\n";
    }

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + (members.isEmpty() ? "" : "," + members)
                + "}\n\n";
    }

    private static String escaped(String json) {
        return json.replace("\"", "\\\"");
    }
}
