package dev.tollgate.http;

import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the data plane counts, under names that begin with {@code tollgate_}. Tags hold ids of the policy only, never anything a client
 * made up, and each tag is bounded: values past its bound are counted as {@code other}. Safe on any thread.
 */
public final class Meters {
    /** Most distinct providers told apart. */
    static final int MAX_PROVIDERS = 100;
    /** Most distinct wires told apart. */
    static final int MAX_WIRES = 32;
    /** Most distinct results, stages and statuses told apart, each. */
    static final int MAX_WORDS = 48;

    private static final double DOLLARS_PER_NANO = 1e-9;
    private static final List<Duration> STAGE_BOUNDS = List.of(
            Duration.ofNanos(50_000),
            Duration.ofNanos(200_000),
            Duration.ofMillis(1),
            Duration.ofMillis(5),
            Duration.ofMillis(50),
            Duration.ofSeconds(1));
    private static final List<Duration> EXCHANGE_BOUNDS = List.of(
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            Duration.ofMinutes(5));

    private static final Family UNRECORDED = Family.counter("tollgate.exchanges.unrecorded");
    private static final Family REFUSED = Family.counter("tollgate.requests.refused", "status");
    private static final Family EXCHANGES = Family.counter("tollgate.exchanges", "wire", "provider", "result");
    private static final Family ATTEMPTS = Family.counter("tollgate.provider.attempts", "provider");
    private static final Family TOKENS = Family.counter("tollgate.tokens", "provider", "kind");
    private static final Family UNPRICED = Family.counter("tollgate.unpriced", "provider");
    private static final Family COST = Family.counter("tollgate.cost.usd", "provider");
    private static final Family DURATION = Family.timer("tollgate.exchange", EXCHANGE_BOUNDS, "wire", "result");
    private static final Family STAGE = Family.timer("tollgate.stage", STAGE_BOUNDS, "stage", "result");
    private static final Family FIRST_BYTE = Family.timer("tollgate.first.byte", EXCHANGE_BOUNDS, "provider");

    private final MeterRegistry registry;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger queued = new AtomicInteger();
    private final BoundedTag providers = new BoundedTag(MAX_PROVIDERS);
    private final BoundedTag wires = new BoundedTag(MAX_WIRES);
    private final BoundedTag words = new BoundedTag(MAX_WORDS);
    /** Looking a meter up in the registry costs more than counting; bounded because every tag is. */
    private final Map<Series, Counter> counters = new ConcurrentHashMap<>();

    private final Map<Series, Timer> timers = new ConcurrentHashMap<>();

    public Meters(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("tollgate.open.exchanges", open, AtomicInteger::get)
                .description("Exchanges received and not ended")
                .register(registry);
        Gauge.builder("tollgate.held.calls", held, AtomicInteger::get)
                .description("Calls waiting for a person on this node")
                .register(registry);
        Gauge.builder("tollgate.queued.calls", queued, AtomicInteger::get)
                .description("Calls waiting for a place under way on this node")
                .register(registry);
    }

    /** An exchange began. Balanced by one {@link #ended}. */
    public void opened() {
        open.incrementAndGet();
    }

    /** A client begins to wait for a person. Balanced by one {@link #released}. */
    public void held() {
        held.incrementAndGet();
    }

    /** A client no longer waits for a person, however it ended. */
    public void released() {
        held.decrementAndGet();
    }

    /** A call begins to wait for a place under way. Balanced by one {@link #dequeued}. */
    void queued() {
        queued.incrementAndGet();
    }

    /** A call no longer waits for a place. */
    void dequeued() {
        queued.decrementAndGet();
    }

    /** An exchange ended that could not be recorded. */
    public void abandoned() {
        open.decrementAndGet();
        counter(UNRECORDED, "", "", "").increment();
    }

    /** A request was turned away before it became an exchange: malformed, unknown path, over a limit. */
    public void refused(int status) {
        counter(REFUSED, words.of(Integer.toString(status)), "", "").increment();
    }

    /** An exchange ended, however it did. */
    public void ended(Received received, Ended ended) {
        open.decrementAndGet();
        String wire = wires.of(received.wire());
        String provider = providers.of(providerOf(ended.target()));
        String result = words.of(ended.result());
        counter(EXCHANGES, wire, provider, result).increment();
        timer(DURATION, wire, result).record(ended.durationMicros(), TimeUnit.MICROSECONDS);
        for (Verdict verdict : received.verdicts()) {
            timer(STAGE, words.of(verdict.stage()), words.of(verdict.result()))
                    .record(verdict.micros(), TimeUnit.MICROSECONDS);
        }
        if (ended.attempts() > 0) {
            counter(ATTEMPTS, provider, "", "").increment(ended.attempts());
            timer(FIRST_BYTE, provider, "").record(ended.firstByteMicros(), TimeUnit.MICROSECONDS);
            count(provider, ended.usage());
            count(provider, ended);
        }
    }

    private void count(String provider, Usage usage) {
        tokens(provider, "input", usage.input() + usage.audioInput() + usage.imageInput());
        tokens(provider, "cache_read", usage.cacheRead());
        tokens(provider, "cache_write", usage.cacheWrite() + usage.cacheWriteLong());
        tokens(provider, "output", usage.output() + usage.audioOutput() + usage.imageOutput());
        tokens(provider, "reasoning", usage.reasoning());
    }

    private void tokens(String provider, String kind, long amount) {
        if (amount > 0) {
            counter(TOKENS, provider, kind, "").increment((double) amount);
        }
    }

    private void count(String provider, Ended ended) {
        NanoUsd cost = ended.cost();
        if (cost == null) {
            counter(UNPRICED, provider, "", "").increment();
        } else if (cost.nanos() > 0) {
            counter(COST, provider, "", "").increment(cost.nanos() * DOLLARS_PER_NANO);
        }
    }

    private static String providerOf(String target) {
        int slash = target.indexOf('/');
        return slash > 0 ? target.substring(0, slash) : "none";
    }

    private Counter counter(Family family, String first, String second, String third) {
        Series series = new Series(family, first, second, third);
        Counter known = counters.get(series);
        return known != null
                ? known
                : counters.computeIfAbsent(series, added -> registry.counter(family.name, added.tags()));
    }

    private Timer timer(Family family, String first, String second) {
        Series series = new Series(family, first, second, "");
        Timer known = timers.get(series);
        return known != null
                ? known
                : timers.computeIfAbsent(
                        series,
                        added -> Timer.builder(family.name)
                                .tags(added.tags())
                                .serviceLevelObjectives(family.bounds.toArray(Duration[]::new))
                                .register(registry));
    }

    /**
     * Meters of one name.
     *
     * @param bounds of the histogram of a timer
     * @param tags names of up to three tags
     */
    private record Family(String name, List<Duration> bounds, List<String> tags) {
        static Family counter(String name, String... tags) {
            return new Family(name, List.of(), List.of(tags));
        }

        static Family timer(String name, List<Duration> bounds, String... tags) {
            return new Family(name, bounds, List.of(tags));
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Family family && family.name.equals(name);
        }
    }

    /** One meter: the values of its family's tags, in their order, empty for tags it has not. */
    private record Series(Family family, String first, String second, String third) {
        Tags tags() {
            List<String> values = List.of(first, second, third);
            Tags tags = Tags.empty();
            for (int i = 0; i < family.tags.size(); i++) {
                tags = tags.and(family.tags.get(i), values.get(i));
            }
            return tags;
        }
    }

    /** The values of one tag: the first so many are told apart, the rest is {@code other}. */
    private static final class BoundedTag {
        private final int bound;
        private final Map<String, String> known = new ConcurrentHashMap<>();

        BoundedTag(int bound) {
            this.bound = bound;
        }

        String of(String value) {
            String seen = known.get(value);
            if (seen != null) {
                return seen;
            }
            if (known.size() >= bound) {
                return "other";
            }
            known.put(value, value);
            return value;
        }
    }
}
