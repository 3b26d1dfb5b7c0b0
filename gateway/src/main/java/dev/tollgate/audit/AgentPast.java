package dev.tollgate.audit;

import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.exchange.ToolCount;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent did lately: counts of its newest calls, and those among them that people were asked about.
 *
 * @param firstSeen when the oldest of its calls that the index knows came in; null where it never called
 * @param since when the oldest of the calls that are counted came in; null where there are none
 * @param calls how many are counted, at most {@value #MAX_CALLS}
 * @param held those that waited for a person
 * @param approved those of them that went on
 * @param refused those that stages denied without asking anybody
 * @param tools what became of calls of tools in their replies
 * @param asked calls that people were asked about, or about whose replies they were, newest first
 */
public record AgentPast(
        @Nullable Instant firstSeen,
        @Nullable Instant since,
        long calls,
        long held,
        long approved,
        long refused,
        ToolCount tools,
        List<ExchangeRow> asked) {
    /** Most calls that are counted. */
    public static final int MAX_CALLS = 1_000;

    /** Most calls that are told one by one. */
    public static final int MAX_ASKED = 20;

    /** Of an agent that never called. */
    public static final AgentPast NONE = new AgentPast(null, null, 0, 0, 0, 0, ToolCount.NONE, List.of());

    public AgentPast {
        asked = List.copyOf(asked);
    }

    /**
     * Whose past is asked for.
     *
     * @param agent the agent
     * @param team the team that pays; two teams that name an agent alike have one each
     * @param from only calls from then on are counted
     * @param before only calls before then are
     * @param asked most calls that are told one by one, 0 to {@value AgentPast#MAX_ASKED}
     */
    public record Question(String agent, String team, Instant from, Instant before, int asked) {
        public Question {
            if (asked < 0 || asked > MAX_ASKED) {
                throw new IllegalArgumentException("asked must be from 0 to " + MAX_ASKED + ", not " + asked);
            }
        }
    }

    /** Whether some more calls than are counted may have come in. */
    public boolean isFull() {
        return calls >= MAX_CALLS;
    }

    /** Whether people were asked about a call, or about tools that its reply calls. */
    public static boolean wasAsked(ExchangeRow row) {
        return Spend.wasHeld(row.received())
                || row.ended()
                        .map(ended -> ToolCount.of(ended.verdicts()).held() > 0)
                        .orElse(false);
    }

    /**
     * The same from calls that are at hand.
     *
     * @param all every call of the agent
     * @param counted those that are counted, newest first
     * @param most most calls that are told one by one
     */
    public static AgentPast of(List<ExchangeRow> all, List<ExchangeRow> counted, int most) {
        return new AgentPast(
                all.stream()
                        .map(row -> row.received().at())
                        .min(Instant::compareTo)
                        .orElse(null),
                counted.isEmpty() ? null : counted.getLast().received().at(),
                counted.size(),
                counted.stream().filter(row -> Spend.wasHeld(row.received())).count(),
                counted.stream()
                        .filter(row -> Spend.wasApproved(row.received()))
                        .count(),
                counted.stream().filter(AgentPast::wasRefused).count(),
                counted.stream()
                        .map(row -> row.ended()
                                .map(ended -> ToolCount.of(ended.verdicts()))
                                .orElse(ToolCount.NONE))
                        .reduce(ToolCount.NONE, ToolCount::plus),
                counted.stream().filter(AgentPast::wasAsked).limit(most).toList());
    }

    private static boolean wasRefused(ExchangeRow row) {
        return !Spend.wasHeld(row.received())
                && row.ended().map(ended -> ended.result().equals("denied")).orElse(false);
    }
}
