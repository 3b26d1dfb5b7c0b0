package dev.tollgate.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.tollgate.exchange.Allowance;
import dev.tollgate.exchange.Allowance.Share;
import dev.tollgate.exchange.Headers;
import dev.tollgate.value.RateLimit;
import dev.tollgate.value.RateLimit.Metric;
import dev.tollgate.value.RateLimit.Shape;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RateHeadersTest {
    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00.250Z");

    @Test
    void openAi_namesRequestsAndTokens() {
        Headers headers = RateHeaders.openAi(
                standing(share(Metric.REQUESTS, 60, 59, 1000), share(Metric.TOKENS, 1000, 150, 360_000), slots()));

        assertThat(headers.fields())
                .extracting(Headers.Field::name, Headers.Field::value)
                .containsExactly(
                        tuple("x-ratelimit-limit-requests", "60"),
                        tuple("x-ratelimit-remaining-requests", "59"),
                        tuple("x-ratelimit-reset-requests", "1s"),
                        tuple("x-ratelimit-limit-tokens", "1000"),
                        tuple("x-ratelimit-remaining-tokens", "150"),
                        tuple("x-ratelimit-reset-tokens", "6m0s"));
    }

    @Test
    void openAi_withoutALimitOnAllTokens_tellsTheTighterOfInputAndOutput() {
        Headers headers = RateHeaders.openAi(
                standing(share(Metric.INPUT_TOKENS, 1000, 900, 1), share(Metric.OUTPUT_TOKENS, 100, 10, 1)));

        assertThat(headers.get("x-ratelimit-limit-tokens")).isEqualTo("100");
        assertThat(headers.get("x-ratelimit-limit-requests")).isNull();
    }

    @Test
    void anthropic_namesEachKind_withItsResetInWholeSeconds() {
        Headers headers = RateHeaders.anthropic(standing(
                share(Metric.REQUESTS, 60, 59, 1000),
                share(Metric.INPUT_TOKENS, 1000, 900, 0),
                share(Metric.OUTPUT_TOKENS, 100, 10, 54_000)));

        assertThat(headers.get("anthropic-ratelimit-requests-limit")).isEqualTo("60");
        assertThat(headers.get("anthropic-ratelimit-requests-remaining")).isEqualTo("59");
        assertThat(headers.get("anthropic-ratelimit-requests-reset")).isEqualTo("2026-05-04T10:00:02Z");
        assertThat(headers.get("anthropic-ratelimit-input-tokens-remaining")).isEqualTo("900");
        assertThat(headers.get("anthropic-ratelimit-output-tokens-reset")).isEqualTo("2026-05-04T10:00:55Z");
        assertThat(headers.get("anthropic-ratelimit-tokens-limit")).isEqualTo("100");
        assertThat(headers.fields()).hasSize(12);
    }

    @Test
    void severalLimits_ofOneKind_tellTheTightest() {
        Headers headers = RateHeaders.openAi(
                standing(share(Metric.REQUESTS, 1000, 500, 1), share(Metric.REQUESTS, 10, 4, 1), observed()));

        assertThat(headers.get("x-ratelimit-limit-requests")).isEqualTo("10");
    }

    @Test
    void durations_areWrittenAsGoDoes() {
        assertThat(List.of(0L, 17L, 1000L, 1500L, 59_000L, 360_000L, 3_661_005L))
                .extracting(RateHeaders::duration)
                .containsExactly("0s", "17ms", "1s", "1.500s", "59s", "6m0s", "1h1m1.005s");
    }

    private static Allowance standing(Share... shares) {
        return new Allowance(NOW, List.of(shares));
    }

    private static Share share(Metric metric, long most, long remaining, long resetMillis) {
        RateLimit limit = new RateLimit("x", metric, Shape.BUCKET, most, 60_000, most, true);
        return new Share(limit, "x", "", 1, remaining, resetMillis, 0);
    }

    private static Share observed() {
        return new Share(new RateLimit("x", Metric.REQUESTS, Shape.BUCKET, 5, 60_000, 5, false), "x", "", 1, 0, 1, 0);
    }

    private static Share slots() {
        return new Share(new RateLimit("x", Metric.CONCURRENCY, Shape.SLOTS, 5, 0, 5, true), "x", "", 1, 0, 1, 0);
    }
}
