package dev.tollgate.audit;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the records up to some point add up to: money spent by counter, and the calls that have not ended. Grows by one entry per open call
 * and one per counter; {@link #forgetCounters} drops those of past periods. Not safe for use by several threads at once.
 */
final class Tally {
    private static final int MAX_OTHERS = 10_000;
    private static final String ABORTED = "aborted";
    private static final Set<String> NOT_SENT = Set.of("deny", "failed", "hold");

    private final Map<String, Long> spent = new HashMap<>();
    private final Map<ExchangeId, Open> open = new LinkedHashMap<>();
    private final Set<String> others = new TreeSet<>();

    /**
     * A call without an end.
     *
     * @param at when it was received
     * @param reservation what is held for it
     * @param charge what it costs if it never ends; null where no price is known
     */
    record Open(
            Instant at,
            @Nullable Reservation reservation,
            @Nullable NanoUsd charge) {
        static Open of(Received received) {
            return new Open(received.at(), received.reservation(), charge(received));
        }

        private static @Nullable NanoUsd charge(Received received) {
            List<Verdict> verdicts = received.verdicts();
            if (!verdicts.isEmpty() && NOT_SENT.contains(verdicts.getLast().result())) {
                return NanoUsd.ZERO;
            }
            Reservation held = received.reservation();
            return held == null ? received.estimate() : held.amount();
        }

        List<String> counters() {
            return reservation == null ? List.of() : reservation.counters();
        }
    }

    void add(AuditRecord record) {
        switch (record) {
            case Received received -> open.put(received.exchange(), Open.of(received));
            case Ended ended -> end(ended);
            case Administrative administrative -> {
                if (administrative.action().equals(Recovered.SHARED_WITH) && others.size() < MAX_OTHERS) {
                    others.add(administrative.subject());
                }
            }
        }
    }

    private void end(Ended ended) {
        Open call = open.remove(ended.exchange());
        if (call == null) {
            return;
        }
        // As the ledger was told: a call that reached no provider gave its hold back, one without a price settled at
        // nothing.
        boolean reached = ended.attempts() > 0 || ended.result().equals(ABORTED);
        NanoUsd cost = ended.cost();
        if (!reached || cost == null) {
            return;
        }
        for (String counter : call.counters()) {
            spent.merge(counter, cost.nanos(), Math::addExact);
        }
    }

    /** The ends that the open calls get when the gateway starts again, in the order in which the calls came in. */
    List<Recovered.Orphan> orphans(Instant now) {
        List<Recovered.Orphan> orphans = new ArrayList<>();
        open.forEach((exchange, call) -> orphans.add(new Recovered.Orphan(
                exchange,
                call.reservation(),
                new Ended(
                        exchange,
                        now,
                        ABORTED,
                        0,
                        "gateway_stopped",
                        "",
                        0,
                        Usage.NONE,
                        call.charge(),
                        0,
                        0,
                        Math.max(0, Duration.between(call.at(), now).toNanos() / 1000)))));
        return orphans;
    }

    void forgetCounters(Predicate<String> stillCounts) {
        spent.keySet().removeIf(stillCounts.negate());
    }

    Map<String, NanoUsd> spent() {
        Map<String, NanoUsd> amounts = new HashMap<>();
        spent.forEach((counter, nanos) -> amounts.put(counter, new NanoUsd(nanos)));
        return amounts;
    }

    /** Nodes that this one has shared counters with. */
    Set<String> others() {
        return others;
    }

    Map<ExchangeId, Open> open() {
        return open;
    }

    void restoreSpent(String counter, long nanos) {
        spent.put(counter, nanos);
    }

    void restoreOpen(ExchangeId exchange, Open call) {
        open.put(exchange, call);
    }
}
