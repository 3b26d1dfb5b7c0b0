package dev.tollgate.audit;

import dev.tollgate.value.NanoUsd;
import org.jspecify.annotations.Nullable;

/**
 * An attempt at a provider that had the call and did not answer in time, before another one was called: it may bill what went in.
 *
 * @param target provider and model
 * @param inputTokens tokens in, as counted
 * @param cost of these; null where no price is known
 */
public record LostAttempt(
        String target, long inputTokens, @Nullable NanoUsd cost) {}
