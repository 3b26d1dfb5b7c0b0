package dev.tollgate.provider;

import dev.tollgate.exchange.Target;
import dev.tollgate.policy.RoutingPolicy;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** One circuit breaker for each target and breaker setting: after so many failures in a row a target is left out for a while. */
public final class Breakers {
    /** Beyond this many targets no further breaker is made: names of models are the client's to invent. */
    private static final int MAX_BREAKERS = 2000;

    private static final int ALL_FAILED_PERCENT = 100;
    private final Map<Slot, CircuitBreaker> breakers = new ConcurrentHashMap<>();

    private record Slot(Target target, RoutingPolicy policy) {}

    Optional<CircuitBreaker> of(Target target, RoutingPolicy policy) {
        if (policy.breakerFailures() == 0) {
            return Optional.empty();
        }
        Slot slot = new Slot(target, policy);
        CircuitBreaker known = breakers.get(slot);
        if (known == null && breakers.size() < MAX_BREAKERS) {
            known = breakers.computeIfAbsent(slot, missing -> CircuitBreaker.of(target.toString(), config(policy)));
        }
        return Optional.ofNullable(known);
    }

    /** State of each breaker by target: {@code CLOSED}, {@code OPEN} or {@code HALF_OPEN}. */
    public Map<String, String> states() {
        Map<String, String> states = new ConcurrentHashMap<>();
        breakers.forEach((slot, breaker) ->
                states.put(slot.target().toString(), breaker.getState().name()));
        return states;
    }

    private static CircuitBreakerConfig config(RoutingPolicy policy) {
        return CircuitBreakerConfig.custom()
                .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(policy.breakerFailures())
                .minimumNumberOfCalls(policy.breakerFailures())
                .failureRateThreshold(ALL_FAILED_PERCENT)
                .waitDurationInOpenState(policy.breakerPause())
                .permittedNumberOfCallsInHalfOpenState(1)
                .build();
    }
}
