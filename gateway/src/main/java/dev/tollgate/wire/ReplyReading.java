package dev.tollgate.wire;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Puts together what a reply says from a document, from the events of a stream, or from the elements of Gemini's array. Knows the shapes and not
 * the wire: each has members of its own. Of several choices the first is read. For one reply.
 */
final class ReplyReading {
    private static final JsonMapper MAPPER = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .build();

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final Map<String, Draft> tools = new TreeMap<>();
    private String finish = "";
    private String error = "";
    private boolean understood;

    private static final class Draft {
        private String name = "";
        private final StringBuilder arguments = new StringBuilder();
    }

    Optional<ReplyContent> read(byte[] reply) {
        String all = new String(reply, StandardCharsets.UTF_8).stripLeading();
        if (all.startsWith("{") || all.startsWith("[")) {
            part(all);
        } else {
            all.lines()
                    .filter(line -> line.startsWith("data:") && line.indexOf('{') > 0)
                    .forEach(line -> part(line.substring("data:".length())));
        }
        return understood ? Optional.of(content()) : Optional.empty();
    }

    private ReplyContent content() {
        List<ReplyContent.Tool> called = new ArrayList<>();
        tools.values().forEach(draft -> called.add(new ReplyContent.Tool(draft.name, draft.arguments.toString())));
        return new ReplyContent(text.toString(), reasoning.toString(), called, finish, error);
    }

    private void part(String json) {
        try {
            JsonNode node = MAPPER.readTree(json);
            if (node.isArray()) {
                node.forEach(this::document);
            } else {
                document(node);
            }
        } catch (IOException broken) {
            // A reply that broke off: what came before it counts.
            return;
        }
    }

    private void document(JsonNode node) {
        String type = node.path("type").asText();
        if (node.has("error") && !node.path("error").isNull()) {
            JsonNode said = node.path("error");
            error = said.isTextual() ? said.asText() : said.path("message").asText();
            understood = true;
        } else if (node.has("choices")) {
            understood = true;
            choice(node.path("choices").path(0));
        } else if (node.has("candidates")) {
            understood = true;
            candidate(node.path("candidates").path(0));
        } else if (type.startsWith("response.")) {
            understood = true;
            responseEvent(type, node);
        } else if (node.path("object").asText().equals("response")) {
            understood = true;
            response(node);
        } else if (type.equals("message")) {
            understood = true;
            blocks(node.path("content"));
            ended(node.path("stop_reason"));
        } else {
            messageEvent(type, node);
        }
    }

    private void ended(JsonNode why) {
        if (why.isTextual()) {
            finish = why.asText();
        }
    }

    private Draft tool(String key) {
        return tools.computeIfAbsent(key, any -> new Draft());
    }

    private static String key(JsonNode index, int otherwise) {
        return String.format(java.util.Locale.ROOT, "%06d", index.asInt(otherwise));
    }

    /** OpenAI API reference, "The chat completion object" and "chunk object"; completions have their text beside. */
    private void choice(JsonNode choice) {
        JsonNode message = choice.has("delta") ? choice.path("delta") : choice.path("message");
        say(message.path("content"));
        say(choice.path("text"));
        for (String name : List.of("reasoning_content", "reasoning")) {
            if (message.path(name).isTextual()) {
                reasoning.append(message.path(name).asText());
            }
        }
        int position = 0;
        for (JsonNode call : message.path("tool_calls")) {
            Draft draft = tool(key(call.path("index"), position++));
            JsonNode function = call.path("function");
            draft.name = draft.name.isEmpty() ? function.path("name").asText() : draft.name;
            draft.arguments.append(function.path("arguments").asText());
        }
        ended(choice.path("finish_reason"));
    }

    private void say(JsonNode content) {
        if (content.isTextual()) {
            text.append(content.asText());
        }
        for (JsonNode part : content) {
            text.append(part.path("text").asText());
        }
    }

    /** Gemini API reference, "GenerateContentResponse". */
    private void candidate(JsonNode candidate) {
        for (JsonNode part : candidate.path("content").path("parts")) {
            (part.path("thought").asBoolean() ? reasoning : text)
                    .append(part.path("text").asText());
            JsonNode call = part.has("functionCall") ? part.path("functionCall") : part.path("function_call");
            if (call.isObject()) {
                Draft draft = tool(key(call.path("none"), tools.size()));
                draft.name = call.path("name").asText();
                draft.arguments.append(call.path("args"));
            }
        }
        ended(candidate.path("finishReason"));
    }

    /** OpenAI API reference, "The Response object". Said whole, it stands for all events before it. */
    private void response(JsonNode response) {
        text.setLength(0);
        reasoning.setLength(0);
        tools.clear();
        int position = 0;
        for (JsonNode item : response.path("output")) {
            item(item, position++);
        }
        ended(response.path("status"));
        JsonNode failed = response.path("error").path("message");
        error = failed.isTextual() ? failed.asText() : error;
    }

    private void item(JsonNode item, int position) {
        switch (item.path("type").asText()) {
            case "message" -> say(item.path("content"));
            case "reasoning" ->
                item.path("summary")
                        .forEach(part -> reasoning.append(part.path("text").asText()));
            case "function_call", "custom_tool_call" -> {
                Draft draft = tool(key(item.path("none"), position));
                draft.name = item.path("name").asText();
                draft.arguments.append(
                        item.path("arguments").asText(item.path("input").asText()));
            }
            default -> {
                // Calls of the provider's own tools are no calls of the agent's.
            }
        }
    }

    private void responseEvent(String type, JsonNode event) {
        switch (type) {
            case "response.completed", "response.incomplete", "response.failed" -> response(event.path("response"));
            case "response.output_text.delta" -> text.append(event.path("delta").asText());
            case "response.reasoning_summary_text.delta" ->
                reasoning.append(event.path("delta").asText());
            case "response.output_item.added" -> {
                if (event.path("item").has("name")) {
                    tool(key(event.path("output_index"), 0)).name =
                            event.path("item").path("name").asText();
                }
            }
            case "response.function_call_arguments.delta", "response.custom_tool_call_input.delta" ->
                tool(key(event.path("output_index"), 0))
                        .arguments
                        .append(event.path("delta").asText());
            default -> {
                // Everything else is said again by one of these.
            }
        }
    }

    /** Anthropic API reference, "Streaming messages". */
    private void messageEvent(String type, JsonNode event) {
        switch (type) {
            case "message_start" -> understood = true;
            case "content_block_start" -> block(event.path("content_block"), key(event.path("index"), 0), false);
            case "content_block_delta" -> {
                JsonNode delta = event.path("delta");
                text.append(delta.path("text").asText());
                reasoning.append(delta.path("thinking").asText());
                if (delta.has("partial_json")) {
                    tool(key(event.path("index"), 0))
                            .arguments
                            .append(delta.path("partial_json").asText());
                }
            }
            case "message_delta" -> ended(event.path("delta").path("stop_reason"));
            default -> {
                // message_stop, ping and the ends of blocks say nothing.
            }
        }
    }

    private void blocks(JsonNode blocks) {
        int position = 0;
        for (JsonNode block : blocks) {
            block(block, key(block.path("none"), position++), true);
        }
    }

    private void block(JsonNode block, String key, boolean isWhole) {
        switch (block.path("type").asText()) {
            case "text" -> text.append(block.path("text").asText());
            case "thinking" -> reasoning.append(block.path("thinking").asText());
            case "tool_use" -> {
                Draft draft = tool(key);
                draft.name = block.path("name").asText();
                if (isWhole) {
                    draft.arguments.append(block.path("input"));
                }
            }
            default -> {
                // Results of the provider's own tools.
            }
        }
    }
}
