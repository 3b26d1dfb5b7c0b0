package dev.tollgate.store.redis;

import dev.tollgate.budget.Fit;
import dev.tollgate.budget.Ledger.Answer;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.budget.Ledger.OpenHold;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What this node has spent and holds, whatever became of Redis: where the counters are lost, each node puts its own part back. Changed before
 * a command is sent (an end) or when its answer arrives (a hold), so that what Redis has lost is always in here. Safe on any thread.
 */
final class NodeBooks {
    private static final int MAX_ENDED_REMEMBERED = 100_000;
    private static final int MAX_UNCONFIRMED = 100_000;

    private final Map<String, Long> spent = new HashMap<>();
    private final Map<ExchangeId, Reservation> live = new LinkedHashMap<>();
    private final Map<ExchangeId, End> unconfirmed = bounded(MAX_UNCONFIRMED);
    /** Holds of which nobody knows whether Redis has them. Apart, so that many calls in vain push no end out. */
    private final Map<ExchangeId, End> doubted = bounded(MAX_UNCONFIRMED);
    /** Holds made or raised while Redis was away, of which it does not know. */
    private final Map<ExchangeId, Reservation> local = new LinkedHashMap<>();

    private final Shares shares = new Shares();
    private final Map<ExchangeId, Boolean> ended = bounded(MAX_ENDED_REMEMBERED);

    /**
     * An end that Redis has not confirmed.
     *
     * @param held what was held
     * @param actual what it came to; null for a hold given back
     * @param isOver whether the call has ended; else nobody knows whether Redis holds something for it, and it is to hold nothing
     */
    record End(
            ExchangeId exchange, Reservation held, @Nullable Spend actual, boolean isOver) {}

    /**
     * @param spent what calls that have ended came to, by counter
     * @param live holds of calls that have not
     * @param over calls that have ended and that Redis may still be told of
     */
    record Contribution(Map<String, Long> spent, List<OpenHold> live, List<ExchangeId> over) {}

    // The oldest go: a hold whose end is not told any more is charged whole when its lease runs out.
    private static <V> Map<ExchangeId, V> bounded(int max) {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<ExchangeId, V> eldest) {
                return size() > max;
            }
        };
    }

    /** Begins with what the log knows. */
    synchronized void begin(Map<String, Long> known, List<OpenHold> open) {
        spent.clear();
        live.clear();
        spent.putAll(known);
        shares.begin(known);
        open.forEach(hold -> {
            live.put(hold.exchange(), hold.held());
            shares.held(hold.held());
        });
    }

    /** More is held for a call, unless it has ended since that was asked for. */
    synchronized void raised(ExchangeId exchange, Reservation held) {
        Reservation before = live.replace(exchange, held);
        if (before != null) {
            shares.gaveBack(before);
            shares.held(held);
        }
    }

    synchronized void held(ExchangeId exchange, Reservation held) {
        ended.remove(exchange);
        unconfirmed.remove(exchange);
        doubted.remove(exchange);
        live.put(exchange, held);
        shares.held(held);
    }

    /** What Redis said of counters just before a hold, or instead of one. Beside a raised hold it tells nothing of this node's own part. */
    synchronized void saw(ExchangeId exchange, List<Counter> counters, long[] totals) {
        if (!live.containsKey(exchange)) {
            shares.saw(counters, totals);
        }
    }

    /** Whether a call fits into this node's share of its counters. */
    synchronized Fit share(List<Counter> counters, Amounts amounts, int nodes) {
        return new Fit(counters, amounts, shares.totals(counters, nodes));
    }

    /** Holds within this node's share, without Redis knowing. */
    synchronized Answer holdShare(
            ExchangeId exchange, List<Counter> counters, Amounts amounts, int nodes, Instant leaseUntil) {
        if (unconfirmed.size() >= MAX_UNCONFIRMED || local.size() >= MAX_UNCONFIRMED) {
            throw new IllegalStateException("too many calls wait to be told to Redis: " + MAX_UNCONFIRMED);
        }
        Answer answer = share(counters, amounts, nodes).answer(leaseUntil);
        if (answer instanceof Answer.Granted granted) {
            held(exchange, granted.reservation());
            local.put(exchange, granted.reservation());
        }
        return answer;
    }

    /** Whether a call fits into this node's share of its counters with more in place of what it holds. */
    synchronized Fit shareOfMore(ExchangeId exchange, List<Counter> counters, Amounts amounts, int nodes) {
        Reservation before = live.get(exchange);
        if (before == null) {
            throw new IllegalStateException("exchange " + exchange + " holds nothing");
        }
        shares.gaveBack(before);
        Fit fit = share(counters, amounts, nodes);
        shares.held(before);
        return fit;
    }

    /** Raises a live hold within this node's share, without Redis knowing. */
    synchronized Answer raiseShare(
            ExchangeId exchange, List<Counter> counters, Amounts amounts, int nodes, Instant leaseUntil) {
        Answer answer = shareOfMore(exchange, counters, amounts, nodes).answer(leaseUntil);
        if (answer instanceof Answer.Granted granted) {
            raised(exchange, granted.reservation());
            local.put(exchange, granted.reservation());
        }
        return answer;
    }

    /** Live holds that Redis does not know of, or not of all that they hold. */
    synchronized List<OpenHold> local() {
        List<OpenHold> holds = new ArrayList<>();
        local.forEach((exchange, held) -> holds.add(new OpenHold(exchange, held)));
        return holds;
    }

    /** The hold of a call, if it is one of {@link #local}. */
    synchronized Optional<OpenHold> local(ExchangeId exchange) {
        return Optional.ofNullable(local.get(exchange)).map(held -> new OpenHold(exchange, held));
    }

    /** Redis knows of a hold, unless it was raised since. */
    synchronized void adopted(OpenHold hold) {
        local.remove(hold.exchange(), hold.held());
    }

    /** What a call holds, if it has not ended. */
    synchronized Optional<Reservation> live(ExchangeId exchange) {
        return Optional.ofNullable(live.get(exchange));
    }

    /** Nobody knows whether Redis holds this, because it did not answer: it is to give it back. The call itself may go on without a hold. */
    synchronized void doubt(ExchangeId exchange, Reservation held) {
        if (!live.containsKey(exchange)) {
            ended.remove(exchange);
            doubted.put(exchange, new End(exchange, held, null, false));
        }
    }

    /** Ends a call, once; what Redis must hear of it stays until {@link #confirmed}. */
    synchronized void end(End end) {
        Reservation before = live.remove(end.exchange());
        local.remove(end.exchange());
        doubted.remove(end.exchange());
        if (before != null) {
            shares.gaveBack(before);
        }
        if (before != null || !ended.containsKey(end.exchange())) {
            Spend actual = end.actual();
            if (actual != null) {
                for (String counter : end.held().counters()) {
                    long charge = end.held().chargeTo(counter, actual);
                    if (charge != 0) {
                        spent.merge(counter, charge, Math::addExact);
                        shares.add(counter, charge);
                    }
                }
            }
            unconfirmed.put(end.exchange(), end);
        }
        ended.put(end.exchange(), true);
    }

    /** A call gives its hold back and may yet hold again: Redis is not to take it for over. */
    synchronized void pause(End pause) {
        Reservation before = live.remove(pause.exchange());
        local.remove(pause.exchange());
        if (before != null) {
            shares.gaveBack(before);
            doubted.put(pause.exchange(), pause);
        }
    }

    /** What Redis has still to hear of a call before it holds for it again. */
    synchronized Optional<End> pending(ExchangeId exchange) {
        return doubted.isEmpty() ? Optional.empty() : Optional.ofNullable(doubted.get(exchange));
    }

    /** Redis knows of an end, unless something else became of the call since. */
    synchronized void confirmed(End end) {
        unconfirmed.remove(end.exchange(), end);
        doubted.remove(end.exchange(), end);
    }

    /** Up to {@code max} ends that Redis has not confirmed, the oldest first. */
    synchronized List<End> unconfirmed(int max) {
        return Stream.concat(unconfirmed.values().stream(), doubted.values().stream())
                .limit(max)
                .toList();
    }

    synchronized Contribution contribution() {
        List<OpenHold> holds = new ArrayList<>();
        live.forEach((exchange, held) -> holds.add(new OpenHold(exchange, held)));
        return new Contribution(Map.copyOf(spent), holds, List.copyOf(unconfirmed.keySet()));
    }

    synchronized void forgetCounters(Predicate<String> stillCounts) {
        spent.keySet().removeIf(stillCounts.negate());
        shares.forget(stillCounts);
    }
}
