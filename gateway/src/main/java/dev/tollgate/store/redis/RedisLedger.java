package dev.tollgate.store.redis;

import static dev.tollgate.store.redis.Homeward.here;

import dev.tollgate.budget.Fit;
import dev.tollgate.budget.Ledger;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A ledger in Redis, shared by all nodes of an installation. Reserve is one script over all counters of an exchange, settle and release are
 * another: one round trip each.
 *
 * <pre>
 *   no node's spend is there ──this node adds its own──▶ others are awaited ──they add theirs──▶ intact ──Redis is emptied──▶ (first)
 * </pre>
 *
 * <p>Each node adds its own spend once in the life of what Redis holds: when it starts, and as soon as it finds that Redis has been emptied or
 * replaced by an empty one. Nothing is granted until all nodes that this one knows of have done so.
 */
public final class RedisLedger implements Ledger {
    /** Most of a unit that Lua's numbers hold exactly: some 9 million dollars in nano-dollars. */
    static final long MAX_AMOUNT = 1L << 53;

    private static final int MAX_TOLD_AT_ONCE = 1_000;
    /** Twice as long as any node takes to tell what it spent while Redis was away. */
    private static final Duration SHARE_LASTS = Duration.ofSeconds(10);

    private final RedisCounters redis;
    private final NodeBooks books = new NodeBooks();
    private final Self self;
    private final Household household;
    private final HoldAnswers answers = new HoldAnswers(books);
    /** Until when this node keeps to its share of the counters. */
    private volatile Instant shareUntil = Instant.MIN;

    /**
     * The node that uses the ledger.
     *
     * @param id the same at every start
     * @param others nodes that it has shared counters with before
     * @param onOther told the id of each further one, once
     * @param stillCounts whether a counter is worth putting back, by its key
     * @param clock for what is done while Redis is away; else its clock counts
     */
    public record Self(
            String id,
            Set<String> others,
            Consumer<String> onOther,
            Predicate<String> stillCounts,
            InstantSource clock) {}

    RedisLedger(RedisCounters redis, Self self) {
        this.redis = redis;
        this.self = self;
        this.household = new Household(redis, books, self);
    }

    /** Names the node that uses it. */
    String id() {
        return self.id();
    }

    @Override
    public Future<Answer> reserve(ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease) {
        if (counters.isEmpty()) {
            return Future.succeededFuture(new Fit(counters, amounts, new long[0]).answer(Instant.MAX));
        }
        Optional<NodeBooks.End> pending = books.pending(exchange);
        if (pending.isPresent()) {
            // What it held before is given back first: else it would be granted that, and lose it when that is told
            // later.
            return here(tell(pending.get()).thenCompose(told -> reserveNow(exchange, counters, amounts, lease)));
        }
        return here(reserveNow(exchange, counters, amounts, lease));
    }

    private CompletionStage<Answer> reserveNow(
            ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease) {
        if (self.clock().instant().isBefore(shareUntil)) {
            return tellAll()
                    .thenCompose(told -> share(counters, amounts).fits()
                            ? attempt(exchange, counters, amounts, lease, true)
                            : CompletableFuture.completedStage(
                                    share(counters, amounts).answer(Instant.MAX)));
        }
        return attempt(exchange, counters, amounts, lease, true);
    }

    /**
     * {@inheritDoc}
     *
     * <p>For a while after Redis is back, a call must fit into this node's share as well: until then other nodes may not have told what they
     * spent meanwhile.
     */
    @Override
    public Future<Answer> reserveShare(ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease) {
        Instant now = self.clock().instant();
        shareUntil = now.plus(SHARE_LASTS);
        try {
            return Future.succeededFuture(
                    books.holdShare(exchange, counters, amounts, household.nodes(), now.plus(lease)));
        } catch (IllegalStateException full) {
            return Future.failedFuture(full);
        }
    }

    @Override
    public Future<Answer> raiseShare(ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease) {
        Instant now = self.clock().instant();
        shareUntil = now.plus(SHARE_LASTS);
        try {
            return Future.succeededFuture(
                    books.raiseShare(exchange, counters, amounts, household.nodes(), now.plus(lease)));
        } catch (IllegalStateException unknown) {
            return Future.failedFuture(unknown);
        }
    }

    private Fit share(List<Counter> counters, Amounts amounts) {
        return books.share(counters, amounts, household.nodes());
    }

    private CompletionStage<Answer> attempt(
            ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease, boolean mayJoin) {
        return redis.reserve(exchange, counters, amounts, lease)
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        // Nobody knows whether it is held: it is given back as soon as Redis answers.
                        books.doubt(exchange, HoldAnswers.bare(amounts, counters, Instant.MAX));
                    }
                })
                .thenCompose(answer -> answer.get(0) == HoldAnswers.NOT_JOINED && mayJoin && household.isRestored()
                        ? household.join().thenCompose(joined -> attempt(exchange, counters, amounts, lease, false))
                        : answers.read(exchange, answer, counters, amounts, books::held));
    }

    @Override
    public Future<Answer> raise(ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease) {
        if (!self.clock().instant().isBefore(shareUntil)) {
            return here(raised(exchange, counters, amounts, lease));
        }
        // What other nodes spent while Redis was away may not be in it yet, as for reserve.
        return here(tellAll().thenCompose(told -> {
            Fit share = books.shareOfMore(exchange, counters, amounts, household.nodes());
            return share.fits()
                    ? raised(exchange, counters, amounts, lease)
                    : CompletableFuture.completedStage(share.answer(Instant.MAX));
        }));
    }

    private CompletionStage<Answer> raised(
            ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease) {
        // Where this fails the hold is one or the other: settling it ends either.
        return redis.raise(exchange, counters, amounts, lease)
                .thenCompose(answer -> answers.read(exchange, answer, counters, amounts, books::raised));
    }

    @Override
    public Future<Page> page(String cursor, int max) {
        return here(redis.page(cursor, max));
    }

    @Override
    public Future<Claim> claim(String what, Duration lease) {
        return here(redis.claim(what, lease))
                .map(answer -> answer == 1 ? Claim.OURS : answer == 0 ? Claim.OTHERS : Claim.DONE);
    }

    @Override
    public Future<Void> claimed(String what, Duration lasts) {
        return here(redis.claimed(what, lasts)).mapEmpty();
    }

    @Override
    public Future<Void> settle(ExchangeId exchange, Reservation held, Spend actual) {
        return end(new NodeBooks.End(exchange, held, actual, true));
    }

    @Override
    public Future<Void> release(ExchangeId exchange, Reservation held) {
        return end(new NodeBooks.End(exchange, held, null, true));
    }

    @Override
    public Future<Void> pause(ExchangeId exchange, Reservation held) {
        if (held.counters().isEmpty()) {
            return Future.succeededFuture();
        }
        NodeBooks.End pause = new NodeBooks.End(exchange, held, null, false);
        books.pause(pause);
        return here(tell(pause)).mapEmpty();
    }

    private Future<Void> end(NodeBooks.End end) {
        if (end.held().counters().isEmpty()) {
            return Future.succeededFuture();
        }
        books.end(end);
        return here(tell(end)).mapEmpty();
    }

    /** Tells Redis of an end. What it does not confirm is told again by {@link #sweep}. */
    private CompletionStage<Long> tell(NodeBooks.End end) {
        return redis.finish(end).thenApply(answer -> {
            if (answer != HoldAnswers.NOT_JOINED) {
                books.confirmed(end);
            }
            return answer;
        });
    }

    @Override
    public Future<List<Level>> levels(List<String> counters) {
        return LevelAnswers.levels(redis, counters);
    }

    @Override
    public Future<Contents> contents(int max) {
        return LevelAnswers.contents(redis, max);
    }

    /** Also joins again where Redis was emptied, and tells of what it has not confirmed. */
    @Override
    public Future<Integer> sweep() {
        books.forgetCounters(self.stillCounts());
        return here(redis.nodes()
                        .thenCompose(states -> {
                            household.meet(states);
                            return household.isHere(states) ? CompletableFuture.completedStage(0L) : household.join();
                        })
                        .thenCompose(joined -> tellAll())
                        .thenCompose(told -> redis.sweep()))
                .map(Long::intValue);
    }

    /** Tells of ends that Redis has not confirmed, and of holds that were made while it was away. */
    private CompletionStage<Void> tellAll() {
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (OpenHold hold : books.local()) {
            all.add(redis.adopt(hold)
                    .thenAccept(answer -> {
                        if (answer != HoldAnswers.NOT_JOINED) {
                            books.adopted(hold);
                        }
                    })
                    .toCompletableFuture());
        }
        for (NodeBooks.End end : books.unconfirmed(MAX_TOLD_AT_ONCE)) {
            all.add(tell(end).toCompletableFuture());
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    @Override
    public Future<Boolean> isIntact() {
        return here(redis.nodes())
                .map(states ->
                        RedisNodes.HERE.equals(states.get(self.id())) && !states.containsValue(RedisNodes.AWAITED));
    }

    @Override
    public Future<List<OpenHold>> unfinished() {
        return here(redis.unfinished());
    }

    @Override
    public Future<Void> restore(Map<String, Long> spent, List<OpenHold> open) {
        books.begin(spent, open);
        return here(household.restored()).mapEmpty();
    }
}
