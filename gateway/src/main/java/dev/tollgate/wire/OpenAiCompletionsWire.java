package dev.tollgate.wire;

import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Place;
import org.jspecify.annotations.Nullable;

/** OpenAI's legacy completions (OpenAI API reference, "Completions"). Each prompt of a list is answered {@code n} times. */
final class OpenAiCompletionsWire implements Wire {
    private final Dialect dialect = new OpenAiDialect(OpenAiDialect.Stream.COMPLETIONS);

    @Override
    public String id() {
        return "openai_completions";
    }

    @Override
    public boolean serves(String method, String path) {
        String plain = PathModel.plain(path);
        return method.equals("POST")
                && PathModel.endsIn(plain, "completions")
                && !PathModel.endsIn(plain, "chat/completions");
    }

    @Override
    public Facts read(Request request) {
        Json.Obj body = request.json();
        if (body == null) {
            return OpaqueBody.read(request);
        }
        Reading reading = new Reading(request.bytes());
        reading.members(body, Place.OTHER, true, (name, value) -> {
            Place place = switch (name) {
                case "prompt", "suffix" -> Place.RAW_PROMPT;
                case "user", "metadata" -> Place.METADATA;
                default -> Place.OTHER;
            };
            reading.all(value, place, true);
        });
        return new FactsDraft(reading)
                .modelIn(body, "model")
                .modelInPath(PathModel.model(PathModel.plain(request.path())))
                .streams(body.isTrue("stream"))
                .maxOutput(body, "max_tokens")
                .choices(body, "n", "best_of")
                .timesChoices(prompts(body))
                .generates(true)
                .usageRequest(UsageRequest.of(body))
                .done();
    }

    // A list of numbers or of nothing is one prompt of tokens; a list of strings or lists is one prompt each.
    private static int prompts(Json.Obj body) {
        long prompts = body.elements("prompt").stream()
                .filter(element -> !(element instanceof Json.Num))
                .count();
        return (int) Math.max(1, Math.min(prompts, Integer.MAX_VALUE));
    }

    @Override
    public ReplyMeter meter(Facts facts) {
        return new ChatMeter(facts.usageRequest() != null);
    }

    /** Without a limit the API allows 16 tokens: one that was added would rather allow more. */
    @Override
    public @Nullable OutputLimit outputLimit(Json.Obj body, String provider) {
        return OutputLimit.of(body, 1, null, "max_tokens");
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }
}
