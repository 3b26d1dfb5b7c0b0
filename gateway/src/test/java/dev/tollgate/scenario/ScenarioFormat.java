package dev.tollgate.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** What may stand in a scenario file. A misspelt expectation would hold of everything, so an unknown key is an error. */
final class ScenarioFormat {
    private static final Set<String> FILE = Set.of("about", "policy", "scenarios");
    private static final Set<String> SCENARIO = Set.of("name", "wires", "given", "when", "then", "spent");
    private static final Set<String> GIVEN = Set.of("policy", "key", "replies");
    private static final Set<String> KEY = Set.of("agent", "team", "models", "providers", "expired", "revoked");
    private static final Set<String> REPLY = Set.of("text", "input", "output", "status", "headers", "body");
    private static final Set<String> SAID = Set.of("system", "user", "turns", "model", "max_output", "stream");
    private static final Set<String> SENT = Set.of("method", "path", "headers", "body", "bytes", "coding", "key");
    private static final Set<String> HELD = Set.of("decide", "after_heartbeat");
    private static final Set<String> ANSWER =
            Set.of("status", "denied", "headers", "answer", "json", "events", "has", "lacks");
    private static final Set<String> BEHIND = Set.of("provider", "record", "decisions");
    private static final Set<String> SEEN = Set.of("path", "headers", "json", "has", "lacks");
    private static final Set<String> LISTS =
            Set.of("has", "lacks", "events", "turns", "wires", "replies", "models", "providers", "scenarios");

    private ScenarioFormat() {}

    /** @throws IllegalArgumentException naming the scenario and what is wrong with it */
    static void check(String file, JsonNode document) {
        keys(file, document, Set.of(FILE));
        for (JsonNode scenario : document.path("scenarios")) {
            String name = file + ": " + scenario.path("name").asText();
            keys(name, scenario, Set.of(SCENARIO));
            JsonNode given = scenario.path("given");
            keys(name, given, Set.of(GIVEN));
            keys(name, given.path("key"), Set.of(KEY));
            each(given.path("replies"), reply -> keys(name, reply, Set.of(REPLY)));
            each(scenario.path("when"), request -> keys(name, request, Set.of(SAID, SENT, HELD)));
            each(scenario.path("then"), expected -> {
                keys(name, expected, Set.of(ANSWER, BEHIND));
                provider(name, expected.path("provider"));
            });
        }
    }

    private static void provider(String name, JsonNode provider) {
        if (provider.isTextual() && !provider.asText().equals("nothing")) {
            throw new IllegalArgumentException(name + ": provider is nothing, a call, or a list of calls");
        }
        each(provider, call -> keys(name, call, Set.of(SEEN)));
    }

    private static void each(JsonNode oneOrMany, Consumer<JsonNode> check) {
        if (oneOrMany.isArray()) {
            oneOrMany.forEach(check);
        } else {
            check.accept(oneOrMany);
        }
    }

    private static void keys(String where, JsonNode node, Set<Set<String>> allowed) {
        Set<String> all = new TreeSet<>();
        allowed.forEach(all::addAll);
        node.properties().forEach(member -> {
            if (!all.contains(member.getKey())) {
                throw new IllegalArgumentException(
                        where + ": unknown key " + member.getKey() + ", allowed are " + String.join(", ", all));
            }
            if (LISTS.contains(member.getKey()) && !member.getValue().isArray()) {
                throw new IllegalArgumentException(where + ": " + member.getKey() + " is a list, such as [a, b]");
            }
        });
    }
}
