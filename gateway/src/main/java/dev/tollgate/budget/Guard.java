package dev.tollgate.budget;

import dev.tollgate.budget.GuardMemory.Pace;
import dev.tollgate.budget.Guards.SpendWatch;
import dev.tollgate.budget.RateLimiter.Demand;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Labels;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.GuardPolicy.Action;
import dev.tollgate.policy.GuardPolicy.RepeatedCalls;
import dev.tollgate.policy.GuardPolicy.RepeatedToolCalls;
import dev.tollgate.policy.GuardPolicy.SubAgents;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.RateLimit;
import dev.tollgate.value.RateLimit.Metric;
import dev.tollgate.value.RateLimit.Shape;
import dev.tollgate.wire.ToolHistory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at each call for signs of an agent that runs away. What it remembers is bounded and this node's; limits on spend are shared. */
public final class Guard {
    /** Nobody is told again of the same within this time. */
    private static final Duration PAUSE = Duration.ofMinutes(10);

    private final InstantSource clock;
    private final GuardMemory memory = new GuardMemory();

    public Guard(InstantSource clock) {
        this.clock = clock;
    }

    /** What the shared counters are asked about a call: nothing is taken, what it costs is added when it ends. */
    List<Demand> demands(Exchange exchange) {
        List<SpendWatch> watches = exchange.policy().view(Guards.class).spend();
        if (watches.isEmpty()) {
            return List.of();
        }
        List<Demand> demands = new ArrayList<>(watches.size());
        Target target = exchange.route().first();
        for (SpendWatch watch : watches) {
            if (watch.limit() != null && watch.selection().matches(exchange.caller(), alias(exchange), target)) {
                String served = watch.selection().isByTarget() ? target.toString() : "";
                demands.add(new Demand(watch.limit(), watch.rule() + "/" + subject(exchange, watch), served, 0));
            }
        }
        return demands;
    }

    private static @Nullable String alias(Exchange exchange) {
        return exchange.route().alias();
    }

    private static String subject(Exchange exchange, SpendWatch watch) {
        return watch.selection()
                .subject(exchange.caller(), alias(exchange), exchange.route().first());
    }

    /**
     * Everything that is found in a call.
     *
     * @param exceeded limits that the shared counters said are exceeded, the guard's among them
     */
    public List<Trip> look(Exchange exchange, List<RateLimit> exceeded) {
        Guards guards = exchange.policy().view(Guards.class);
        // A call that was held and let go was looked at before.
        if (guards.isEmpty() || !exchange.facts().generates()) {
            return List.of();
        }
        List<Trip> trips = new ArrayList<>(0);
        long now = clock.millis();
        long session = Turns.session(exchange.caller());
        if (session != 0) {
            repeatedCalls(exchange, guards.policy().repeatedCalls(), session, now, trips);
            subAgents(exchange.caller(), guards.policy().subAgents(), session, now, trips);
        }
        repeatedToolCalls(exchange, guards.policy().repeatedToolCalls(), trips);
        spend(exchange, guards, exceeded, now, trips);
        return trips;
    }

    private void repeatedCalls(Exchange exchange, RepeatedCalls rule, long session, long now, List<Trip> trips) {
        if (rule.action() == Action.OFF || exchange.grant() != null) {
            return;
        }
        long turn = Turns.turn(session, exchange.facts(), rule.similar());
        if (turn == 0) {
            return;
        }
        int times = memory.comes(turn, rule.within().toMillis(), now);
        if (times > rule.times()) {
            trips.add(new Trip(
                    Guards.REPEATED_CALLS,
                    rule.action(),
                    named(exchange.caller()),
                    "the same turn came " + times + " times within " + words(rule.within())
                            + " in one session, more than " + rule.times()));
        }
    }

    private static void repeatedToolCalls(Exchange exchange, RepeatedToolCalls rule, List<Trip> trips) {
        Content content = exchange.content();
        if (rule.action() == Action.OFF || content.json() == null) {
            return;
        }
        ToolHistory.Repeats repeats = ToolHistory.repeats(content.json(), content.bytes(), rule.among(), rule.times());
        if (repeats.times() > rule.times()) {
            trips.add(new Trip(
                    Guards.REPEATED_TOOL_CALLS,
                    rule.action(),
                    named(exchange.caller()),
                    "the agent called one tool " + repeats.times() + " times with the same arguments among its last "
                            + rule.among() + " calls of tools, more than " + rule.times()));
        }
    }

    private void subAgents(Caller caller, SubAgents rule, long session, long now, List<Trip> trips) {
        Labels labels = caller.labels();
        if (rule.action() == Action.OFF || labels.depth() == 0) {
            return;
        }
        if (labels.depth() > rule.depth()) {
            trips.add(new Trip(
                    Guards.DEPTH,
                    rule.action(),
                    named(caller),
                    "a helper " + labels.depth() + " deep calls, the limit is " + rule.depth()));
        }
        if (memory.isOneTooMany(
                session,
                Turns.hash(labels.subAgent()),
                rule.fanOut(),
                rule.within().toMillis(),
                now)) {
            trips.add(new Trip(
                    Guards.FAN_OUT,
                    rule.action(),
                    named(caller),
                    "the session has more than " + rule.fanOut() + " helpers within " + words(rule.within())));
        }
    }

    private void spend(Exchange exchange, Guards guards, List<RateLimit> exceeded, long now, List<Trip> trips) {
        for (SpendWatch watch : guards.spend()) {
            String message = null;
            if (watch.limit() != null && exceeded.contains(watch.limit())) {
                message = "more than " + watch.entry().limit() + " was spent within "
                        + words(watch.entry().within());
            } else if (watch.entry().timesUsual() != null
                    && watch.selection()
                            .matches(
                                    exchange.caller(),
                                    alias(exchange),
                                    exchange.route().first())) {
                message = unusual(exchange, watch, now);
            }
            if (message != null) {
                String subject = subject(exchange, watch);
                trips.add(new Trip(
                        watch.rule(),
                        watch.entry().action(),
                        subject,
                        message + " by " + watch.selection().scopeName() + (subject.isEmpty() ? "" : " " + subject)));
            }
        }
    }

    private @Nullable String unusual(Exchange exchange, SpendWatch watch, long now) {
        Pace.Compared pace =
                memory.pace(pace(exchange, watch), watch.entry().within().toMillis(), now);
        Double times = watch.entry().timesUsual();
        if (times == null
                || pace.usual() == 0
                || pace.nanos() < watch.entry().atLeast().nanos()
                || pace.nanos() <= pace.usual() * times) {
            return null;
        }
        return new NanoUsd(pace.nanos()) + " was spent in "
                + words(watch.entry().within()) + ", more than " + times + " times the usual "
                + new NanoUsd(pace.usual());
    }

    private static long pace(Exchange exchange, SpendWatch watch) {
        return Turns.mix(Turns.hash(watch.rule()), Turns.hash(subject(exchange, watch)));
    }

    /** Learns what a call cost. */
    void spent(Exchange exchange, NanoUsd cost) {
        for (SpendWatch watch : exchange.policy().view(Guards.class).spend()) {
            if (watch.entry().timesUsual() != null
                    && watch.selection()
                            .matches(
                                    exchange.caller(),
                                    alias(exchange),
                                    exchange.route().first())) {
                memory.spent(
                        pace(exchange, watch),
                        cost.nanos(),
                        watch.entry().within().toMillis(),
                        clock.millis());
            }
        }
    }

    /** Whether nobody was told of this a short while ago. */
    public boolean isNews(Trip trip) {
        return memory.isNews(
                Turns.mix(Turns.hash(trip.rule()), Turns.hash(trip.subject())), PAUSE.toMillis(), clock.millis());
    }

    /** The leave to go on that a person may have given. */
    static Demand leave(Guards guards, Trip trip, boolean isGiven) {
        long millis = guards.policy().continueFor().toMillis();
        // Given to several calls at once it is taken once: what stands is not made longer.
        RateLimit leave = new RateLimit(trip.rule(), Metric.LEAVE, Shape.BUCKET, 1, millis, 1, isGiven);
        return new Demand(leave, trip.rule() + "/leave/" + trip.subject(), "", isGiven ? 1 : 0);
    }

    private static String named(Caller caller) {
        String session = caller.session().isPresent() ? caller.session().get().value() : "";
        return Subjects.escape(caller.key().value()) + "+" + Subjects.escape(session);
    }

    private static String words(Duration time) {
        long seconds = time.toSeconds();
        return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }
}
