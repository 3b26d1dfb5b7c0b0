package dev.tollgate;

import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.ScriptedProvider.Turn;
import java.io.IOException;
import java.util.List;

/** A short stream of each wire: ten tokens in, five out. */
public final class StreamScripts {
    private StreamScripts() {}

    /** The events before the one that ends the answer. */
    public static List<String> opening(Call call) {
        return switch (call) {
            case OPENAI_CHAT ->
                List.of(
                        chat("\"delta\":{\"role\":\"assistant\",\"content\":\"fi\"}"),
                        chat("\"delta\":{\"content\":\"ne\"}"));
            case OPENAI_RESPONSES ->
                List.of(
                        named("response.created", "\"response\":{\"id\":\"r\",\"status\":\"in_progress\"}"),
                        named("response.output_text.delta", "\"item_id\":\"m\",\"delta\":\"fine\""));
            case ANTHROPIC ->
                List.of(
                        named(
                                "message_start",
                                "\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\","
                                        + "\"content\":[],\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}"),
                        named("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"),
                        named(
                                "content_block_delta",
                                "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"fine\"}"));
            case GEMINI -> List.of(gemini("fi", ""), gemini("ne", ""));
        };
    }

    /** The events that end the answer, its usage among them. */
    public static List<String> ending(Call call) {
        return switch (call) {
            case OPENAI_CHAT ->
                List.of(
                        chat("\"delta\":{},\"finish_reason\":\"stop\""),
                        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-mini\",\"choices\":[],"
                                + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15}}\n\n",
                        "data: [DONE]\n\n");
            case OPENAI_RESPONSES ->
                List.of(
                        named(
                                "response.completed",
                                "\"response\":{\"id\":\"r\",\"status\":\"completed\",\"usage\":{\"input_tokens\":10,\"output_tokens\":5,\"total_tokens\":15}}"));
            case ANTHROPIC ->
                List.of(
                        named("content_block_stop", "\"index\":0"),
                        named(
                                "message_delta",
                                "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":5}"),
                        named("message_stop", ""));
            case GEMINI ->
                List.of(
                        gemini(
                                "",
                                ",\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":5,\"totalTokenCount\":15}"));
        };
    }

    /** Sends the whole stream and its end. */
    public static void play(Turn turn, Call call) throws IOException {
        turn.streamHead();
        send(turn, opening(call));
        finish(turn, call);
    }

    public static void send(Turn turn, List<String> events) throws IOException {
        for (String event : events) {
            turn.chunk(event);
        }
    }

    public static void finish(Turn turn, Call call) throws IOException {
        send(turn, ending(call));
        turn.send("0\r\n\r\n");
    }

    private static String chat(String choice) {
        return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,"
                + choice + "}]}\n\n";
    }

    private static String named(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + (members.isEmpty() ? "" : "," + members)
                + "}\n\n";
    }

    private static String gemini(String text, String end) {
        String closing = end.isEmpty() ? "}]" : end;
        return "data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"" + text + "\"}]}"
                + closing + "}\r\n\r\n";
    }
}
