package dev.tollgate.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;

/** Trees with {@code ${name}} in them. */
final class Template {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Template() {}

    /** The tree with every name replaced: a text that is nothing but a name becomes its value, whatever that is. */
    static JsonNode filled(JsonNode template, Map<String, JsonNode> values) {
        if (template instanceof ObjectNode object) {
            ObjectNode filled = NODES.objectNode();
            object.properties()
                    .forEach(member -> filled.set(text(member.getKey(), values), filled(member.getValue(), values)));
            return filled;
        }
        if (template instanceof ArrayNode array) {
            ArrayNode filled = NODES.arrayNode();
            array.forEach(item -> filled.add(filled(item, values)));
            return filled;
        }
        if (!template.isTextual()) {
            return template;
        }
        String text = template.textValue();
        JsonNode whole = text.matches("\\$\\{\\w+}") ? values.get(text.substring(2, text.length() - 1)) : null;
        return whole == null ? TextNode.valueOf(text(text, values)) : whole;
    }

    private static String text(String text, Map<String, JsonNode> values) {
        String filled = text;
        if (text.contains("${")) {
            for (Map.Entry<String, JsonNode> value : values.entrySet()) {
                filled = filled.replace(
                        "${" + value.getKey() + "}", value.getValue().asText());
            }
        }
        return filled;
    }

    /** Two trees as one: what the second says wins, key by key. */
    static JsonNode merged(JsonNode first, JsonNode second) {
        if (!(first instanceof ObjectNode base) || !(second instanceof ObjectNode over)) {
            return second.isMissingNode() ? (first.isMissingNode() ? NODES.objectNode() : first) : second;
        }
        ObjectNode merged = base.deepCopy();
        over.properties()
                .forEach(
                        member -> merged.set(member.getKey(), merged(merged.path(member.getKey()), member.getValue())));
        return merged;
    }
}
