package dev.tollgate.budget;

import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;

/**
 * What each class of token costs, in whole nano-dollars per million tokens.
 *
 * @param input text in
 * @param cacheRead served from the provider's prompt cache
 * @param cacheWrite written to a short-lived cache
 * @param cacheWriteLong written to a long-lived cache
 * @param output text out
 * @param reasoning spent on reasoning
 * @param audioInput audio in
 * @param audioOutput audio out
 * @param imageInput images in
 * @param imageOutput images out
 * @param request nano-dollars per call, whatever it used
 */
record Rates(
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
        long request) {
    private static final long TOKENS = 1_000_000;

    /** The exact cost, rounded up once to the next nano-dollar. */
    NanoUsd cost(Usage used) {
        Sum sum = new Sum();
        sum.add(used.input(), input);
        sum.add(used.cacheRead(), cacheRead);
        sum.add(used.cacheWrite(), cacheWrite);
        sum.add(used.cacheWriteLong(), cacheWriteLong);
        sum.add(used.output(), output);
        sum.add(used.reasoning(), reasoning);
        sum.add(used.audioInput(), audioInput);
        sum.add(used.audioOutput(), audioOutput);
        sum.add(used.imageInput(), imageInput);
        sum.add(used.imageOutput(), imageOutput);
        return new NanoUsd(Math.addExact(sum.roundedUp(), request));
    }

    /**
     * The most that so many tokens in and out can cost.
     *
     * @param inputTokens tokens in
     * @param outputTokens tokens out, of all choices together
     * @param cache how the call may use the provider's cache
     * @param audio whether audio is among what goes in or comes out
     * @param images whether images come out
     */
    NanoUsd mostFor(long inputTokens, long outputTokens, CacheUse cache, boolean audio, boolean images) {
        long dearestInput = switch (cache) {
            case NONE -> Math.max(input, cacheRead);
            case SHORT -> Math.max(input, cacheWrite);
            case LONG -> Math.max(input, Math.max(cacheWrite, cacheWriteLong));
        };
        long dearestOutput = Math.max(output, reasoning);
        if (audio) {
            dearestInput = Math.max(dearestInput, audioInput);
            dearestOutput = Math.max(dearestOutput, audioOutput);
        }
        if (images) {
            dearestOutput = Math.max(dearestOutput, imageOutput);
        }
        Sum sum = new Sum();
        sum.add(inputTokens, Math.max(dearestInput, imageInput));
        sum.add(outputTokens, dearestOutput);
        return new NanoUsd(Math.addExact(sum.roundedUp(), request));
    }

    /** How a call may use the provider's prompt cache, which decides the dearest price of its input. */
    enum CacheUse {
        /** It writes nothing to it. */
        NONE,
        /** It may write to the short-lived one. */
        SHORT,
        /** It may write to the long-lived one. */
        LONG
    }

    /** Adds up tokens × price without losing a fraction and without overflow up to 10⁹ dollars. */
    private static final class Sum {
        private long nanos;
        private long millionths;

        void add(long tokens, long perMillion) {
            if (tokens != 0) {
                nanos = Math.addExact(nanos, Math.multiplyExact(tokens, perMillion / TOKENS));
                millionths = Math.addExact(millionths, Math.multiplyExact(tokens, perMillion % TOKENS));
            }
        }

        long roundedUp() {
            return Math.addExact(nanos, Math.ceilDiv(millionths, TOKENS));
        }
    }
}
