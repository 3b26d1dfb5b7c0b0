package dev.tollgate.stage;

import dev.tollgate.budget.Guards;
import dev.tollgate.budget.RateKeeper;
import dev.tollgate.budget.Trip;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Grant;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Decision.Hold;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.pipeline.Denial;
import dev.tollgate.pipeline.Notice;
import dev.tollgate.pipeline.Notifier;
import dev.tollgate.policy.GuardPolicy.Action;
import dev.tollgate.policy.NotifyPolicy.Event;
import dev.tollgate.wire.Problem;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what the guard's rules say about what it has found: refuses, asks a person, or tells people and lets the call go on. */
final class GuardAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(GuardAnswer.class);

    private final RateKeeper keeper;
    private final Notifier notifier;
    private final InstantSource clock;

    GuardAnswer(RateKeeper keeper, Notifier notifier, InstantSource clock) {
        this.keeper = keeper;
        this.notifier = notifier;
        this.clock = clock;
    }

    /**
     * @param exchange with what it has taken from rate limits
     * @param trips at least one
     * @param otherwise what is answered where none of them stops the call
     */
    Future<Decision> answer(Exchange exchange, List<Trip> trips, Proceed otherwise) {
        boolean isEnforced = exchange.policy().view(Guards.class).isEnforced();
        if (!isEnforced) {
            return Future.succeededFuture(marked(otherwise, trips, "would "));
        }
        trips.forEach(trip -> tell(exchange, trip));
        for (Trip trip : trips) {
            if (trip.action() == Action.DENY) {
                keeper.release(exchange);
                Problem problem =
                        Problem.of(Problem.Kind.POLICY, "runaway_stopped", trip.message() + " (" + trip.rule() + ")");
                return Future.succeededFuture(new Deny(new Denial(problem, List.of(trip.rule()))));
            }
        }
        List<Trip> holds =
                trips.stream().filter(trip -> trip.action() == Action.HOLD).toList();
        return ask(exchange, holds, 0, marked(otherwise, trips, ""));
    }

    /** Asks a person about the first of the trips for which nobody has given leave. */
    private Future<Decision> ask(Exchange exchange, List<Trip> holds, int index, Proceed otherwise) {
        if (index == holds.size()) {
            return Future.succeededFuture(otherwise);
        }
        Trip trip = holds.get(index);
        Grant grant = exchange.grant();
        boolean isGiven = grant != null && grant.covers(trip.rule());
        Function<Boolean, Future<Decision>> follow = hasLeave ->
                hasLeave ? ask(exchange, holds, index + 1, otherwise) : Future.succeededFuture(hold(exchange, trip));
        return keeper.hasLeave(exchange, trip, isGiven).compose(follow, failure -> switch (exchange.policy()
                .bundle()
                .store()
                .whenAway()) {
            // Going on would be a way around every person who has not given leave: the pipeline answers 503.
            case CLOSED -> {
                keeper.release(exchange);
                yield Future.failedFuture(failure);
            }
            case LOCAL_SHARE -> keeper.hasLeaveAlone(exchange, trip, isGiven).compose(follow);
            case OPEN -> ask(exchange, holds, index + 1, unasked(otherwise));
        });
    }

    private Hold hold(Exchange exchange, Trip trip) {
        keeper.release(exchange);
        return new Hold(
                trip.rule(),
                trip.message() + ": continue?",
                exchange.policy().view(Guards.class).deadline(),
                trip.subject());
    }

    /** What is said of a call for which nobody can tell whether a person has given leave. */
    private static Proceed unasked(Proceed otherwise) {
        if (otherwise.rules().contains(LimitStage.AWAY)) {
            return otherwise;
        }
        List<String> rules = new ArrayList<>(otherwise.rules());
        rules.add(LimitStage.AWAY);
        return new Proceed(
                otherwise.exchange(),
                rules,
                otherwise.detail()
                        + "; nobody was asked: the leave that people give is away and the policy lets calls pass");
    }

    private static Proceed marked(Proceed otherwise, List<Trip> trips, String would) {
        List<String> rules = new ArrayList<>(otherwise.rules());
        StringBuilder detail = new StringBuilder(otherwise.detail());
        for (Trip trip : trips) {
            rules.add(trip.rule());
            detail.append(detail.isEmpty() ? "" : "; ");
            if (!would.isEmpty()) {
                detail.append(would).append(word(trip)).append(": ");
            }
            detail.append(trip.message());
        }
        return new Proceed(otherwise.exchange(), rules, detail.toString());
    }

    private void tell(Exchange exchange, Trip trip) {
        if (!keeper.isNews(trip)) {
            return;
        }
        String agent = exchange.caller().agent().value();
        String session = exchange.caller().session().map(Object::toString).orElse("");
        LOG.warn(
                "{} ({}): {}, in exchange {} of agent {}",
                trip.rule(),
                word(trip),
                trip.message(),
                exchange.id(),
                agent);
        notifier.tell(new Notice(
                Event.GUARD,
                clock.instant(),
                trip.rule(),
                "Agent " + agent + ": " + trip.message() + " (" + word(trip) + ")",
                Map.of(
                        "rule", trip.rule(),
                        "action", word(trip),
                        "agent", agent,
                        "session", session,
                        "exchange", exchange.id().value())));
    }

    private static String word(Trip trip) {
        return trip.action().name().toLowerCase(Locale.ROOT);
    }
}
