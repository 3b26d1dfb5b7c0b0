package dev.tollgate.audit.payload;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A made-up run of a coding agent: each turn sends the whole conversation again with one more tool call and its result, which is source code, a
 * listing or the output of a build. The same seed makes the same run.
 */
public final class AgentSession {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String[] WORDS =
            ("public final class private static return new List Map String int long void if else for"
                            + " while try catch throws import package record interface enum Optional Future stream request response"
                            + " exchange policy budget limit token price journal record chain segment writer reader index session")
                    .split(" ");

    private final SplittableRandom random;
    private final boolean isAnthropic;

    private AgentSession(long seed, boolean isAnthropic) {
        this.random = new SplittableRandom(seed);
        this.isAnthropic = isAnthropic;
    }

    /**
     * The requests of a run.
     *
     * @param turns how many
     * @param lastBytes about how long the last one is
     * @param isAnthropic Anthropic's messages with a moving mark for the prompt cache, tools before the messages; else OpenAI's, tools behind
     */
    public static List<byte[]> requests(long seed, int turns, int lastBytes, boolean isAnthropic) {
        return new AgentSession(seed, isAnthropic).make(turns, lastBytes);
    }

    private List<byte[]> make(int turns, int lastBytes) {
        String tools = tools();
        int room = lastBytes - tools.length() - 8000;
        List<ObjectNode> messages = new ArrayList<>();
        messages.add(message("user", "Please find out why the build fails and mend it. " + prose(700)));
        List<byte[]> requests = new ArrayList<>();
        for (int turn = 1; turn <= turns; turn++) {
            requests.add(request(messages, tools));
            call(messages, turn, Math.max(200, room / turns - 420));
        }
        return requests;
    }

    private byte[] request(List<ObjectNode> messages, String tools) {
        StringBuilder json = new StringBuilder(300_000);
        if (isAnthropic) {
            json.append(
                            "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":32000,\"system\":[{\"type\":\"text\",\"text\":")
                    .append(quoted(instructions()))
                    .append(",\"cache_control\":{\"type\":\"ephemeral\"}}],\"tools\":")
                    .append(tools)
                    .append(",\"messages\":[");
        } else {
            json.append("{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"system\",\"content\":")
                    .append(quoted(instructions()))
                    .append("},");
        }
        for (int i = 0; i < messages.size(); i++) {
            ObjectNode message = messages.get(i);
            if (isAnthropic && i == messages.size() - 1) {
                message = message.deepCopy();
                ((ObjectNode) message.get("content").get(0))
                        .putObject("cache_control")
                        .put("type", "ephemeral");
            }
            json.append(i == 0 ? "" : ",").append(message);
        }
        json.append(isAnthropic ? "],\"stream\":true}" : "],\"stream\":true,\"tools\":" + tools + "}");
        return json.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private void call(List<ObjectNode> messages, int turn, int resultChars) {
        String id = "call_" + turn + "_" + Long.toHexString(random.nextLong());
        String path = "src/main/java/dev/example/" + WORDS[random.nextInt(WORDS.length)] + turn + ".java";
        ObjectNode arguments = MAPPER.createObjectNode().put("path", path).put("offset", random.nextInt(400));
        ObjectNode answer = MAPPER.createObjectNode().put("role", "assistant");
        ObjectNode result = MAPPER.createObjectNode();
        if (isAnthropic) {
            ArrayNode blocks = answer.putArray("content");
            blocks.addObject().put("type", "text").put("text", prose(120));
            ObjectNode use =
                    blocks.addObject().put("type", "tool_use").put("id", id).put("name", "read_file");
            use.set("input", arguments);
            result.put("role", "user")
                    .putArray("content")
                    .addObject()
                    .put("type", "tool_result")
                    .put("tool_use_id", id)
                    .put("content", code(resultChars));
        } else {
            answer.put("content", prose(120));
            ObjectNode call =
                    answer.putArray("tool_calls").addObject().put("id", id).put("type", "function");
            call.putObject("function").put("name", "read_file").put("arguments", arguments.toString());
            result.put("role", "tool").put("tool_call_id", id).put("content", code(resultChars));
        }
        messages.add(answer);
        messages.add(result);
    }

    private ObjectNode message(String role, String text) {
        ObjectNode message = MAPPER.createObjectNode().put("role", role);
        if (isAnthropic) {
            message.putArray("content").addObject().put("type", "text").put("text", text);
        } else {
            message.put("content", text);
        }
        return message;
    }

    private static String instructions() {
        return new AgentSession(7, false).prose(6000);
    }

    private static String tools() {
        AgentSession fixed = new AgentSession(8, false);
        ArrayNode tools = MAPPER.createArrayNode();
        for (String name : List.of("read_file", "write_file", "list_files", "run_command", "search", "apply_patch")) {
            ObjectNode function = tools.addObject()
                    .put("type", "function")
                    .putObject("function")
                    .put("name", name);
            function.put("description", fixed.prose(900));
            function.putObject("parameters")
                    .put("type", "object")
                    .putObject("properties")
                    .putObject("path")
                    .put("type", "string")
                    .put("description", fixed.prose(200));
        }
        return tools.toString();
    }

    private String prose(int chars) {
        StringBuilder text = new StringBuilder();
        while (text.length() < chars) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextInt(9) == 0 ? ". " : " ");
        }
        return text.toString();
    }

    private String code(int chars) {
        StringBuilder text = new StringBuilder();
        for (int line = 1; text.length() < chars; line++) {
            text.append(line).append("\t").append(" ".repeat(4 * random.nextInt(4)));
            for (int i = random.nextInt(9); i >= 0; i--) {
                text.append(WORDS[random.nextInt(WORDS.length)]);
                text.append(random.nextInt(4) == 0 ? Integer.toHexString(random.nextInt()) : "");
                text.append(" .(){};=".charAt(random.nextInt(8)));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String quoted(String text) {
        try {
            return MAPPER.writeValueAsString(text);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
