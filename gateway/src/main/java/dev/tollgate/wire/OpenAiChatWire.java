package dev.tollgate.wire;

import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Place;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** OpenAI chat completions (OpenAI API reference, "Chat"), as spoken by most providers. */
final class OpenAiChatWire implements Wire {
    private static final String PATH = "chat/completions";
    /** Providers whose reasoning models take the limit under its new name only; others may not know that one. */
    private static final Set<String> RENAMED_BY = Set.of("openai", "azure");

    private final Dialect dialect = new OpenAiDialect(OpenAiDialect.Stream.CHAT);

    @Override
    public String id() {
        return "openai_chat";
    }

    @Override
    public boolean serves(String method, String path) {
        return method.equals("POST") && PathModel.endsIn(PathModel.plain(path), PATH);
    }

    @Override
    public Facts read(Request request) {
        Json.Obj body = request.json();
        if (body == null) {
            return OpaqueBody.read(request);
        }
        Reading reading = new Reading(request.bytes());
        boolean beforeAnswer = body.elements("messages").stream()
                .noneMatch(item -> item instanceof Json.Obj message && ChatMessages.isFromModel(message));
        reading.members(body, Place.OTHER, true, (name, value) -> {
            switch (name) {
                case "messages" -> ChatMessages.read(reading, value);
                case "tools", "functions", "response_format", "mcp_servers" ->
                    reading.all(value, Place.TOOL_DEFINITION, beforeAnswer);
                case "metadata", "user", "prompt_cache_key", "safety_identifier" ->
                    reading.all(value, Place.METADATA, true);
                default -> reading.all(value, Place.OTHER, true);
            }
        });
        return new FactsDraft(reading)
                .modelIn(body, "model")
                .modelInPath(PathModel.model(PathModel.plain(request.path())))
                .streams(body.isTrue("stream"))
                .maxOutput(body, "max_tokens", "max_completion_tokens")
                .choices(body, "n")
                .generates(true)
                .tools(body.elements("tools"))
                .tools(body.elements("functions"))
                .promptCacheKey(body.string("prompt_cache_key"))
                .userIn(body)
                .usageRequest(UsageRequest.of(body))
                .done();
    }

    @Override
    public ReplyMeter meter(Facts facts) {
        return new ChatMeter(facts.usageRequest() != null);
    }

    @Override
    public @Nullable OutputLimit outputLimit(Json.Obj body, String provider) {
        String absent = RENAMED_BY.contains(provider) ? "max_completion_tokens" : "max_tokens";
        return OutputLimit.of(body, 1, absent, "max_tokens", "max_completion_tokens");
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }
}
