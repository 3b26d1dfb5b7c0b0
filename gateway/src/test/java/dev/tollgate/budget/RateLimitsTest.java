package dev.tollgate.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.budget.RateLimiter.Demand;
import dev.tollgate.budget.RateLimits.Tokens;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Labels;
import dev.tollgate.exchange.Route;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.Names;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.RateLimitsPolicy;
import dev.tollgate.policy.RateLimitsPolicy.RateLimitEntry;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.RateLimit;
import dev.tollgate.value.RateLimit.Metric;
import dev.tollgate.value.SessionId;
import dev.tollgate.value.TeamId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RateLimitsTest {
    private static final Caller CALLER = new Caller(
            new KeyId("k_1"),
            new AgentId("coder"),
            new TeamId("red"),
            Scopes.ALL,
            Optional.of(new SessionId("run/7")),
            new Labels("ann", new TreeMap<>(Map.of("env", "prod")), "", "", 0),
            false);
    private static final Route ROUTE =
            new Route(List.of(new Target("openai", "gpt-4o"), new Target("groq", "l")), "smart");
    private static final Tokens EXPECTED = new Tokens(100, 0, 20);

    @Test
    void demands_areOneOfEachKind() throws Exception {
        RateLimits limits = limits(entry("x", Map.of(), Names.of("agent"), 5L, 1000L));

        List<Demand> demands = limits.demands(CALLER, ROUTE, EXPECTED, false);

        assertThat(demands)
                .extracting(Demand::key)
                .containsExactly("x/requests-bucket60000/agent/coder", "x/tokens-bucket60000/agent/coder");
        assertThat(demands).extracting(Demand::amount).containsExactly(1L, 120L);
        assertThat(demands)
                .extracting(demand -> demand.limit().metric())
                .containsExactly(Metric.REQUESTS, Metric.TOKENS);
    }

    @Test
    void demands_ofAReleasedCall_countNoSecondRequest() throws Exception {
        RateLimits limits = limits(entry("x", Map.of(), Names.of("agent"), 5L, 1000L));

        assertThat(limits.demands(CALLER, ROUTE, EXPECTED, true))
                .extracting(demand -> demand.limit().metric())
                .containsExactly(Metric.TOKENS);
    }

    @Test
    void scope_ofSeveral_isOneCounterForEachCombination() throws Exception {
        RateLimits limits = limits(entry("x", Map.of(), Names.of("session", "tag.env", "model"), 5L, null));

        Demand demand = limits.demands(CALLER, ROUTE, EXPECTED, false).get(0);

        assertThat(demand.key()).isEqualTo("x/requests-bucket60000/session+tag.env+model/run%2F7+prod+gpt-4o");
        assertThat(demand.target()).isEqualTo("openai/gpt-4o");
    }

    @Test
    void match_leavesOutWhatItDoesNotName() throws Exception {
        RateLimits limits = limits(
                entry("a", Map.of("team", Names.of("blue", "re*")), Names.of("all"), 1L, null),
                entry("b", Map.of("team", Names.of("blue")), Names.of("all"), 1L, null),
                entry(
                        "c",
                        Map.of("model", Names.of("openai/gpt-*"), "route", Names.of("smart")),
                        Names.of("all"),
                        1L,
                        null));

        assertThat(limits.demands(CALLER, ROUTE, EXPECTED, false))
                .extracting(demand -> demand.limit().id())
                .containsExactly("a", "c");
    }

    @Test
    void used_leavesOutCachedInput_whereItDoesNotCount() throws Exception {
        RateLimitEntry plain = entry("x", Map.of(), Names.of("all"), null, 1000L);
        RateLimitEntry uncached = new RateLimitEntry(
                "x", null, Names.of("all"), null, 1000L, null, null, null, null, null, 0.5, false, null);
        Tokens used = new Tokens(100, 80, 7);

        assertThat(limits(plain).used(only(limits(plain)), used)).isEqualTo(107);
        assertThat(limits(uncached).used(only(limits(uncached)), used)).isEqualTo(27);
        assertThat(only(limits(uncached)).capacity()).isEqualTo(500);
        assertThat(only(limits(uncached)).refillMillis())
                .isEqualTo(Duration.ofSeconds(30).toMillis());
    }

    @Test
    void nonsense_isRefusedWithItsPath() {
        assertRefused("rate_limits.limits[0]", entry("x", Map.of(), Names.of("all"), null, null));
        assertRefused("rate_limits.limits[0].scope", entry("x", Map.of(), Names.of("colour"), 1L, null));
        assertRefused(
                "rate_limits.limits[0].match.tag.a b",
                entry("x", Map.of("tag.a b", Names.of("x")), Names.of("all"), 1L, null));
        assertRefused("rate_limits.limits[0].id", entry("a/b", Map.of(), Names.of("all"), 1L, null));
        RateLimitEntry twice = entry("x", Map.of(), Names.of("all"), 1L, null);
        assertThatThrownBy(() -> limits(twice, twice))
                .hasMessageContaining("rate_limits.limits[1].id")
                .hasMessageContaining("used twice");
    }

    private static void assertRefused(String path, RateLimitEntry entry) {
        assertThatThrownBy(() -> limits(entry))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining(path);
    }

    private static RateLimit only(RateLimits limits) {
        return limits.demands(CALLER, ROUTE, EXPECTED, false).get(0).limit();
    }

    private static RateLimits limits(RateLimitEntry... entries) throws PolicyException {
        return RateLimits.of(new RateLimitsPolicy(null, List.of(entries)));
    }

    private static RateLimitEntry entry(String id, Map<String, Names> match, Names scope, Long requests, Long tokens) {
        return new RateLimitEntry(id, match, scope, requests, tokens, null, null, null, null, null, null, null, null);
    }
}
