package dev.tollgate.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
    private static final YAMLFactory YAML_FACTORY = new YAMLFactory();
    private static final ObjectMapper YAML = new ObjectMapper(YAML_FACTORY);

    /** All scenarios of a file, one for each wire that they name. */
    static List<Scenario> read(Path file) throws IOException {
        refuseAliases(file);
        JsonNode document = YAML.readTree(file.toFile());
        ScenarioFormat.check(file.getFileName().toString(), document);
        List<Scenario> scenarios = new ArrayList<>();
        for (JsonNode one : document.path("scenarios")) {
            String name = file.getFileName().toString().replace(".yaml", "") + ": "
                    + one.path("name").asText();
            for (JsonNode wire : one.path("wires")) {
                scenarios.add(of(name, wire.asText(), document.path("policy"), one));
            }
        }
        if (scenarios.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no scenario that names its wires");
        }
        return scenarios;
    }

    /** Read as a tree an alias is a text with its name, of which a case would check nothing. */
    private static void refuseAliases(Path file) throws IOException {
        try (YAMLParser parser = YAML_FACTORY.createParser(file.toFile())) {
            while (parser.nextToken() != null) {
                if (parser.isCurrentAlias() || parser.getObjectId() != null) {
                    throw new IllegalArgumentException(file.getFileName() + ":"
                            + parser.currentTokenLocation().getLineNr()
                            + ": anchors (&name) and aliases (*name) are not resolved; write it out");
                }
            }
        }
    }

    private static Scenario of(String name, String wire, JsonNode policy, JsonNode one) {
        JsonNode given = one.path("given");
        List<JsonNode> when = list(one.path("when"));
        List<JsonNode> then = list(one.path("then"));
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
}
