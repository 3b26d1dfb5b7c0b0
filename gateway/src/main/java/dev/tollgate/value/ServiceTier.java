package dev.tollgate.value;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The terms on which a provider served a call, as its reply tells them: they change the price, not the answer. */
public enum ServiceTier {
    /** The list price; also where nothing is told, or a name without a price of its own ({@code default}, {@code on_demand}). */
    STANDARD,
    /** Slower and cheaper. */
    FLEX,
    /** Ahead of others, and dearer. */
    PRIORITY,
    /** Some time later, and cheaper. */
    BATCH,
    /** The same model at a higher speed and price (Anthropic's {@code speed: fast}). */
    FAST;

    /**
     * The tier of a name in a request or a reply: {@code service_tier} (OpenAI, Anthropic, Groq), {@code trafficType} (Vertex) or
     * {@code speed} (Anthropic).
     */
    public static ServiceTier of(@Nullable String name) {
        if (name == null) {
            return STANDARD;
        }
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "flex", "on_demand_flex" -> FLEX;
            case "priority", "on_demand_priority" -> PRIORITY;
            case "batch" -> BATCH;
            case "fast" -> FAST;
            default -> STANDARD;
        };
    }
}
