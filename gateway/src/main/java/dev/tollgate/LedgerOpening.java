package dev.tollgate;

import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.Charges;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.Recovered;
import dev.tollgate.audit.Recovered.Orphan;
import dev.tollgate.budget.CounterPeriod;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.OpenHold;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.store.memory.MemoryLedger;
import dev.tollgate.store.redis.RedisLedger;
import dev.tollgate.store.redis.RedisStore;
import dev.tollgate.value.ExchangeId;
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
                counter -> CounterPeriod.isOpen(counter, clock.instant()),
                clock);
        return restored(redis.ledger(RedisStore.INSTALLATION, self));
    }

    private void record(String other) {
        journal.append(new Administrative(clock.instant(), Recovered.SHARED_WITH, "gateway", other, Map.of()))
                .onFailure(failure -> LOG.error("node {} could not be recorded: {}", other, failure.toString()));
    }

    /**
     * A hold and what its call came to.
     *
     * @param spend empty where it did not reach a provider
     */
    private record Loose(OpenHold hold, Optional<Spend> spend) {}

    private Ledger restored(Ledger ledger) throws IOException {
        Map<ExchangeId, Loose> loose = new LinkedHashMap<>();
        for (Orphan orphan : journal.recovered().orphans()) {
            Reservation held = orphan.reservation();
            if (held != null && !held.counters().isEmpty()) {
                loose.put(orphan.exchange(), new Loose(new OpenHold(orphan.exchange(), held), orphan.spend()));
            }
        }
        List<OpenHold> left = Blocking.await(ledger.unfinished(), PATIENCE).stream()
                .filter(hold -> !loose.containsKey(hold.exchange()))
                .toList();
        if (!left.isEmpty()) {
            AuditIndex index = index();
            for (OpenHold hold : left) {
                loose.put(hold.exchange(), loose(index, hold));
            }
        }
        List<OpenHold> open = loose.values().stream().map(Loose::hold).toList();
        Blocking.await(ledger.restore(spentWithout(loose), open), PATIENCE);
        for (Loose one : loose.values()) {
            OpenHold hold = one.hold();
            Blocking.await(
                    one.spend().isPresent()
                            ? ledger.settle(
                                    hold.exchange(), hold.held(), one.spend().get())
                            : ledger.release(hold.exchange(), hold.held()),
                    PATIENCE);
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

    /** A call of which the log knows nothing was never acknowledged: no provider was called, and it costs nothing. */
    private static Loose loose(AuditIndex index, OpenHold hold) throws IOException {
        Optional<ExchangeRow> row = Blocking.await(index.find(hold.exchange().value()), PATIENCE);
        // The record knows more of the hold than the ledger: which counters belong to which target.
        OpenHold known = row.map(ExchangeRow::received)
                .map(Received::reservation)
                .map(held -> new OpenHold(hold.exchange(), held))
                .orElse(hold);
        return new Loose(
                known,
                row.flatMap(ExchangeRow::ended)
                        .flatMap(ended -> Charges.of(row.get().received().verdicts(), known.held(), ended)));
    }

    private Map<String, Long> spentWithout(Map<ExchangeId, Loose> loose) {
        Map<String, Long> spent = new HashMap<>(journal.recovered().spent());
        for (Loose one : loose.values()) {
            Reservation held = one.hold().held();
            one.spend()
                    .ifPresent(spend -> held.counters()
                            .forEach(counter -> spent.computeIfPresent(
                                    counter, (key, sum) -> sum - held.chargeTo(counter, spend))));
        }
        return spent;
    }
}
