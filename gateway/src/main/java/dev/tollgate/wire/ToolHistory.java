package dev.tollgate.wire;

import dev.tollgate.exchange.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls of tools that a conversation shows, the last ones first: clients send the whole history with each turn, on every wire. A message
 * of a person ends the look back.
 */
public final class ToolHistory {
    private enum Speaker {
        MODEL,
        TOOL,
        PERSON,
        OTHER
    }

    /**
     * A tool called with the same arguments.
     *
     * @param tool its name
     * @param times how often, the last time included
     */
    public record Repeats(String tool, int times) {
        public static final Repeats NONE = new Repeats("", 0);
    }

    /** A call: its tool, and where its arguments stand. */
    private record Made(String tool, Json arguments) {}

    private final byte[] body;
    private final int most;
    private final int times;
    private final List<Made> calls = new ArrayList<>();
    /** How many of the calls belong to the model's last turn. */
    private int latest;

    private ToolHistory(byte[] body, int most, int times) {
        this.body = body;
        this.most = most;
        this.times = times;
    }

    /**
     * The call of the model's last turn that was made most often, if this turn brings its result.
     *
     * @param among how many calls are looked at
     * @param times how many are too few to matter: the look back ends where there cannot be more
     */
    public static Repeats repeats(Json.Obj request, byte[] body, int among, int times) {
        List<Json> items = items(request);
        if (items.isEmpty()) {
            return Repeats.NONE;
        }
        ToolHistory history = new ToolHistory(body, among, times);
        history.lookBack(items);
        return history.mostRepeated();
    }

    private static List<Json> items(Json.Obj request) {
        List<Json> messages = request.elements("messages");
        List<Json> input = messages.isEmpty() ? request.elements("input") : messages;
        return input.isEmpty() ? request.elements("contents") : input;
    }

    private void lookBack(List<Json> items) {
        boolean isLatest = true;
        boolean hasResult = false;
        for (int i = items.size() - 1; i >= 0 && calls.size() < most; i--) {
            if (!(items.get(i) instanceof Json.Obj item)) {
                return;
            }
            switch (speaker(item)) {
                case PERSON -> {
                    return;
                }
                case TOOL -> {
                    hasResult = true;
                    isLatest &= calls.isEmpty();
                }
                case MODEL -> {
                    if (!hasResult) {
                        return;
                    }
                    take(item);
                    latest = isLatest ? calls.size() : latest;
                    if (!isLatest && mostRepeated().times() + most - calls.size() <= times) {
                        return;
                    }
                }
                case OTHER -> {}
            }
        }
    }

    private static Speaker speaker(Json.Obj item) {
        String type = item.string("type");
        if (type != null && !type.equals("message")) {
            return type.endsWith("_output") ? Speaker.TOOL : isCall(type) ? Speaker.MODEL : Speaker.OTHER;
        }
        String role = item.string("role");
        return switch (role == null ? "" : role) {
            case "assistant", "model" -> Speaker.MODEL;
            case "tool", "function" -> Speaker.TOOL;
            case "user", "" -> bringsResult(item) ? Speaker.TOOL : Speaker.PERSON;
            default -> Speaker.OTHER;
        };
    }

    private static boolean isCall(String type) {
        return type.equals("function_call") || type.equals("custom_tool_call") || type.equals("local_shell_call");
    }

    /** Anthropic's, Bedrock's and Gemini's results stand in messages of the user. */
    private static boolean bringsResult(Json.Obj item) {
        for (Json part : parts(item)) {
            if (part instanceof Json.Obj object
                    && ("tool_result".equals(object.string("type"))
                            || object.get("toolResult") != null
                            || object.get("functionResponse") != null)) {
                return true;
            }
        }
        return false;
    }

    private static List<Json> parts(Json.Obj item) {
        List<Json> content = item.elements("content");
        return content.isEmpty() ? item.elements("parts") : content;
    }

    private void take(Json.Obj item) {
        String type = item.string("type");
        if (type != null && isCall(type)) {
            add(item.string("name"), first(item, "arguments", "input", "action"));
            return;
        }
        for (Json call : item.elements("tool_calls")) {
            Json.Obj function = call instanceof Json.Obj object ? object.object("function") : null;
            if (function != null) {
                add(function.string("name"), function.get("arguments"));
            }
        }
        for (Json part : parts(item)) {
            if (part instanceof Json.Obj object) {
                takePart(object);
            }
        }
    }

    private void takePart(Json.Obj part) {
        if ("tool_use".equals(part.string("type"))) {
            add(part.string("name"), part.get("input"));
            return;
        }
        Json.Obj gemini = part.object("functionCall");
        Json.Obj call = gemini == null ? part.object("toolUse") : gemini;
        if (call != null) {
            add(call.string("name"), first(call, "args", "input"));
        }
    }

    private static @Nullable Json first(Json.Obj object, String... names) {
        for (String name : names) {
            Json value = object.get(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private void add(@Nullable String tool, @Nullable Json arguments) {
        if (arguments != null && calls.size() < most) {
            calls.add(new Made(tool == null ? "" : tool, arguments));
        }
    }

    private Repeats mostRepeated() {
        Repeats found = Repeats.NONE;
        for (int i = 0; i < latest; i++) {
            int same = 0;
            for (Made other : calls) {
                same += isSame(calls.get(i), other) ? 1 : 0;
            }
            if (same > found.times()) {
                found = new Repeats(calls.get(i).tool(), same);
            }
        }
        return found;
    }

    private boolean isSame(Made one, Made other) {
        Json a = one.arguments();
        Json b = other.arguments();
        return one.tool().equals(other.tool()) && Arrays.equals(body, a.start(), a.end(), body, b.start(), b.end());
    }
}
