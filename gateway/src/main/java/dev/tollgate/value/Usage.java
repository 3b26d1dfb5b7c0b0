package dev.tollgate.value;

import org.jspecify.annotations.Nullable;

/**
 * What one exchange used, in tokens by billing class. The classes are disjoint: each token is counted in one of them, whatever the
 * provider's own fields overlap.
 *
 * @param input input tokens billed at the full input price (text and whatever has no class of its own), ≥ 0
 * @param cacheRead input tokens served from the provider's prompt cache
 * @param cacheWrite input tokens written to a short-lived cache (Anthropic: 5 minutes)
 * @param cacheWriteLong input tokens written to a long-lived cache (Anthropic: 1 hour)
 * @param output output tokens without reasoning
 * @param reasoning output tokens spent on reasoning
 * @param audioInput audio tokens in
 * @param audioOutput audio tokens out
 * @param imageInput image tokens in, where billed apart
 * @param imageOutput image tokens out
 * @param providerCost the bill as the provider itself told it (OpenRouter, xAI, Perplexity), which then counts; else null
 * @param source where the numbers come from
 * @param extras what is billed besides
 */
public record Usage(
        long input,
        long cacheRead,
        long cacheWrite,
        long cacheWriteLong,
        long output,
        long reasoning,
        long audioInput,
        long audioOutput,
        long imageInput,
        long imageOutput,
        @Nullable NanoUsd providerCost,
        Source source,
        Extras extras) {

    /** Where usage numbers come from, best first. */
    public enum Source {
        /** The provider told it. */
        REPORTED,
        /** Counted by us from what was sent and relayed. */
        COUNTED,
        /** The call never reached a model. */
        NONE
    }

    public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null, Source.NONE);

    public Usage {
        if ((input | cacheRead | cacheWrite | cacheWriteLong | output) < 0
                || (reasoning | audioInput | audioOutput | imageInput | imageOutput) < 0) {
            throw new IllegalArgumentException("a token count is negative");
        }
    }

    /** Tokens and nothing else. */
    public Usage(
            long input,
            long cacheRead,
            long cacheWrite,
            long cacheWriteLong,
            long output,
            long reasoning,
            long audioInput,
            long audioOutput,
            long imageInput,
            long imageOutput,
            @Nullable NanoUsd providerCost,
            Source source) {
        this(
                input,
                cacheRead,
                cacheWrite,
                cacheWriteLong,
                output,
                reasoning,
                audioInput,
                audioOutput,
                imageInput,
                imageOutput,
                providerCost,
                source,
                Extras.NONE);
    }

    /** Text in and out, nothing cached. */
    public static Usage of(long input, long output, Source source) {
        return new Usage(input, 0, 0, 0, output, 0, 0, 0, 0, 0, null, source);
    }

    /** The same tokens, with what is billed besides. */
    public Usage with(Extras besides) {
        return besides.equals(extras)
                ? this
                : new Usage(
                        input,
                        cacheRead,
                        cacheWrite,
                        cacheWriteLong,
                        output,
                        reasoning,
                        audioInput,
                        audioOutput,
                        imageInput,
                        imageOutput,
                        providerCost,
                        source,
                        besides);
    }

    /** This usage with at least so many tokens out: for answers that ended before they told the last of them. */
    public Usage withOutputAtLeast(long tokens) {
        long missing = tokens - totalOutput();
        return missing <= 0 ? this : withOutput(output + missing);
    }

    /** This usage with so many tokens out taken away, as far as there are. */
    public Usage withLessOutput(long tokens) {
        return withOutput(Math.max(0, output - tokens));
    }

    private Usage withOutput(long counted) {
        return new Usage(
                input,
                cacheRead,
                cacheWrite,
                cacheWriteLong,
                counted,
                reasoning,
                audioInput,
                audioOutput,
                imageInput,
                imageOutput,
                providerCost,
                Source.COUNTED,
                extras);
    }

    /** All tokens that went in, cached or not. */
    public long totalInput() {
        return input + cacheRead + cacheWrite + cacheWriteLong + audioInput + imageInput;
    }

    /** All tokens that came out, reasoning included. */
    public long totalOutput() {
        return output + reasoning + audioOutput + imageOutput;
    }
}
