package dev.tollgate;

import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.Recovered;
import dev.tollgate.audit.Recovered.Orphan;
import dev.tollgate.budget.CounterPeriod;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.OpenHold;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.store.memory.MemoryLedger;
import dev.tollgate.store.redis.RedisLedger;
import dev.tollgate.store.redis.RedisStore;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the counters of money and makes them agree with the journal: what the log knows is counted once, and every hold that a former life of
 * this node left behind is settled as the log says. Blocks: not for event loops.
 */
final class LedgerOpening {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerOpening.class);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String ABORTED = "aborted";

    private final Journal journal;
    private final CaughtUp log;
    private final InstantSource clock;

    LedgerOpening(Journal journal, CaughtUp log, InstantSource clock) {
        this.journal = journal;
        this.log = log;
        this.clock = clock;
    }

    /** Tells of the log up to this moment. */
    @FunctionalInterface
    interface CaughtUp {
        /** Blocks until the index holds all that the journal holds. */
        AuditIndex index() throws Exception;
    }

    Ledger inMemory() throws IOException {
        return restored(new MemoryLedger(clock));
    }

    Ledger inRedis(RedisStore redis) throws IOException {
        RedisLedger.Self self = new RedisLedger.Self(
                journal.head().node(),
                journal.recovered().others(),
                this::record,
                counter -> CounterPeriod.isOpen(counter, clock.instant()));
        return restored(redis.ledger(RedisStore.INSTALLATION, self));
    }

    private void record(String other) {
        journal.append(new Administrative(clock.instant(), Recovered.SHARED_WITH, "gateway", other, Map.of()))
                .onFailure(failure -> LOG.error("node {} could not be recorded: {}", other, failure.toString()));
    }

    /**
     * A hold and what its call came to.
     *
     * @param cost zero where it did not reach a provider
     * @param isCounted whether the cost is part of what the journal added up
     */
    private record Loose(OpenHold hold, NanoUsd cost, boolean isCounted) {}

    private Ledger restored(Ledger ledger) throws IOException {
        Map<ExchangeId, Loose> loose = new LinkedHashMap<>();
        for (Orphan orphan : journal.recovered().orphans()) {
            Reservation held = orphan.reservation();
            if (held != null && !held.counters().isEmpty()) {
                loose.put(orphan.exchange(), loose(new OpenHold(orphan.exchange(), held), Optional.of(orphan.ended())));
            }
        }
        List<OpenHold> left = Blocking.await(ledger.unfinished(), PATIENCE).stream()
                .filter(hold -> !loose.containsKey(hold.exchange()))
                .toList();
        if (!left.isEmpty()) {
            AuditIndex index = index();
            for (OpenHold hold : left) {
                loose.put(hold.exchange(), loose(hold, end(index, hold.exchange())));
            }
        }
        List<OpenHold> open = loose.values().stream().map(Loose::hold).toList();
        Blocking.await(ledger.restore(spentWithout(loose), open), PATIENCE);
        for (Loose one : loose.values()) {
            Blocking.await(ledger.settle(one.hold().exchange(), one.hold().held(), one.cost()), PATIENCE);
        }
        return ledger;
    }

    private AuditIndex index() throws IOException {
        try {
            return log.index();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        } catch (Exception failure) {
            throw new IOException("the index cannot be brought up to date: " + failure.getMessage(), failure);
        }
    }

    private static Optional<Ended> end(AuditIndex index, ExchangeId exchange) throws IOException {
        return Blocking.await(index.find(exchange.value()), PATIENCE).flatMap(ExchangeRow::ended);
    }

    /** A call of which the log knows nothing was never acknowledged: no provider was called, and it costs nothing. */
    private static Loose loose(OpenHold hold, Optional<Ended> end) {
        NanoUsd cost = end.filter(
                        ended -> ended.attempts() > 0 || ended.result().equals(ABORTED))
                .map(Ended::cost)
                .orElse(null);
        return cost == null ? new Loose(hold, NanoUsd.ZERO, false) : new Loose(hold, cost, true);
    }

    private Map<String, NanoUsd> spentWithout(Map<ExchangeId, Loose> loose) {
        Map<String, NanoUsd> spent = new HashMap<>(journal.recovered().spent());
        for (Loose one : loose.values()) {
            if (one.isCounted()) {
                for (String counter : one.hold().held().counters()) {
                    spent.computeIfPresent(
                            counter,
                            (key, sum) -> new NanoUsd(sum.nanos() - one.cost().nanos()));
                }
            }
        }
        return spent;
    }
}
