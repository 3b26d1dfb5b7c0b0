package dev.tollgate.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tollgate.value.Extras;
import dev.tollgate.value.ServiceTier;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a provider did for a model besides generating tokens, from the lists of a reply: tool calls (OpenAI API reference, "The
 * response object"), searches that an answer is grounded in (Gemini API reference, "GroundingMetadata"), pictures. Reads past everything else
 * without keeping it.
 */
final class ToolCalls {
    private static final int MAX_CONTAINERS = 1_000;
    /** Members that hold a picture at OpenAI and xAI, and at Google. */
    private static final Set<String> PICTURE = Set.of("url", "b64_json", "bytesBase64Encoded");

    private final Set<String> containers = new HashSet<>();
    private long searches;
    private long fileSearches;
    private long unnamedSessions;
    private long images;

    Extras extras() {
        return (searches | fileSearches | unnamedSessions | images | containers.size()) == 0
                ? Extras.NONE
                : new Extras(
                        searches,
                        fileSearches,
                        containers.size() + unnamedSessions,
                        images,
                        0,
                        0,
                        0,
                        0,
                        ServiceTier.STANDARD);
    }

    /** Items of a response; the parser stands on the list's begin, and in the end on its end. */
    void output(JsonParser parser) throws IOException {
        for (JsonToken item = parser.nextToken(); isInside(item); item = parser.nextToken()) {
            if (item == JsonToken.START_OBJECT) {
                item(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void item(JsonParser parser) throws IOException {
        String type = "";
        String action = "";
        String container = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.VALUE_STRING && name.equals("type")) {
                type = parser.getText();
            } else if (value == JsonToken.VALUE_STRING && name.equals("container_id")) {
                container = parser.getText();
            } else if (value == JsonToken.START_OBJECT && name.equals("action")) {
                action = typeOf(parser);
            } else {
                parser.skipChildren();
            }
        }
        count(type, action, container);
    }

    private void count(String type, String action, String container) {
        switch (type) {
            // Opening a page that was found, and looking for a text in it, is not billed.
            case "web_search_call" -> searches += action.isEmpty() || action.equals("search") ? 1 : 0;
            case "file_search_call" -> fileSearches++;
            case "code_interpreter_call" -> {
                if (container.isEmpty() || containers.size() >= MAX_CONTAINERS) {
                    unnamedSessions++;
                } else {
                    containers.add(container);
                }
            }
            default -> {}
        }
    }

    private static String typeOf(JsonParser parser) throws IOException {
        String type = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean isType = parser.currentName().equals("type");
            JsonToken value = parser.nextToken();
            if (isType && value == JsonToken.VALUE_STRING) {
                type = parser.getText();
            } else {
                parser.skipChildren();
            }
        }
        return type;
    }

    /** Candidates of a Gemini reply. */
    void candidates(JsonParser parser) throws IOException {
        for (JsonToken item = parser.nextToken(); isInside(item); item = parser.nextToken()) {
            members(parser, item, "groundingMetadata", this::grounding);
        }
    }

    private void grounding(JsonParser parser, JsonToken value) throws IOException {
        members(parser, value, "webSearchQueries", (at, list) -> {
            if (list != JsonToken.START_ARRAY) {
                at.skipChildren();
                return;
            }
            for (JsonToken query = at.nextToken(); isInside(query); query = at.nextToken()) {
                searches += query == JsonToken.VALUE_STRING && !at.getText().isEmpty() ? 1 : 0;
                at.skipChildren();
            }
        });
    }

    /**
     * Pictures of a reply, each an object with its address or its bytes.
     *
     * @param orBytes whether a text alone is a picture too (Bedrock)
     */
    void pictures(JsonParser parser, boolean orBytes) throws IOException {
        for (JsonToken item = parser.nextToken(); isInside(item); item = parser.nextToken()) {
            if (item != JsonToken.START_OBJECT) {
                images += orBytes && item == JsonToken.VALUE_STRING ? 1 : 0;
                parser.skipChildren();
                continue;
            }
            boolean isPicture = false;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                isPicture |= value == JsonToken.VALUE_STRING && PICTURE.contains(name);
                parser.skipChildren();
            }
            images += isPicture ? 1 : 0;
        }
    }

    @FunctionalInterface
    private interface Member {
        void read(JsonParser parser, JsonToken value) throws IOException;
    }

    private static void members(JsonParser parser, JsonToken object, String wanted, Member read) throws IOException {
        if (object != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean isWanted = parser.currentName().equals(wanted);
            JsonToken value = parser.nextToken();
            if (isWanted) {
                read.read(parser, value);
            } else {
                parser.skipChildren();
            }
        }
    }

    // A document that breaks off ends its lists too.
    private static boolean isInside(@Nullable JsonToken token) {
        return token != null && token != JsonToken.END_ARRAY;
    }
}
