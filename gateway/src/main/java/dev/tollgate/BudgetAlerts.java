package dev.tollgate;

import dev.tollgate.audit.AuditLog;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.Recovered;
import dev.tollgate.budget.Budgets;
import dev.tollgate.budget.Filling;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Standing;
import dev.tollgate.pipeline.Notice;
import dev.tollgate.pipeline.Notifier;
import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import dev.tollgate.policy.NotifyPolicy.Event;
import dev.tollgate.policy.PolicySource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people, and the log, when a budget has reached one of its {@code notify_at}: once for each counter, period and percent, by whichever
 * node sees it first. Looks at what was spent every few seconds, so a call that passes two marks is told once, of the higher one.
 *
 * <pre>
 *   reached ──claimed──▶ people are told ──▶ it is on the log ──▶ nobody tells it again
 *              └──────── killed in between: told again, by this node when it starts, or by another when the claim runs out
 * </pre>
 */
final class BudgetAlerts {
    private static final Logger LOG = LoggerFactory.getLogger(BudgetAlerts.class);
    private static final int COUNTERS_AT_ONCE = 1_000;
    private static final int MAX_REMEMBERED = 1_000_000;
    /** Longer than any webhook is tried. */
    private static final Duration TELLING = Duration.ofMinutes(5);

    private static final Duration TOLD_LASTS = Duration.ofDays(40);
    private static final int WHOLE = 100;

    private final PolicySource policies;
    private final Ledger ledger;
    private final AuditLog log;
    private final Notifier notifier;
    private final InstantSource clock;
    /** The highest mark told by counter and period; those not looked at for the longest time are forgotten. */
    private final Map<String, Integer> told = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    private Future<Void> looking = Future.succeededFuture();

    /** @param stores with what the log says people were told of before */
    BudgetAlerts(PolicySource policies, Stores stores, Notifier notifier, InstantSource clock) {
        this.policies = policies;
        this.ledger = stores.ledger();
        this.log = stores.log();
        this.notifier = notifier;
        this.clock = clock;
        this.told.putAll(stores.told());
    }

    /** Whether it still goes through the counters. */
    synchronized boolean isLooking() {
        return !looking.isComplete();
    }

    /** Looks once, behind a look that is under way; done when everything that was reached has been said. */
    synchronized Future<Void> look() {
        if (isLooking()) {
            return looking.transform(done -> look());
        }
        Instant now = clock.instant();
        Filling filling = new Filling(policies.current().view(Budgets.class), now);
        if (filling.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Future<Void>> said = new ArrayList<>();
        looking = pages("", filling, row -> said.add(look(row, now)))
                .onFailure(away -> LOG.warn("it is not known how full budgets are: {}", away.toString()));
        return looking.compose(done -> Future.join(said).mapEmpty());
    }

    private Future<Void> pages(String cursor, Filling filling, Consumer<Standing.Row> onRow) {
        return ledger.page(cursor, COUNTERS_AT_ONCE).compose(page -> {
            filling.add(page.levels()).forEach(onRow);
            if (page.next().isEmpty()) {
                filling.rest().forEach(onRow);
                return Future.succeededFuture();
            }
            return later().compose(next -> pages(page.next(), filling, onRow));
        });
    }

    /** Lets calls go first: there may be a million counters. */
    private static Future<Void> later() {
        Context context = Vertx.currentContext();
        if (context == null) {
            return Future.succeededFuture();
        }
        Promise<Void> turn = Promise.promise();
        context.runOnContext(turn::complete);
        return turn.future();
    }

    private Future<Void> look(Standing.Row row, Instant now) {
        int percent = (int) Math.min(WHOLE, row.spent() * (double) WHOLE / row.limit());
        int reached = 0;
        for (int mark : row.budget().notifyAt()) {
            reached = mark <= percent ? Math.max(reached, mark) : reached;
        }
        Map<String, String> facts = facts(row, reached);
        String counter = Recovered.filled(facts);
        synchronized (this) {
            Integer before = told.get(counter);
            if (before != null && before > reached) {
                // Time passes out of a rolling budget: it may reach a mark again.
                told.put(counter, reached);
            }
            if (reached <= (before == null ? 0 : before)) {
                return Future.succeededFuture();
            }
        }
        String what = counter + "@" + reached;
        int mark = reached;
        return ledger.claim(what, TELLING).compose(claim -> switch (claim) {
            case OTHERS -> Future.succeededFuture();
            case DONE -> {
                remember(counter, mark);
                yield Future.succeededFuture();
            }
            case OURS -> {
                remember(counter, mark);
                yield say(row, now, facts).compose(said -> ledger.claimed(what, lasts(row.budget())));
            }
        });
    }

    private synchronized void remember(String counter, int mark) {
        told.put(counter, mark);
    }

    private static Duration lasts(BudgetEntry budget) {
        Duration rolling = budget.rolling();
        return rolling == null ? TOLD_LASTS : rolling;
    }

    private static Map<String, String> facts(Standing.Row row, int reached) {
        BudgetEntry budget = row.budget();
        Map<String, String> facts = new TreeMap<>();
        facts.put("budget", budget.id());
        facts.put("counter", row.subject());
        facts.put("percent", Integer.toString(reached));
        facts.put("spent", budget.unit().show(row.spent()));
        facts.put("limit", budget.unit().show(row.limit()));
        if (!row.startsAnew().equals(Instant.MAX)) {
            facts.put("starts_anew", row.startsAnew().toString());
        }
        return facts;
    }

    /** On the log when people know: what is not on it is told again after a kill. */
    private Future<Void> say(Standing.Row row, Instant now, Map<String, String> facts) {
        String budget = row.budget().id();
        Notice notice = new Notice(
                Event.BUDGET,
                now,
                budget,
                "budget " + budget + " of " + row.subject() + " has reached " + facts.get("percent") + " %: "
                        + facts.get("spent") + " of " + facts.get("limit") + " spent",
                facts);
        return notifier.deliver(notice)
                .compose(delivered ->
                        log.append(new Administrative(now, Administrative.BUDGET_REACHED, "gateway", budget, facts)));
    }
}
