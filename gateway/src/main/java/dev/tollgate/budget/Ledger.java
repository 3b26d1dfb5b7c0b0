package dev.tollgate.budget;

import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import dev.tollgate.policy.Mode;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.Unit;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Counters of what was spent and is held: money, tokens, requests. At any moment, for each counter of an enforced budget: spent + held ≤ limit
 * for whatever was reserved, whatever runs at once. Settle and release are idempotent by exchange id. A failed future means that the ledger
 * cannot be reached.
 */
public interface Ledger {
    /**
     * Holds in all counters the amount of their unit, or in none. Asked again for the same exchange, it grants what is already held.
     *
     * @param exchange whose hold it is
     * @param counters the counters and their limits, none of them twice; none yields an empty grant
     * @param amounts what is held
     * @param lease how long the hold lives without being settled
     */
    Future<Answer> reserve(ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease);

    /**
     * Raises a live hold to more, in all its counters or in none: for a call that goes on longer than was held for.
     *
     * @param counters those that it was reserved in
     * @param amounts what it is to hold, no less than it does but in counters that say so, see {@link Counter#beside}
     * @param lease how long the hold lives from now on without being settled
     * @return what is left is told without the hold; fails if the exchange holds nothing
     */
    Future<Answer> raise(ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease);

    /**
     * Reserves without a shared store that is away: within this node's share of each counter. The hold is put into the store when it is back. A
     * ledger that shares nothing has all of it for its share.
     */
    default Future<Answer> reserveShare(ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease) {
        return reserve(exchange, counters, amounts, lease);
    }

    /** Raises without a shared store that is away: within this node's share, as {@link #reserveShare}. */
    default Future<Answer> raiseShare(ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease) {
        return raise(exchange, counters, amounts, lease);
    }

    /**
     * Turns a hold into spend. Where there is no hold (it was observed only, or was swept), the spend of the counters is corrected to what
     * the call came to.
     */
    Future<Void> settle(ExchangeId exchange, Reservation held, Spend actual);

    /** Gives a hold back whole. */
    Future<Void> release(ExchangeId exchange, Reservation held);

    /** Gives a hold back whole, of a call that waits for a person: it may yet reserve again under the same id. */
    default Future<Void> pause(ExchangeId exchange, Reservation held) {
        return release(exchange, held);
    }

    /** Up to so many counters, and up to so many holds. */
    Future<Contents> contents(int max);

    /**
     * A page of all counters, in no order that means anything. One that comes or goes between pages may be missing, and one may come twice.
     *
     * @param cursor what the page before said; empty for the first one
     * @param max about how many
     */
    Future<Page> page(String cursor, int max);

    /** Who is to do something that only one node is to do. */
    enum Claim {
        /** This node, from now on. */
        OURS,
        /** Another one; where it does not come to an end, somebody else may take it. */
        OTHERS,
        /** Nobody: it is done. */
        DONE
    }

    /**
     * Takes something that only one node is to do, until {@link #claimed}. A ledger that shares nothing remembers nothing of it.
     *
     * @param what names it
     * @param lease after this somebody else may take it
     */
    default Future<Claim> claim(String what, Duration lease) {
        return Future.succeededFuture(Claim.OURS);
    }

    /** Says that it is done, and need not be done again for so long. */
    default Future<Void> claimed(String what, Duration lasts) {
        return Future.succeededFuture();
    }

    /** What counters hold now, in the order asked; zero for those that never were used. */
    Future<List<Level>> levels(List<String> counters);

    /**
     * Charges holds whose lease has run out at their whole amounts: nobody knows what those calls cost. A later settle corrects it. To be
     * called every few seconds by any node.
     *
     * @return how many were charged
     */
    Future<Integer> sweep();

    /**
     * Whether the counters are there, with the spend of every node. They are not where a shared store was emptied or replaced by an empty one:
     * then every reserve fails until each node has put back its own part, because a counter that starts again at zero would be a way around its
     * limit.
     */
    Future<Boolean> isIntact();

    /**
     * Holds that a former life of this node left in the ledger, neither settled nor released. To be asked before {@link #restore}, and each
     * then settled or released after it.
     */
    Future<List<OpenHold>> unfinished();

    /**
     * Tells what the audit log of this node knows, once, at its start. A shared store takes it in only if it does not have this node's spend, so
     * that it counts once however often the node starts.
     *
     * @param spent what was settled by counter key, without that of {@code open}
     * @param open holds of calls that are to be settled or released next
     */
    Future<Void> restore(Map<String, Long> spent, List<OpenHold> open);

    /**
     * A hold whose call has not ended as far as the audit log knows.
     *
     * @param exchange whose hold it is
     * @param held what it holds, in which counters, and until when
     */
    record OpenHold(ExchangeId exchange, Reservation held) {}

    /**
     * One counter that a call must fit into.
     *
     * @param key unique name, unit and period included: {@code daily/key/k_1/2026-11-21}, {@code tokens:daily/all/2026-11-21}
     * @param budget its budget
     * @param limit most that may be spent and held, in the budget's unit
     * @param endsAt until when what is spent in it counts; {@link Instant#MAX} for ever. The counter may be forgotten some time later
     * @param before keys of counters whose levels count together with this one's, of a rolling budget
     * @param beside by how much more than the amount of its unit it is to hold: for attempts that were lost. Below 0 where that amount does not
     *     count in it any more
     */
    record Counter(String key, BudgetEntry budget, long limit, Instant endsAt, List<String> before, long beside) {
        public Counter(String key, BudgetEntry budget, long limit, Instant endsAt, List<String> before) {
            this(key, budget, limit, endsAt, before, 0);
        }

        /** What it is to hold of these. */
        public long of(Amounts amounts) {
            return amounts.in(unit()) + beside;
        }

        /** This counter, which is to hold so much where others hold these amounts. */
        public Counter holding(long amount, Amounts amounts) {
            return new Counter(key, budget, limit, endsAt, before, amount - amounts.in(unit()));
        }

        public Unit unit() {
            return budget.unit();
        }

        /** Whether a call is refused that does not fit. */
        public boolean isEnforced() {
            return budget.mode() == Mode.ENFORCE;
        }
    }

    /** What a ledger answers to a wish to reserve. */
    sealed interface Answer {
        /**
         * @param exceeded counters of observed budgets that would have refused
         */
        record Granted(Reservation reservation, List<Counter> exceeded) implements Answer {}

        /**
         * @param tightest the counter that did not fit, the one with the least left for its amount
         * @param remaining what is left in it, in its unit
         * @param left as in {@link Reservation#left}, without any hold
         */
        record Refused(Counter tightest, long remaining, Amounts left) implements Answer {}
    }

    /**
     * @param key the counter
     * @param spent settled in its period, in its unit
     * @param held live holds, in its unit
     */
    record Level(String key, long spent, long held) {}

    /**
     * @param next the cursor of the next page; empty where this is the last
     */
    record Page(List<Level> levels, String next) {}

    /**
     * A hold of a call that has not ended.
     *
     * @param since when it was made
     */
    record LiveHold(ExchangeId exchange, Instant since, Reservation held) {}

    /**
     * What a ledger has, for people to look at.
     *
     * @param levels counters of all periods that are kept, in the order of their keys
     * @param holds live holds, the oldest first
     * @param isWhole whether that is all of them
     */
    record Contents(List<Level> levels, List<LiveHold> holds, boolean isWhole) {}
}
