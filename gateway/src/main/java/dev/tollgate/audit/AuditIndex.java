package dev.tollgate.audit;

import dev.tollgate.audit.SpendQuery.SpendGroup;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Answers questions about what the log holds. May lag behind the log by moments; can be rebuilt from it. */
public interface AuditIndex {
    /** The newest exchanges first. */
    Future<List<ExchangeRow>> recent(Filter filter, int limit);

    /** One exchange with both its records. */
    Future<Optional<ExchangeRow>> find(String exchangeId);

    /** Spend of the exchanges that a question names, dearest first, at most {@value #MAX_SPEND_ROWS} groups. */
    Future<List<SpendGroup>> spend(SpendQuery query);

    /** Spend of everybody by one dimension, days and hours in UTC. */
    default Future<List<SpendRow>> spend(Instant from, Instant to, Dimension by) {
        return spend(SpendQuery.of(from, to, by))
                .map(groups -> groups.stream().map(SpendGroup::row).toList());
    }

    /** Most rows that a question about spend yields. */
    int MAX_SPEND_ROWS = 10_000;

    /** What {@link Filter#result} asks for to see calls that have not ended. */
    String OPEN = "open";

    /**
     * By what spend is grouped. Provider and model are those that served; empty where none did. Days and hours are those in which the call
     * was received: {@code 2026-11-21}, {@code 2026-11-21T14}.
     */
    enum Dimension {
        TEAM,
        AGENT,
        KEY,
        SESSION,
        USER,
        SUB_AGENT,
        /** The value of a tag, which has a name besides. */
        TAG,
        PROVIDER,
        MODEL,
        DAY,
        HOUR
    }

    /**
     * @param agent only this agent; empty for all
     * @param session only this session; empty for all
     * @param result only this result, or {@value #OPEN} for calls that have not ended; empty for all
     * @param before only exchanges received before this moment: for paging
     */
    record Filter(String agent, String session, String result, Instant before) {
        public static final Filter ALL = new Filter("", "", "", Instant.MAX);
    }

    /**
     * @param received the first record
     * @param ended the second; empty while the call is open
     */
    record ExchangeRow(AuditRecord.Received received, Optional<AuditRecord.Ended> ended) {}

    /**
     * @param value of the dimension
     * @param calls exchanges received
     * @param denied those that were denied
     * @param inputTokens all tokens in
     * @param outputTokens all tokens out
     * @param costNanos nano-dollars
     * @param unpriced exchanges whose cost is not known
     */
    record SpendRow(
            String value,
            long calls,
            long denied,
            long inputTokens,
            long outputTokens,
            long costNanos,
            long unpriced) {}
}
