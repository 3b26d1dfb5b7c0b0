package dev.tollgate.budget;

import dev.tollgate.exchange.Json;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a provider may add input of its own to a call: stored conversations and prompts, cached contents, tools that it runs itself and
 * whose results the model reads. Such input is billed and cannot be counted beforehand. Names are those of the OpenAI, Anthropic, Gemini
 * and OpenRouter API references.
 */
final class HiddenInput {
    private static final List<String> STORED = List.of(
            "previous_response_id",
            "conversation",
            "prompt",
            "cachedContent",
            "cached_content",
            "container",
            "mcp_servers",
            "plugins",
            "web_search_options",
            "search_parameters");

    private static final Set<String> CLIENT_TOOLS = Set.of("function", "custom");
    /** Gemini and Bedrock put all functions of the client into one entry. */
    private static final List<String> CLIENT_TOOL_LISTS =
            List.of("functionDeclarations", "function_declarations", "toolSpec");

    private static final List<String> SHAPED_OUTPUT =
            List.of("tools", "functions", "toolConfig", "response_format", "output_format", "output_config", "text");

    private HiddenInput() {}

    static boolean isPossible(Json.@Nullable Obj body) {
        if (body == null) {
            return false;
        }
        for (String name : STORED) {
            // A string prompt is the text of a completion; an object names a stored one.
            Json member = body.get(name);
            if (member != null && !(member instanceof Json.Null) && !isText(name, member)) {
                return true;
            }
        }
        for (Json tool : body.elements("tools")) {
            if (runsAtProvider(tool)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the call has tools or a schema for its output, for which providers add instructions of their own. */
    static boolean hasTools(Json.@Nullable Obj body) {
        if (body == null) {
            return false;
        }
        for (String name : SHAPED_OUTPUT) {
            if (body.get(name) != null) {
                return true;
            }
        }
        return false;
    }

    private static boolean isText(String name, Json member) {
        return "prompt".equals(name) && (member instanceof Json.Str || member instanceof Json.Arr);
    }

    private static boolean runsAtProvider(Json tool) {
        if (!(tool instanceof Json.Obj definition)) {
            return true;
        }
        if (CLIENT_TOOL_LISTS.stream().anyMatch(name -> definition.get(name) != null)) {
            return false;
        }
        String type = definition.string("type");
        return type == null ? definition.get("name") == null : !CLIENT_TOOLS.contains(type);
    }
}
