package dev.tollgate.budget;

import dev.tollgate.exchange.Reservation;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Counters of money spent and held. At any moment, for each counter: spent + held ≤ limit for whatever was reserved, whatever runs at
 * once. Settle and void are idempotent by exchange id. A failed future means that the ledger cannot be reached.
 */
public interface Ledger {
    /**
     * Holds an amount in all counters, or in none. Asked again for the same exchange, it grants what is already held.
     *
     * @param exchange whose hold it is
     * @param counters the counters and their limits; none yields an empty grant
     * @param amount what is held in each
     * @param lease how long the hold lives without being settled
     */
    Future<Answer> reserve(ExchangeId exchange, List<Counter> counters, NanoUsd amount, Duration lease);

    /**
     * Turns a hold into spend. Where there is no hold (it was observed only, or was swept), the spend of the counters is corrected to the
     * actual cost.
     */
    Future<Void> settle(ExchangeId exchange, Reservation held, NanoUsd actual);

    /** Gives a hold back whole. */
    Future<Void> release(ExchangeId exchange, Reservation held);

    /** What counters hold now, in the order asked; zero for those that never were used. */
    Future<List<Level>> levels(List<String> counters);

    /**
     * Charges holds whose lease has run out at their whole amount: nobody knows what those calls cost. A later settle corrects it. To be
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
     * @param spent settled money by counter key, without that of {@code open}
     * @param open holds of calls that are to be settled or released next
     */
    Future<Void> restore(Map<String, NanoUsd> spent, List<OpenHold> open);

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
     * @param key unique name, period included: {@code daily/key/k_1/2026-11-21}
     * @param budget id of the budget in the policy
     * @param limit most that may be spent and held
     * @param endsAt when its period ends; {@link Instant#MAX} for never. The counter may be forgotten some time later
     */
    record Counter(String key, String budget, NanoUsd limit, Instant endsAt) {}

    /** What a ledger answers to a wish to reserve. */
    sealed interface Answer {
        record Granted(Reservation reservation) implements Answer {}

        /**
         * @param tightest the counter that did not fit, the one with the least left
         * @param remaining what is left in it
         */
        record Refused(Counter tightest, NanoUsd remaining) implements Answer {}
    }

    /**
     * @param key the counter
     * @param spent settled money of its period
     * @param held live holds
     */
    record Level(String key, NanoUsd spent, NanoUsd held) {}
}
