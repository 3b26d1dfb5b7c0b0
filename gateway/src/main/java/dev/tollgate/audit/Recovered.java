package dev.tollgate.audit;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.value.ExchangeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the journal knew when it was opened, once every call that had no end was ended.
 *
 * @param spent what was spent by counter, the orphans included: a ledger in memory starts from it
 * @param orphans calls that were open when the gateway stopped, now ended as {@code aborted}: a ledger that outlives the process settles them
 * @param others nodes that this one has shared counters with, see {@link #SHARED_WITH}
 * @param told the highest percent that people were told of, by {@link #filled counter and period} of a budget
 * @param dropped the last segment that a record says is dropped; 0 where none does
 * @param repairs what was found wrong and what was done about it, one sentence each; empty where nothing was
 */
public record Recovered(
        Map<String, Long> spent,
        List<Orphan> orphans,
        Set<String> others,
        Map<String, Integer> told,
        long dropped,
        List<String> repairs) {
    /** The action of a record that names, as its subject, another node that counts money in the same place. */
    public static final String SHARED_WITH = "ledger_shared_with";

    public Recovered {
        spent = Map.copyOf(spent);
        orphans = List.copyOf(orphans);
        others = Set.copyOf(others);
        told = Map.copyOf(told);
        repairs = List.copyOf(repairs);
    }

    /** Names a counter and its period by the details of an {@link Administrative#BUDGET_REACHED}. */
    public static String filled(Map<String, String> details) {
        return details.getOrDefault("budget", "") + "/" + details.getOrDefault("counter", "") + "/"
                + details.getOrDefault("starts_anew", "");
    }

    /**
     * A call that the gateway did not live to end. It is charged what was held for it, because it may have been served.
     *
     * @param exchange names the call
     * @param reservation what was held; null where nothing was
     * @param ended what was recorded as its end
     * @param spend what its counters are charged; empty where they are given everything back
     */
    public record Orphan(ExchangeId exchange, @Nullable Reservation reservation, Ended ended, Optional<Spend> spend) {}
}
