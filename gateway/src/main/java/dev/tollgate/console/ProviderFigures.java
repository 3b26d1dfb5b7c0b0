package dev.tollgate.console;

import java.util.Map;

/** How providers do, as this node has seen it since it started. Read from memory. */
public interface ProviderFigures {
    /** Figures by provider; one without a call is missing. */
    Map<String, Figures> figures();

    /** State of each breaker by target: {@code closed}, {@code open} or {@code half_open}. */
    Map<String, String> breakers();

    /** What keeps calls from a provider, and what to do about it; empty if nothing does. */
    String missing(String provider);

    /**
     * @param calls exchanges that ended there
     * @param failed those that the provider failed
     * @param attempts how often it was called
     * @param meanMillis from the head of a call to the first byte of its answer, on average
     * @param maxMillis the longest of late
     * @param costUsd what they cost, in dollars
     */
    record Figures(long calls, long failed, long attempts, double meanMillis, double maxMillis, double costUsd) {}
}
