package dev.tollgate.store.redis;

import dev.tollgate.budget.Fit;
import dev.tollgate.budget.Ledger.Answer;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/** Reads what {@code reserve.lua} and {@code raise.lua} answer, and notes it in this node's books. Safe on any thread. */
final class HoldAnswers {
    static final int NOT_JOINED = -1;
    private static final int NOTHING_HELD = -3;
    private static final int OTHERS_AWAITED = -2;
    private static final int REFUSED = 0;
    private static final int HELD_BEFORE = 2;

    private final NodeBooks books;

    HoldAnswers(NodeBooks books) {
        this.books = books;
    }

    /**
     * The answer to a wish.
     *
     * @param answer as the scripts say
     * @param note takes what is held from now on
     */
    CompletionStage<Answer> read(
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

    private static long[] totals(List<Long> answer, int from) {
        long[] totals = new long[answer.size() - from];
        for (int i = 0; i < totals.length; i++) {
            totals[i] = answer.get(from + i);
        }
        return totals;
    }

    static Reservation bare(Amounts amounts, List<Counter> counters, Instant until) {
        return Reservation.bare(amounts, counters.stream().map(Counter::key).toList(), until);
    }
}
