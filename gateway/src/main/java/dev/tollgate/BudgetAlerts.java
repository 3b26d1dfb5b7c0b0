package dev.tollgate;

import dev.tollgate.audit.AuditLog;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.budget.Budgets;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Standing;
import dev.tollgate.pipeline.Notice;
import dev.tollgate.pipeline.Notifier;
import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import dev.tollgate.policy.NotifyPolicy.Event;
import dev.tollgate.policy.PolicySource;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people, and the log, when a budget has reached one of its {@code notify_at}: once for each counter, period and percent, by whichever
 * node sees it first. Looks at what was spent every few seconds, so a call that passes two marks is told once, of the higher one.
 *
 * <p>With counters in memory what was reached before this process began is taken as told: it is on the log.
 */
final class BudgetAlerts {
    private static final Logger LOG = LoggerFactory.getLogger(BudgetAlerts.class);
    private static final int MAX_COUNTERS = 10_000;
    private static final int MAX_REMEMBERED = 100_000;
    private static final Duration CLAIM_LASTS = Duration.ofDays(40);
    private static final int WHOLE = 100;

    private final PolicySource policies;
    private final Ledger ledger;
    private final AuditLog log;
    private final Notifier notifier;
    private final InstantSource clock;
    /** The highest mark seen by counter and period; those not seen for the longest time are forgotten. */
    private final Map<String, Integer> seen = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    private boolean isFirst = true;
    private Future<Void> looking = Future.succeededFuture();

    BudgetAlerts(PolicySource policies, Ledger ledger, AuditLog log, Notifier notifier, InstantSource clock) {
        this.policies = policies;
        this.ledger = ledger;
        this.log = log;
        this.notifier = notifier;
        this.clock = clock;
    }

    synchronized boolean isLooking() {
        return !looking.isComplete();
    }

    /** Looks once, behind a look that is under way; done when everything that was reached has been said. */
    synchronized Future<Void> look() {
        if (isLooking()) {
            return looking.transform(done -> look());
        }
        Budgets budgets = policies.current().view(Budgets.class);
        boolean isAsked = policies.current().bundle().budget().budgets().stream()
                .anyMatch(budget -> !budget.notifyAt().isEmpty());
        if (!isAsked) {
            return Future.succeededFuture();
        }
        looking = ledger.contents(MAX_COUNTERS)
                .compose(contents -> {
                    Instant now = clock.instant();
                    return Future.join(Standing.of(budgets, contents, now).stream()
                                    .map(row -> look(row, now))
                                    .toList())
                            .<Void>mapEmpty();
                })
                .onFailure(away -> LOG.warn("it is not known how full budgets are: {}", away.toString()))
                .onComplete(done -> looked());
        return looking;
    }

    private synchronized void looked() {
        isFirst = false;
    }

    private Future<Void> look(Standing.Row row, Instant now) {
        List<Integer> marks = row.budget().notifyAt();
        if (marks.isEmpty() || row.limit() == 0 || row.subject().isEmpty()) {
            return Future.succeededFuture();
        }
        int percent = (int) Math.min(WHOLE, row.spent() * (double) WHOLE / row.limit());
        int reached = marks.stream()
                .filter(mark -> mark <= percent)
                .mapToInt(mark -> mark)
                .max()
                .orElse(0);
        String counter = row.budget().id() + "/" + row.subject() + "/" + row.startsAnew();
        boolean isNew;
        synchronized (this) {
            // Time passes out of a rolling budget: it may reach a mark again.
            Integer before = seen.put(counter, reached);
            isNew = reached > (before == null ? 0 : before) && !(isFirst && !ledger.isShared());
        }
        if (!isNew) {
            return Future.succeededFuture();
        }
        return ledger.claim(counter + "@" + reached, CLAIM_LASTS)
                .compose(isOurs -> isOurs ? say(row, reached, now) : Future.succeededFuture());
    }

    private Future<Void> say(Standing.Row row, int reached, Instant now) {
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
        notifier.tell(new Notice(
                Event.BUDGET,
                now,
                budget.id(),
                "budget " + budget.id() + " of " + row.subject() + " has reached " + reached + " %: "
                        + facts.get("spent") + " of " + facts.get("limit") + " spent",
                facts));
        return log.append(new Administrative(now, "budget_reached", "gateway", budget.id(), facts));
    }
}
