package dev.tollgate.audit;

import dev.tollgate.audit.SpendQuery.SpendGroup;
import dev.tollgate.value.NanoUsd;
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

    /** What an agent did lately. Looks at no more than {@value AgentPast#MAX_CALLS} of its calls, however many there were. */
    Future<AgentPast> past(AgentPast.Question question);

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
     * Which exchanges are asked for. What is empty, or 0, asks for all.
     *
     * @param agent only this agent
     * @param team only this team
     * @param session only this session
     * @param result only this result, or {@value #OPEN} for calls that have not ended
     * @param model only those that this target served, as {@code provider/model}
     * @param rule only those in which this rule fired, at whatever stage
     * @param minCostNanos only those that cost at least so many nano-dollars
     * @param before only exchanges received before this moment: for paging
     */
    record Filter(
            String agent,
            String team,
            String session,
            String result,
            String model,
            String rule,
            long minCostNanos,
            Instant before) {
        public static final Filter ALL = new Filter("", "", "", Instant.MAX);

        public Filter(String agent, String session, String result, Instant before) {
            this(agent, "", session, result, "", "", 0, before);
        }

        /** One session of a team. */
        public static Filter ofSession(String session, String team, Instant before) {
            return new Filter("", team, session, "", "", "", 0, before);
        }

        /** The same question about one team. */
        public Filter of(String oneTeam) {
            return new Filter(agent, oneTeam, session, result, model, rule, minCostNanos, before);
        }

        /** Whether it asks for this exchange. */
        public boolean takes(ExchangeRow row) {
            AuditRecord.Received received = row.received();
            Optional<AuditRecord.Ended> ended = row.ended();
            long cost = ended.map(AuditRecord.Ended::cost).map(NanoUsd::nanos).orElse(0L);
            return received.at().isBefore(before)
                    && fits(agent, received.agent())
                    && fits(team, received.team())
                    && fits(session, received.session())
                    && fits(result, ended.map(AuditRecord.Ended::result).orElse(OPEN))
                    && fits(model, ended.map(AuditRecord.Ended::target).orElse(""))
                    && (rule.isEmpty()
                            || received.verdicts().stream()
                                    .anyMatch(verdict -> verdict.rules().contains(rule)))
                    && cost >= minCostNanos;
        }

        private static boolean fits(String wanted, String value) {
            return wanted.isEmpty() || wanted.equals(value);
        }

        /** Whether it asks for fewer than all, paging apart. */
        public boolean isNarrow() {
            return !(agent + team + session + result + model + rule).isEmpty() || minCostNanos > 0;
        }
    }

    /** Sessions with calls received from one moment to before another, the one with the newest call first. */
    Future<List<SessionRow>> sessions(SessionQuery query);

    /**
     * @param agent only sessions in which this agent calls; empty for all
     * @param team only sessions that this team pays; empty for all
     * @param from first moment
     * @param to first moment that is too late
     * @param limit most sessions, 1 to {@value #MAX_SESSIONS}
     */
    record SessionQuery(String agent, String team, Instant from, Instant to, int limit) {
        /** Sessions of all teams. */
        public SessionQuery(String agent, Instant from, Instant to, int limit) {
            this(agent, "", from, to, limit);
        }
    }

    /** Most sessions that a question yields. */
    int MAX_SESSIONS = 1_000;

    /**
     * A session in the time asked for. Two teams that name a session alike have one each.
     *
     * @param session as its client names it
     * @param team who pays
     * @param agents that call in it, in the order of their names
     * @param helpers how many sub-agents call in it
     * @param first when the first call came in
     * @param last when the last did
     * @param calls how many
     * @param denied those that were denied
     * @param held those that waited for a person
     * @param failed those that ended neither well nor denied
     * @param costNanos nano-dollars
     * @param inputTokens all tokens in
     * @param outputTokens all tokens out
     */
    record SessionRow(
            String session,
            String team,
            List<String> agents,
            int helpers,
            Instant first,
            Instant last,
            long calls,
            long denied,
            long held,
            long failed,
            long costNanos,
            long inputTokens,
            long outputTokens) {
        public SessionRow {
            agents = List.copyOf(agents);
        }
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
