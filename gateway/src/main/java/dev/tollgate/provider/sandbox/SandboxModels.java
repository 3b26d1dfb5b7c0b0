package dev.tollgate.provider.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The models of the sandbox, and the lists in which the vendors' APIs tell theirs. */
final class SandboxModels {
    static final String SLOW = "sandbox-slow";
    static final String FLAKY = "sandbox-flaky";
    static final String DOWN = "sandbox-down";
    static final List<String> TALKING = List.of("sandbox-small", "sandbox-large", SLOW, FLAKY, DOWN);
    static final String EMBEDDING = "sandbox-embedding";

    private SandboxModels() {}

    /** As OpenAI lists them (OpenAI API reference, Models). */
    static JsonNode openAi() {
        ObjectNode list = SandboxWire.object().put("object", "list");
        ArrayNode models = list.putArray("data");
        TALKING.forEach(name -> model(models, name));
        model(models, EMBEDDING);
        return list;
    }

    /** As Gemini lists them (Gemini API reference, Models). */
    static JsonNode gemini() {
        ObjectNode list = SandboxWire.object();
        ArrayNode models = list.putArray("models");
        TALKING.forEach(name -> models.addObject()
                .put("name", "models/" + name)
                .putArray("supportedGenerationMethods")
                .add("generateContent")
                .add("countTokens"));
        models.addObject()
                .put("name", "models/" + EMBEDDING)
                .putArray("supportedGenerationMethods")
                .add("embedContent");
        return list;
    }

    private static void model(ArrayNode models, String name) {
        models.addObject()
                .put("id", name)
                .put("object", "model")
                .put("created", SandboxWire.CREATED)
                .put("owned_by", "tollgate");
    }
}
