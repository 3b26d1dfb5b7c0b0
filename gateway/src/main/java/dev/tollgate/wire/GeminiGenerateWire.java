package dev.tollgate.wire;

import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gemini's generation, counting and embedding, at Google's own API and at Vertex (Gemini API reference, "Generating content"). Members
 * come in camel case and in snake case; both are the same to Google.
 */
final class GeminiGenerateWire implements Wire {
    private static final Set<String> GENERATING = Set.of("generateContent", "streamGenerateContent");
    private static final Set<String> COUNTING = Set.of("countTokens", "embedContent", "batchEmbedContents");
    private final Dialect dialect = new GeminiDialect();

    @Override
    public String id() {
        return "gemini_generate";
    }

    @Override
    public boolean serves(String method, String path) {
        String verb = PathModel.verb(PathModel.plain(path));
        return method.equals("POST") && (GENERATING.contains(verb) || COUNTING.contains(verb));
    }

    @Override
    public Facts read(Request request) {
        Json.Obj body = request.json();
        if (body == null) {
            return OpaqueBody.read(request);
        }
        Reading reading = new Reading(request.bytes());
        GeminiContents.read(reading, body);
        String path = PathModel.plain(request.path());
        String verb = PathModel.verb(path);
        FactsDraft draft = new FactsDraft(reading)
                .modelInPath(PathModel.model(path))
                .streams(verb.equals("streamGenerateContent"))
                .generates(GENERATING.contains(verb));
        for (String name : Set.of("generationConfig", "generation_config")) {
            Json.Obj config = body.object(name);
            if (config != null) {
                draft.maxOutput(config, "maxOutputTokens", "max_output_tokens")
                        .choices(config, "candidateCount", "candidate_count");
            }
        }
        tools(body, draft);
        return draft.done();
    }

    // A tool of one's own has a declaration; a built-in one is a member of its name.
    private static void tools(Json.Obj body, FactsDraft draft) {
        for (Json element : body.elements("tools")) {
            if (!(element instanceof Json.Obj tool)) {
                continue;
            }
            for (Map.Entry<String, Json> member : tool.members().entrySet()) {
                boolean declares = member.getKey().equals("functionDeclarations")
                        || member.getKey().equals("function_declarations");
                if (declares) {
                    draft.tools(tool.elements(member.getKey()));
                } else {
                    draft.tool(member.getKey());
                }
            }
        }
    }

    @Override
    public ReplyMeter meter(Facts facts) {
        return new GeminiMeter();
    }

    /** Gemini API reference, "streamGenerateContent": events only with {@code alt=sse}. */
    @Override
    public boolean streamsAsArray(@Nullable String query) {
        return query == null || !("&" + query + "&").contains("&alt=sse&");
    }

    @Override
    public @Nullable OutputLimit outputLimit(Json.Obj body, String provider) {
        Json.Obj config = body.object("generationConfig");
        Json.Obj snake = body.object("generation_config");
        if (config != null && snake != null) {
            return null;
        }
        config = config == null ? snake : config;
        return config == null
                ? new OutputLimit(
                        List.of(OutputLimit.inside(body, "\"generationConfig\":{\"maxOutputTokens\":", "}")), 1)
                : OutputLimit.of(config, least(config), "maxOutputTokens", "maxOutputTokens", "max_output_tokens");
    }

    /** Thoughts count too (Gemini docs, "Thinking"): without room behind them there is no answer. */
    private static long least(Json.Obj config) {
        long least = 1;
        for (String name : List.of("thinkingConfig", "thinking_config")) {
            Json.Obj thinking = config.object(name);
            for (String member : List.of("thinkingBudget", "thinking_budget")) {
                Long budget = thinking == null ? null : thinking.integer(member);
                least = budget == null ? least : Math.max(least, Math.max(0, budget) + 1);
            }
        }
        return least;
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }
}
