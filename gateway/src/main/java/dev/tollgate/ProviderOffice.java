package dev.tollgate;

import dev.tollgate.console.ProviderFigures;
import dev.tollgate.policy.PolicySource;
import dev.tollgate.provider.Breakers;
import dev.tollgate.provider.Upstreams;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** How providers do, read from the meters and the breakers of this node. */
final class ProviderOffice implements ProviderFigures {
    /** Results that are the provider's doing. */
    private static final Set<String> FAILURES = Set.of("provider_error", "cut");

    private final MeterRegistry registry;
    private final Breakers breakers;
    private final PolicySource policies;

    ProviderOffice(MeterRegistry registry, Breakers breakers, PolicySource policies) {
        this.registry = registry;
        this.breakers = breakers;
        this.policies = policies;
    }

    /** What is added up for one provider. */
    private static final class Sum {
        private long calls;
        private long failed;
        private long attempts;
        private double meanMillis;
        private double maxMillis;
        private double costUsd;

        Figures figures() {
            return new Figures(calls, failed, attempts, meanMillis, maxMillis, costUsd);
        }
    }

    @Override
    public Map<String, Figures> figures() {
        Map<String, Sum> sums = new HashMap<>();
        for (Counter counter : registry.find("tollgate.exchanges").counters()) {
            Sum sum = sum(sums, counter);
            long count = (long) counter.count();
            sum.calls += count;
            sum.failed += FAILURES.contains(String.valueOf(counter.getId().getTag("result"))) ? count : 0;
        }
        for (Counter counter : registry.find("tollgate.provider.attempts").counters()) {
            sum(sums, counter).attempts += (long) counter.count();
        }
        for (Counter counter : registry.find("tollgate.cost.usd").counters()) {
            sum(sums, counter).costUsd += counter.count();
        }
        for (Timer timer : registry.find("tollgate.first.byte").timers()) {
            Sum sum = sum(sums, timer);
            sum.meanMillis = timer.mean(TimeUnit.MILLISECONDS);
            sum.maxMillis = timer.max(TimeUnit.MILLISECONDS);
        }
        Map<String, Figures> figures = new TreeMap<>();
        sums.forEach((provider, sum) -> figures.put(provider, sum.figures()));
        return figures;
    }

    private static Sum sum(Map<String, Sum> sums, Meter meter) {
        return sums.computeIfAbsent(String.valueOf(meter.getId().getTag("provider")), first -> new Sum());
    }

    @Override
    public Map<String, String> breakers() {
        Map<String, String> states = new TreeMap<>();
        breakers.states().forEach((target, state) -> states.put(target, state.toLowerCase(Locale.ROOT)));
        return states;
    }

    @Override
    public String missing(String provider) {
        Upstreams upstreams = policies.current().view(Upstreams.class);
        return upstreams.accepts(provider, false) ? "" : upstreams.missing(provider);
    }
}
