package dev.tollgate.store.redis;

import dev.tollgate.budget.Ledger.OpenHold;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.value.ExchangeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
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
    private final Map<ExchangeId, Boolean> ended = bounded(MAX_ENDED_REMEMBERED);

    /**
     * An end that Redis has not confirmed.
     *
     * @param held what was held
     * @param actual what it came to; null for a hold given back
     */
    record End(
            ExchangeId exchange, Reservation held, @Nullable Spend actual) {}

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
        open.forEach(hold -> live.put(hold.exchange(), hold.held()));
    }

    /** More is held for a call, unless it has ended since that was asked for. */
    synchronized void raised(ExchangeId exchange, Reservation held) {
        live.computeIfPresent(exchange, (ours, before) -> held);
    }

    synchronized void held(ExchangeId exchange, Reservation held) {
        ended.remove(exchange);
        unconfirmed.remove(exchange);
        live.put(exchange, held);
    }

    /** What a call holds, if it has not ended. */
    synchronized Optional<Reservation> live(ExchangeId exchange) {
        return Optional.ofNullable(live.get(exchange));
    }

    /** Ends a call, once; what Redis must hear of it stays until {@link #confirmed}. */
    synchronized void end(End end) {
        boolean wasLive = live.remove(end.exchange()) != null;
        if (wasLive || !ended.containsKey(end.exchange())) {
            Spend actual = end.actual();
            if (actual != null) {
                for (String counter : end.held().counters()) {
                    long charge = end.held().chargeTo(counter, actual);
                    if (charge != 0) {
                        spent.merge(counter, charge, Math::addExact);
                    }
                }
            }
            unconfirmed.put(end.exchange(), end);
        }
        ended.put(end.exchange(), true);
    }

    synchronized void confirmed(ExchangeId exchange) {
        unconfirmed.remove(exchange);
    }

    /** Up to {@code max} ends that Redis has not confirmed, the oldest first. */
    synchronized List<End> unconfirmed(int max) {
        return unconfirmed.values().stream().limit(max).toList();
    }

    synchronized Contribution contribution() {
        List<OpenHold> holds = new ArrayList<>();
        live.forEach((exchange, held) -> holds.add(new OpenHold(exchange, held)));
        return new Contribution(Map.copyOf(spent), holds, List.copyOf(unconfirmed.keySet()));
    }

    synchronized void forgetCounters(Predicate<String> stillCounts) {
        spent.keySet().removeIf(stillCounts.negate());
    }
}
