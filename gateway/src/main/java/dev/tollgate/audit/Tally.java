package dev.tollgate.audit;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Other;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.AuditRecord.Sealed;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.value.Amounts;
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
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the records up to some point add up to: what was spent by counter, and the calls that have not ended. Grows by one entry per open call
 * and one per counter; {@link #forgetCounters} drops those of past periods. Not safe for use by several threads at once.
 */
final class Tally {
    private static final Logger LOG = LoggerFactory.getLogger(Tally.class);
    private static final int MAX_OTHERS = 10_000;
    private static final int MAX_TOLD = 10_000;
    private static final String ABORTED = "aborted";
    private static final Pattern SEGMENT = Pattern.compile("(\\d{10})\\.journal");

    private final Map<String, Long> spent = new HashMap<>();
    private final Map<ExchangeId, Open> open = new LinkedHashMap<>();
    private final Set<String> others = new TreeSet<>();
    private long dropped;
    private final Map<String, Integer> told = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        // Those told of longest ago go: their periods are over, or they are told of once more.
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MAX_TOLD;
        }
    };

    /**
     * A call without an end.
     *
     * @param at when it was received
     * @param reservation what is held for it
     * @param charge what it costs if it never ends; null where no price is known
     * @param mayBeSent whether it may have gone to a provider
     * @param lost attempts of it that may be billed whatever becomes of it, part of the charge
     */
    record Open(
            Instant at,
            @Nullable Reservation reservation,
            @Nullable NanoUsd charge,
            boolean mayBeSent,
            List<LostAttempt> lost) {
        static Open of(Received received) {
            boolean mayBeSent = Charges.mayBeSent(received.verdicts());
            return new Open(
                    received.at(),
                    received.reservation(),
                    mayBeSent ? charge(received) : NanoUsd.ZERO,
                    mayBeSent,
                    List.of());
        }

        /**
         * The call with more held for it.
         *
         * @param whole with what was lost
         */
        Open raised(Amounts whole, List<LostAttempt> attempts) {
            Reservation held = reservation;
            if (held == null) {
                return this;
            }
            Amounts before = LostAttempt.sum(attempts);
            Amounts alone = new Amounts(
                    whole.nanos() - before.nanos(),
                    whole.tokens() - before.tokens(),
                    held.amounts().requests());
            return new Open(
                    at,
                    held.raised(alone, LostAttempt.spend(attempts)),
                    charge == null || charge.isZero() ? charge : whole.money(),
                    mayBeSent,
                    attempts);
        }

        private static @Nullable NanoUsd charge(Received received) {
            Reservation held = received.reservation();
            return held == null ? received.estimate() : held.amount();
        }
    }

    void add(AuditRecord record) {
        switch (record) {
            case Received received -> open.put(received.exchange(), Open.of(received));
            case Ended ended -> end(ended);
            case Administrative administrative -> {
                if (administrative.action().equals(Recovered.SHARED_WITH) && others.size() < MAX_OTHERS) {
                    others.add(administrative.subject());
                } else if (administrative.action().equals(Administrative.HOLD_RAISED)) {
                    raise(administrative);
                } else if (administrative.action().equals(Administrative.BUDGET_REACHED)) {
                    restoreTold(
                            Recovered.filled(administrative.details()),
                            administrative.details().getOrDefault("percent", ""));
                } else if (administrative.action().equals(Tombstone.ACTION)) {
                    drop(administrative.subject());
                }
            }
            case Sealed sealed -> {
                // Adds to nothing: see Seals.
            }
            case Other other -> {
                // Nothing that this version could add up.
            }
        }
    }

    private void drop(String segment) {
        Matcher name = SEGMENT.matcher(segment);
        if (name.matches()) {
            restoreDropped(Long.parseLong(name.group(1)));
        }
    }

    private void raise(Administrative said) {
        try {
            long nanos = Long.parseLong(said.details().getOrDefault("nanos", ""));
            long tokens = Long.parseLong(said.details().getOrDefault("tokens", ""));
            List<LostAttempt> lost = LostAttempt.read(said.details().getOrDefault("lost", ""));
            open.computeIfPresent(
                    new ExchangeId(said.subject()),
                    (exchange, call) -> call.raised(new Amounts(nanos, tokens, 0), lost));
        } catch (IllegalArgumentException foreign) {
            // Not as this gateway writes it: what was held at first counts.
            LOG.warn("the record that raises the hold of {} is not understood", said.subject(), foreign);
        }
    }

    private void end(Ended ended) {
        Open call = open.remove(ended.exchange());
        if (call == null) {
            return;
        }
        Reservation held = call.reservation();
        Optional<Spend> spend = held == null ? Optional.empty() : Charges.of(call.mayBeSent(), held, ended);
        if (held == null || spend.isEmpty()) {
            return;
        }
        for (String counter : held.counters()) {
            long charge = held.chargeTo(counter, spend.get());
            if (charge != 0) {
                spent.merge(counter, charge, Math::addExact);
            }
        }
    }

    /** The ends that the open calls get when the gateway starts again, in the order in which the calls came in. */
    List<Recovered.Orphan> orphans(Instant now) {
        List<Recovered.Orphan> orphans = new ArrayList<>();
        open.forEach((exchange, call) -> {
            Ended ended = new Ended(
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
                    Math.max(0, Duration.between(call.at(), now).toNanos() / 1000),
                    0,
                    null,
                    call.lost(),
                    List.of());
            Reservation held = call.reservation();
            orphans.add(new Recovered.Orphan(
                    exchange,
                    held,
                    ended,
                    held == null ? Optional.empty() : Charges.of(call.mayBeSent(), held, ended)));
        });
        return orphans;
    }

    /** What people were told of: the newest percent, by counter and period. */
    Map<String, Integer> told() {
        return told;
    }

    void restoreTold(String filled, String percent) {
        try {
            int told = Integer.parseInt(percent);
            this.told.remove(filled);
            this.told.put(filled, told);
        } catch (NumberFormatException foreign) {
            // Not as this gateway writes it: people are told again.
            LOG.warn("the percent that {} was filled to is not understood", filled, foreign);
        }
    }

    void forgetCounters(Predicate<String> stillCounts) {
        spent.keySet().removeIf(stillCounts.negate());
    }

    Map<String, Long> spent() {
        return spent;
    }

    /** Nodes that this one has shared counters with. */
    Set<String> others() {
        return others;
    }

    /** The last segment that a record says is dropped; 0 where none does. It may still be there. */
    long dropped() {
        return dropped;
    }

    void restoreDropped(long segment) {
        dropped = Math.max(dropped, segment);
    }

    Map<ExchangeId, Open> open() {
        return open;
    }

    void restoreSpent(String counter, long amount) {
        spent.put(counter, amount);
    }

    void restoreOpen(ExchangeId exchange, Open call) {
        open.put(exchange, call);
    }
}
