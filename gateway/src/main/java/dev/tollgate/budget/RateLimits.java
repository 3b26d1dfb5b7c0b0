package dev.tollgate.budget;

import dev.tollgate.budget.RateLimiter.Demand;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Route;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.RateLimitsPolicy;
import dev.tollgate.policy.RateLimitsPolicy.Counting;
import dev.tollgate.policy.RateLimitsPolicy.RateLimitEntry;
import dev.tollgate.policy.ViewCompiler;
import dev.tollgate.value.RateLimit;
import dev.tollgate.value.RateLimit.Metric;
import dev.tollgate.value.RateLimit.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rate limits of a policy: what a call takes from which. Immutable, safe on any thread. */
public final class RateLimits {
    private final List<Entry> entries;

    private RateLimits(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** Whether the policy has no rate limit at all. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /**
     * What a call takes before it is sent: one request, one slot, and the tokens it is expected to use. Limits by model or provider are
     * those of the target that is tried first.
     *
     * @param isReleased whether a person has let it go on: then it was counted as a request before
     */
    public List<Demand> demands(Caller caller, Route route, Tokens expected, boolean isReleased) {
        List<Demand> demands = new ArrayList<>();
        Target target = route.first();
        for (Entry entry : entries) {
            if (entry.selection.matches(caller, route.alias(), target)) {
                entry.demand(caller, route.alias(), target, expected, isReleased, demands);
            }
        }
        return demands;
    }

    /**
     * @param input tokens in, cached ones included
     * @param cached those of them that the provider had in its cache
     * @param output tokens out
     */
    public record Tokens(long input, long cached, long output) {
        public static final Tokens NONE = new Tokens(0, 0, 0);

        long of(Metric metric, boolean countCached) {
            long in = countCached ? input : input - cached;
            return switch (metric) {
                case TOKENS -> in + output;
                case INPUT_TOKENS -> in;
                case OUTPUT_TOKENS -> output;
                case REQUESTS, CONCURRENCY, SPEND, LEAVE -> 1;
            };
        }
    }

    /** What a call used of a limit; the entry with that id tells whether cached input counts. */
    long used(RateLimit limit, Tokens tokens) {
        for (Entry entry : entries) {
            if (entry.id.equals(limit.id())) {
                return tokens.of(limit.metric(), entry.countCached);
            }
        }
        return tokens.of(limit.metric(), true);
    }

    /** Compiles the rate limits of a bundle. */
    public static ViewCompiler<RateLimits> compiler() {
        return new ViewCompiler<>() {
            @Override
            public Class<RateLimits> type() {
                return RateLimits.class;
            }

            @Override
            public RateLimits compile(Bundle bundle) throws PolicyException {
                return of(bundle.rateLimits());
            }
        };
    }

    static RateLimits of(RateLimitsPolicy policy) throws PolicyException {
        Set<String> ids = new HashSet<>();
        List<Entry> entries = new ArrayList<>();
        int index = 0;
        for (RateLimitEntry entry : policy.limits()) {
            String path = "rate_limits.limits[" + index++ + "]";
            Selection.requireId(entry.id(), path + ".id");
            // Two limits of one id would share their counters and so each count the other's calls.
            if (!ids.add(entry.id())) {
                throw PolicyException.at(path + ".id", '"' + entry.id() + "\" is used twice");
            }
            Selection selection = Selection.of(entry.match(), entry.scope(), path);
            Entry compiled = new Entry(entry, selection, policy.mode() == Mode.ENFORCE);
            if (compiled.limits.isEmpty()) {
                throw PolicyException.at(
                        path, "limits nothing; set one of requests, tokens, input_tokens, output_tokens, concurrency");
            }
            if (entry.mode() != Mode.OFF) {
                entries.add(compiled);
            }
        }
        return new RateLimits(policy.mode() == Mode.OFF ? List.of() : entries);
    }

    private static final class Entry {
        private final String id;
        private final Selection selection;
        private final boolean countCached;
        private final boolean isByTarget;
        private final List<RateLimit> limits = new ArrayList<>();
        private final List<String> series = new ArrayList<>();

        Entry(RateLimitEntry entry, Selection selection, boolean enforces) {
            this.id = entry.id();
            this.selection = selection;
            this.countCached = entry.countCached();
            this.isByTarget = selection.isByTarget();
            boolean isEnforced = enforces && entry.mode() == Mode.ENFORCE;
            add(entry, Metric.REQUESTS, entry.requests(), isEnforced);
            add(entry, Metric.TOKENS, entry.tokens(), isEnforced);
            add(entry, Metric.INPUT_TOKENS, entry.inputTokens(), isEnforced);
            add(entry, Metric.OUTPUT_TOKENS, entry.outputTokens(), isEnforced);
            add(entry, Metric.CONCURRENCY, entry.concurrency(), isEnforced);
        }

        private void add(RateLimitEntry entry, Metric metric, @Nullable Long most, boolean isEnforced) {
            if (most == null) {
                return;
            }
            boolean isBucket = entry.counting() == Counting.BUCKET;
            Shape shape = metric == Metric.CONCURRENCY ? Shape.SLOTS : isBucket ? Shape.BUCKET : Shape.WINDOW;
            long capacity = shape == Shape.BUCKET ? Math.max(1, Math.round(most * entry.burst())) : most;
            long perMillis = shape == Shape.SLOTS ? 0 : entry.per().toMillis();
            limits.add(new RateLimit(entry.id(), metric, shape, most, perMillis, capacity, isEnforced));
            // The shape and the period are part of the key: a counter of another shape means something else.
            String kind = (metric + "-" + shape).toLowerCase(Locale.ROOT) + perMillis;
            series.add(entry.id() + "/" + kind + "/" + selection.scopeName() + "/");
        }

        void demand(
                Caller caller,
                @Nullable String alias,
                Target target,
                Tokens expected,
                boolean isReleased,
                List<Demand> demands) {
            String subject = selection.subject(caller, alias, target);
            String served = isByTarget ? target.toString() : "";
            for (int i = 0; i < limits.size(); i++) {
                RateLimit limit = limits.get(i);
                if (!isReleased || limit.metric() != Metric.REQUESTS) {
                    demands.add(new Demand(
                            limit, series.get(i) + subject, served, expected.of(limit.metric(), countCached)));
                }
            }
        }
    }
}
