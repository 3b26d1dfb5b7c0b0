package dev.tollgate.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One case.
 *
 * @param name file, name and wire
 * @param wire id of the wire, as in {@code wires.yaml}
 * @param policy the bundle in force
 * @param given key and replies
 * @param when the requests, in order
 * @param then what is expected of each
 * @param spent dollars spent in the end, by id of budget
 */
record Scenario(
        String name,
        String wire,
        JsonNode policy,
        JsonNode given,
        List<JsonNode> when,
        List<JsonNode> then,
        JsonNode spent) {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Set<String> FILE_KEYS = Set.of("about", "policy", "scenarios");
    private static final Set<String> KEYS = Set.of("name", "wires", "given", "when", "then", "spent");
    private static final Set<String> GIVEN = Set.of("policy", "key", "replies");
    private static final Set<String> WHEN = Set.of(
            "system",
            "user",
            "turns",
            "model",
            "max_output",
            "stream",
            "method",
            "path",
            "headers",
            "body",
            "bytes",
            "coding",
            "key",
            "decide",
            "after_heartbeat");
    private static final Set<String> THEN = Set.of(
            "status",
            "denied",
            "headers",
            "answer",
            "json",
            "events",
            "has",
            "lacks",
            "provider",
            "record",
            "decisions");

    /** All scenarios of a file, one for each wire that they name. */
    static List<Scenario> read(Path file) throws IOException {
        JsonNode document = YAML.readTree(file.toFile());
        refuseUnknown(document, FILE_KEYS, file.toString());
        List<Scenario> scenarios = new ArrayList<>();
        for (JsonNode one : document.path("scenarios")) {
            String name = file.getFileName().toString().replace(".yaml", "") + ": "
                    + one.path("name").asText();
            refuseUnknown(one, KEYS, name);
            for (JsonNode wire : one.path("wires")) {
                scenarios.add(of(name, wire.asText(), document.path("policy"), one));
            }
        }
        if (scenarios.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no scenario that names its wires");
        }
        return scenarios;
    }

    private static Scenario of(String name, String wire, JsonNode policy, JsonNode one) {
        JsonNode given = one.path("given");
        List<JsonNode> when = list(one.path("when"));
        List<JsonNode> then = list(one.path("then"));
        refuseUnknown(given, GIVEN, name);
        when.forEach(request -> refuseUnknown(request, WHEN, name));
        then.forEach(expected -> refuseUnknown(expected, THEN, name));
        if (when.isEmpty() || when.size() != then.size()) {
            throw new IllegalArgumentException(name + ": every request needs its expectation");
        }
        JsonNode inForce = Template.merged(policy, given.path("policy"));
        return new Scenario(name + " [" + wire + "]", wire, inForce, given, when, then, one.path("spent"));
    }

    private static List<JsonNode> list(JsonNode node) {
        List<JsonNode> items = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(items::add);
        } else if (!(node instanceof MissingNode)) {
            items.add(node);
        }
        return items;
    }

    // A misspelt expectation would hold of everything.
    private static void refuseUnknown(JsonNode node, Set<String> allowed, String where) {
        if (node instanceof ObjectNode object) {
            Set<String> unknown = new TreeSet<>();
            object.fieldNames().forEachRemaining(unknown::add);
            unknown.removeAll(allowed);
            if (!unknown.isEmpty()) {
                throw new IllegalArgumentException(
                        where + ": unknown " + unknown + ", allowed are " + new TreeSet<>(allowed));
            }
        }
    }
}
