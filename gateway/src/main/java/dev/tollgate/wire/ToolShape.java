package dev.tollgate.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where one family of wires has the calls of tools in its replies, and how a reply goes without some. One per reply. */
abstract class ToolShape {
    /** An event of a stream: its name, where it has one, and its data. */
    record Event(@Nullable String name, ObjectNode data) {}

    /** A call as it is put together. */
    static final class Draft {
        final StringBuilder tool = new StringBuilder();
        final StringBuilder arguments = new StringBuilder();
    }

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final Map<String, Draft> drafts = new LinkedHashMap<>();
    private final Set<String> told = new HashSet<>();
    private final Set<String> done = new HashSet<>();
    private Map<String, String> edited = Map.of();

    final Draft draft(String place) {
        return drafts.computeIfAbsent(place, any -> new Draft());
    }

    /** The calls read so far. */
    final List<CalledTool> calls() {
        List<CalledTool> calls = new ArrayList<>();
        drafts.forEach(
                (place, draft) -> calls.add(new CalledTool(place, draft.tool.toString(), draft.arguments.toString())));
        return calls;
    }

    /**
     * Reads the calls in an event, or in a whole document.
     *
     * @param number which event it is
     */
    abstract void read(ObjectNode data, int number);

    /**
     * An event without some calls.
     *
     * @param number which event it is
     * @param instead what stands in the place of each call that is taken out, by its place
     * @return the events in its place; itself where nothing of it changes
     */
    abstract List<Event> without(Event event, int number, Map<String, String> instead);

    /** Says which arguments stand in the place of those that calls have, by the place of the call. */
    final void change(Map<String, String> arguments) {
        edited = Map.copyOf(arguments);
        told.clear();
        done.clear();
    }

    /**
     * Writes changed arguments into an event, or a whole document. The first piece of them has all, the further ones nothing.
     *
     * @param number which event it is
     */
    abstract void edit(ObjectNode data, int number);

    /** Whether the arguments of a call stand in a place of their own. */
    boolean canEdit(String place) {
        return drafts.containsKey(place);
    }

    final boolean isEdited(String place) {
        return edited.containsKey(place);
    }

    /** Whether all that was to be changed has been: else what nobody has approved would pass. */
    final boolean isAllChanged() {
        return done.containsAll(edited.keySet());
    }

    /** Arguments that stand whole in one place. */
    final String whole(String place) {
        done.add(place);
        return edited.getOrDefault(place, "");
    }

    /** The same as an object. */
    final JsonNode tree(String place) {
        try {
            return MAPPER.readTree(whole(place));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("what is no object is not put in a call", impossible);
        }
    }

    /** Arguments that come in pieces: all of them at first, then nothing. */
    final String piece(String place) {
        return told.add(place) ? whole(place) : "";
    }

    static @Nullable ArrayNode array(JsonNode parent, String name) {
        return parent.get(name) instanceof ArrayNode array ? array : null;
    }

    static @Nullable ObjectNode object(JsonNode parent, String name) {
        return parent.get(name) instanceof ObjectNode object ? object : null;
    }

    /** The shape of a document or event; null where it is of none that has calls. */
    static @Nullable ToolShape of(ObjectNode data) {
        String type = data.path("type").asText();
        if (data.has("choices")) {
            return new ChatToolShape();
        }
        if (data.has("candidates")) {
            return new GeminiToolShape();
        }
        if (type.startsWith("response.") || data.path("object").asText().equals("response")) {
            return new ResponsesToolShape();
        }
        boolean isAnthropic = type.equals("message") || type.startsWith("message_") || type.startsWith("content_block");
        return isAnthropic ? new AnthropicToolShape() : null;
    }
}
