package dev.tollgate.http;

import dev.tollgate.policy.LimitsPolicy;
import java.time.Duration;

/**
 * Limits of a request head.
 *
 * @param requestLineBytes longest request line
 * @param headBytes largest head
 * @param headerCount most fields
 * @param headTime longest time for a head to arrive once its first byte has
 */
record HeadLimits(int requestLineBytes, int headBytes, int headerCount, Duration headTime) {
    static HeadLimits of(LimitsPolicy limits) {
        return new HeadLimits(
                limits.requestLine().toInt(), limits.head().toInt(), limits.headerCount(), limits.headTime());
    }
}
