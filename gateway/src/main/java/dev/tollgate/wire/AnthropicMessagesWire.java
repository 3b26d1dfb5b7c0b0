package dev.tollgate.wire;

import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Place;
import org.jspecify.annotations.Nullable;

/** Anthropic messages and {@code count_tokens} (Anthropic API reference, "Messages"). */
final class AnthropicMessagesWire implements Wire {
    private static final String COUNT = "messages/count_tokens";
    private final Dialect dialect = new AnthropicDialect();

    @Override
    public String id() {
        return "anthropic_messages";
    }

    @Override
    public boolean serves(String method, String path) {
        String plain = PathModel.plain(path);
        // Assistants' threads have messages too: those are no messages API.
        return method.equals("POST")
                && (PathModel.endsIn(plain, COUNT) || PathModel.endsIn(plain, "messages"))
                && !plain.contains("threads/");
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
                case "messages" -> AnthropicMessages.read(reading, value);
                case "system" -> reading.all(value, Place.SYSTEM, beforeAnswer);
                case "tools", "mcp_servers", "output_format", "output_config" ->
                    reading.all(value, Place.TOOL_DEFINITION, beforeAnswer);
                case "metadata" -> reading.all(value, Place.METADATA, true);
                default -> reading.all(value, Place.OTHER, true);
            }
        });
        Json.Obj metadata = body.object("metadata");
        String user = metadata == null ? null : metadata.string("user_id");
        return new FactsDraft(reading)
                .modelIn(body, "model")
                .streams(body.isTrue("stream"))
                .maxOutput(body, "max_tokens")
                .generates(!PathModel.endsIn(PathModel.plain(request.path()), COUNT))
                .tools(body.elements("tools"))
                .promptCacheKey(user)
                .user(user)
                .done();
    }

    @Override
    public ReplyMeter meter(Facts facts) {
        return new AnthropicMeter();
    }

    /** What thinking may use counts too, and must be less than the whole (Anthropic docs, "Extended thinking"). */
    @Override
    public @Nullable OutputLimit outputLimit(Json.Obj body, String provider) {
        Json.Obj thinking = body.object("thinking");
        Long budget = thinking == null ? null : thinking.integer("budget_tokens");
        return OutputLimit.of(body, budget == null ? 1 : Math.max(0, budget) + 1, "max_tokens", "max_tokens");
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }
}
