package dev.tollgate.provider.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** One API as the sandbox speaks it. */
interface SandboxWire {
    JsonNodeFactory JSON = JsonNodeFactory.instance;
    ObjectMapper MAPPER = new ObjectMapper();
    /** Fixed, so that answers are the same each time. */
    long CREATED = 1_750_000_000L;

    /** The whole answer. */
    JsonNode whole(SandboxCall call);

    /** The answer as server-sent events, each with its blank line. */
    List<String> events(SandboxCall call);

    /** An error of this API's shape. */
    JsonNode error(int status, String message);

    static ObjectNode object() {
        return JSON.objectNode();
    }

    static String event(String name, JsonNode data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }

    static String data(JsonNode data) {
        return "data: " + data + "\n\n";
    }

    /** A text in pieces of a few characters, as models produce it. */
    static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int blank = text.indexOf(' ', start + 1);
            int end = blank < 0 ? text.length() : blank;
            pieces.add(text.substring(start, end));
            start = end;
        }
        return pieces;
    }
}
