package dev.tollgate.wire;

import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Place;
import org.jspecify.annotations.Nullable;

/** OpenAI responses (OpenAI API reference, "Responses"), with {@code compact} and {@code input_tokens} beside them. */
final class OpenAiResponsesWire implements Wire {
    /** OpenAI API reference, "max_output_tokens". */
    private static final long LEAST_OUTPUT = 16;

    private final Dialect dialect = new OpenAiDialect(OpenAiDialect.Stream.RESPONSES);

    @Override
    public String id() {
        return "openai_responses";
    }

    @Override
    public boolean serves(String method, String path) {
        String plain = PathModel.plain(path);
        return method.equals("POST")
                && (PathModel.endsIn(plain, "responses")
                        || PathModel.endsIn(plain, "responses/compact")
                        || countsOnly(plain));
    }

    @Override
    public Facts read(Request request) {
        Json.Obj body = request.json();
        if (body == null) {
            return OpaqueBody.read(request);
        }
        Reading reading = new Reading(request.bytes());
        boolean beforeAnswer = body.elements("input").stream()
                .noneMatch(item -> item instanceof Json.Obj object && ResponsesInput.isFromModel(object));
        reading.members(body, Place.OTHER, true, (name, value) -> {
            switch (name) {
                case "input" -> ResponsesInput.read(reading, value);
                case "instructions" -> reading.all(value, Place.SYSTEM, beforeAnswer);
                case "tools", "text" -> reading.all(value, Place.TOOL_DEFINITION, beforeAnswer);
                case "prompt" -> reading.all(value, Place.USER, true);
                case "metadata", "client_metadata", "user", "prompt_cache_key", "safety_identifier" ->
                    reading.all(value, Place.METADATA, true);
                default -> reading.all(value, Place.OTHER, true);
            }
        });
        FactsDraft draft = new FactsDraft(reading).tools(body.elements("tools"));
        for (Json item : body.elements("input")) {
            if (item instanceof Json.Obj object) {
                draft.tools(object.elements("tools"));
            }
        }
        String path = PathModel.plain(request.path());
        return draft.modelIn(body, "model")
                .modelInPath(PathModel.model(path))
                .streams(body.isTrue("stream"))
                .maxOutput(body, "max_output_tokens")
                .generates(!countsOnly(path))
                .promptCacheKey(body.string("prompt_cache_key"))
                .userIn(body)
                .done();
    }

    private static boolean countsOnly(String plainPath) {
        return PathModel.endsIn(plainPath, "responses/input_tokens");
    }

    @Override
    public ReplyMeter meter(Facts facts) {
        return new ResponsesMeter();
    }

    @Override
    public @Nullable OutputLimit outputLimit(Json.Obj body, String provider) {
        return OutputLimit.of(body, LEAST_OUTPUT, "max_output_tokens", "max_output_tokens");
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }
}
