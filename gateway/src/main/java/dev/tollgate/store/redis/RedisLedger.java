package dev.tollgate.store.redis;

import dev.tollgate.budget.Fit;
import dev.tollgate.budget.Ledger;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import io.lettuce.core.KeyValue;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(RedisLedger.class);
    private static final int MAX_TOLD_AT_ONCE = 1_000;
    private static final int NOTHING_HELD = -3;
    /** Twice as long as any node takes to tell what it spent while Redis was away. */
    private static final Duration SHARE_LASTS = Duration.ofSeconds(10);

    private static final int OTHERS_AWAITED = -2;
    private static final int NOT_JOINED = -1;
    private static final int REFUSED = 0;
    private static final int HELD_BEFORE = 2;

    private final RedisCounters redis;
    private final NodeBooks books = new NodeBooks();
    private final Self self;
    private final Set<String> others;
    /** How many nodes share the counters. */
    private volatile int nodes;
    /** Until when this node keeps to its share of the counters. */
    private volatile Instant shareUntil = Instant.MIN;

    private volatile boolean restored;
    private @Nullable CompletableFuture<Long> joining;

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
        this.others = new ConcurrentSkipListSet<>(self.others());
        this.nodes = others.contains(self.id()) ? others.size() : others.size() + 1;
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
        if (self.clock().instant().isBefore(shareUntil)) {
            return here(tellAll()
                    .thenCompose(told -> isWithinShare(counters, amounts)
                            ? attempt(exchange, counters, amounts, lease, true)
                            : CompletableFuture.completedStage(
                                    share(counters, amounts).answer(Instant.MAX))));
        }
        return here(attempt(exchange, counters, amounts, lease, true));
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
            return Future.succeededFuture(books.holdShare(exchange, counters, amounts, nodes, now.plus(lease)));
        } catch (IllegalStateException full) {
            return Future.failedFuture(full);
        }
    }

    @Override
    public Future<Answer> raiseShare(ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease) {
        Instant now = self.clock().instant();
        shareUntil = now.plus(SHARE_LASTS);
        try {
            return Future.succeededFuture(books.raiseShare(exchange, counters, amounts, nodes, now.plus(lease)));
        } catch (IllegalStateException unknown) {
            return Future.failedFuture(unknown);
        }
    }

    private boolean isWithinShare(List<Counter> counters, Amounts amounts) {
        return share(counters, amounts).fits();
    }

    private Fit share(List<Counter> counters, Amounts amounts) {
        return books.share(counters, amounts, nodes);
    }

    private CompletionStage<Answer> attempt(
            ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease, boolean mayJoin) {
        return redis.reserve(exchange, counters, amounts, lease)
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        // Nobody knows whether it is held: it is given back as soon as Redis answers.
                        books.doubt(exchange, bare(amounts, counters, Instant.MAX));
                    }
                })
                .thenCompose(answer -> answer.get(0) == NOT_JOINED && mayJoin && restored
                        ? join().thenCompose(joined -> attempt(exchange, counters, amounts, lease, false))
                        : read(exchange, answer, counters, amounts, books::held));
    }

    private CompletionStage<Answer> read(
            ExchangeId exchange,
            List<Long> answer,
            List<Counter> counters,
            Amounts amounts,
            BiConsumer<ExchangeId, Reservation> note) {
        return switch (answer.get(0).intValue()) {
            case NOTHING_HELD ->
                CompletableFuture.failedStage(new IllegalStateException("exchange " + exchange + " holds nothing"));
            // A counter that starts again at zero, or without what others spent, would be a way around its limit.
            case NOT_JOINED ->
                CompletableFuture.failedStage(new IllegalStateException(
                        "the counters are not in Redis: it was emptied and is not yet restored from the log"));
            case OTHERS_AWAITED ->
                CompletableFuture.failedStage(
                        new IllegalStateException("Redis was emptied, and not all nodes have told what they spent"));
            case HELD_BEFORE -> {
                Instant until = Instant.ofEpochMilli(answer.get(1));
                Reservation held = books.live(exchange).orElseGet(() -> bare(amounts, counters, until));
                yield CompletableFuture.completedStage(new Answer.Granted(held, List.of()));
            }
            case REFUSED -> {
                long[] totals = totals(answer, 1);
                books.saw(exchange, counters, totals);
                yield CompletableFuture.completedStage(new Fit(counters, amounts, totals).answer(Instant.MAX));
            }
            default -> {
                long[] totals = totals(answer, 2);
                books.saw(exchange, counters, totals);
                Answer granted = new Fit(counters, amounts, totals).answer(Instant.ofEpochMilli(answer.get(1)));
                if (granted instanceof Answer.Granted(Reservation held, List<Counter> unused)) {
                    note.accept(exchange, held);
                }
                yield CompletableFuture.completedStage(granted);
            }
        };
    }

    @Override
    public Future<Answer> raise(ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease) {
        if (!self.clock().instant().isBefore(shareUntil)) {
            return here(raised(exchange, counters, amounts, lease));
        }
        // What other nodes spent while Redis was away may not be in it yet, as for reserve.
        return here(tellAll().thenCompose(told -> {
            Fit share = books.shareOfMore(exchange, counters, amounts, nodes);
            return share.fits()
                    ? raised(exchange, counters, amounts, lease)
                    : CompletableFuture.completedStage(share.answer(Instant.MAX));
        }));
    }

    private CompletionStage<Answer> raised(
            ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease) {
        // Where this fails the hold is one or the other: settling it ends either.
        return redis.raise(exchange, counters, amounts, lease)
                .thenCompose(answer -> read(exchange, answer, counters, amounts, books::raised));
    }

    private static long[] totals(List<Long> answer, int from) {
        long[] totals = new long[answer.size() - from];
        for (int i = 0; i < totals.length; i++) {
            totals[i] = answer.get(from + i);
        }
        return totals;
    }

    private static Reservation bare(Amounts amounts, List<Counter> counters, Instant until) {
        return Reservation.bare(amounts, counters.stream().map(Counter::key).toList(), until);
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
            if (answer != NOT_JOINED) {
                books.confirmed(end);
            }
            return answer;
        });
    }

    @Override
    public Future<List<Level>> levels(List<String> counters) {
        List<Future<Level>> levels = counters.stream()
                .map(key -> here(redis.level(key)).map(fields -> level(key, fields)))
                .toList();
        return Future.all(levels).map(all -> all.list());
    }

    private static Level level(String key, List<KeyValue<String, String>> fields) {
        return new Level(key, amount(fields.get(0)), amount(fields.get(1)));
    }

    private static long amount(KeyValue<String, String> field) {
        return field.hasValue() ? Long.parseLong(field.getValue()) : 0;
    }

    @Override
    public Future<Contents> contents(int max) {
        return contents(redis, max);
    }

    static Future<Contents> contents(RedisCounters redis, int max) {
        return here(redis.levels(max + 1)
                .thenCombine(
                        redis.holds(max + 1),
                        (levels, holds) -> new Contents(
                                levels.stream()
                                        .sorted(Comparator.comparing(Level::key))
                                        .limit(max)
                                        .toList(),
                                holds.stream()
                                        .sorted(Comparator.comparing(LiveHold::since))
                                        .limit(max)
                                        .toList(),
                                levels.size() <= max && holds.size() <= max)));
    }

    /** Also joins again where Redis was emptied, and tells of what it has not confirmed. */
    @Override
    public Future<Integer> sweep() {
        books.forgetCounters(self.stillCounts());
        return here(redis.nodes()
                        .thenCompose(states -> {
                            meet(states);
                            return !restored || RedisNodes.HERE.equals(states.get(self.id()))
                                    ? CompletableFuture.completedStage(0L)
                                    : join();
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
                        if (answer != NOT_JOINED) {
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
        restored = true;
        return here(join()).mapEmpty();
    }

    /** Adds this node's part to the counters, if it is not there; one attempt at a time. */
    private synchronized CompletionStage<Long> join() {
        CompletableFuture<Long> running = joining;
        if (running != null && !running.isDone()) {
            return running;
        }
        Set<String> awaited = new TreeSet<>(others);
        awaited.remove(self.id());
        joining = redis.nodes()
                .thenCompose(before -> redis.contribute(books.contribution(), awaited)
                        .thenApply(missing -> {
                            meet(before);
                            LOG.info("this node's spend is in Redis, {} other nodes are awaited", missing);
                            return missing;
                        }))
                .toCompletableFuture();
        return joining;
    }

    private void meet(Map<String, String> states) {
        // Of those that are known from before, some may not have been told of to an emptied Redis yet.
        Set<String> sharing = new TreeSet<>(others);
        sharing.addAll(states.keySet());
        sharing.removeIf(node -> RedisNodes.FORGOTTEN.equals(states.get(node)));
        sharing.add(self.id());
        nodes = sharing.size();
        for (String node : states.keySet()) {
            if (!node.equals(self.id()) && others.add(node)) {
                self.onOther().accept(node);
            }
        }
    }

    /** Brings an answer back to the event loop that asked. */
    private static <T> Future<T> here(CompletionStage<T> answer) {
        @Nullable Context context = Vertx.currentContext();
        return context == null ? Future.fromCompletionStage(answer) : Future.fromCompletionStage(answer, context);
    }
}
