package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import dev.tollgate.value.NanoUsd;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stops an agent that runs away at night: it repeats itself, spends far too fast, or starts helpers without end.
 *
 * @param mode whether calls are refused and held; {@code observe} records what would have been
 * @param repeatedCalls the same new turn, sent again and again in one session
 * @param repeatedToolCalls the same tool, called again and again with the same arguments
 * @param spend money spent too fast
 * @param subAgents helpers of helpers, and too many of them
 * @param continueFor how long a session goes on unasked once a person has let it
 * @param deadline how long a ticket waits before it counts as denied
 */
public record GuardPolicy(
        Mode mode,
        RepeatedCalls repeatedCalls,
        RepeatedToolCalls repeatedToolCalls,
        List<SpendEntry> spend,
        SubAgents subAgents,
        @Range(min = "1m", max = "24h") Duration continueFor,
        @Range(min = "1s") Duration deadline) {
    @SuppressWarnings("NullAway") // Every missing value becomes its default in the constructor.
    public static final GuardPolicy DEFAULT = new GuardPolicy(null, null, null, null, null, null, null);

    /** What is done. */
    public enum Action {
        /** Nothing is looked for. */
        OFF,
        /** The call goes on; the record, the log and whoever is to be notified are told. */
        NOTIFY,
        /** The call waits for a person; once approved, its session goes on unasked for {@code continue_for}. */
        HOLD,
        /** The call is refused. */
        DENY
    }

    /**
     * The same new turn in one session; what stands before it may differ. Counted per node.
     *
     * @param action what is done from the call on that is one too many
     * @param times how often it may come
     * @param within in which time, from its first coming on
     * @param similar whether turns count as the same that differ in digits and blanks only: finds loops with a counter in them, and takes a
     *     batch over numbered documents for one
     */
    public record RepeatedCalls(
            Action action,
            @Range(min = "2", max = "10000") Integer times,
            @Range(min = "1s", max = "24h") Duration within,
            Boolean similar) {
        public RepeatedCalls {
            action = or(action, Action.OFF);
            times = or(times, 25);
            within = or(within, Duration.ofMinutes(10));
            similar = or(similar, false);
        }
    }

    /**
     * The same call of a tool, as the conversation itself shows it. A person's message begins the count anew.
     *
     * @param action what is done from the call on that is one too many
     * @param times how often it may have been made
     * @param among among how many calls of tools before this turn
     */
    public record RepeatedToolCalls(
            Action action,
            @Range(min = "2", max = "1000") Integer times,
            @Range(min = "2", max = "1000") Integer among) {
        public RepeatedToolCalls {
            action = or(action, Action.OFF);
            times = or(times, 10);
            among = or(among, 20);
        }
    }

    /**
     * Money spent too fast: above a limit, or above a multiple of what is usual. Calls under way do not count.
     *
     * @param id names it in tickets and records
     * @param match which calls count, as in budgets
     * @param scope whose money is counted together, as in budgets
     * @param limit most that may be spent within that time; what was spent comes back bit by bit over it
     * @param timesUsual most times of what is usually spent within that time, where there is enough history to tell; counted per node
     * @param atLeast below this {@code times_usual} says nothing
     * @param within in which time
     * @param action what is done while it is above
     */
    public record SpendEntry(
            @Required String id,
            Map<String, Names> match,
            Names scope,
            @Range(min = "0") @Nullable NanoUsd limit,
            @Range(min = "1.1", max = "1000") @Nullable Double timesUsual,
            @Range(min = "0") NanoUsd atLeast,
            @Range(min = "1s", max = "31d") Duration within,
            Action action) {
        public SpendEntry {
            match = Map.copyOf(or(match, Map.of()));
            scope = or(scope, Names.of("session"));
            atLeast = or(atLeast, NanoUsd.ofDollars("1"));
            within = or(within, Duration.ofMinutes(10));
            action = or(action, Action.HOLD);
        }
    }

    /**
     * Helpers that an agent starts, as far as its calls name them. Counted per node.
     *
     * @param action what is done with the calls of helpers too deep or too many
     * @param depth most helpers one above the other
     * @param fanOut most different helpers of one session
     * @param within in which time, from the first helper on
     */
    public record SubAgents(
            Action action,
            @Range(min = "1", max = "1000") Integer depth,
            @Range(min = "1", max = "10000") Integer fanOut,
            @Range(min = "1s", max = "24h") Duration within) {
        public SubAgents {
            action = or(action, Action.OFF);
            depth = or(depth, 5);
            fanOut = or(fanOut, 100);
            within = or(within, Duration.ofHours(1));
        }
    }

    @SuppressWarnings("NullAway") // Every missing value becomes its default in its own constructor.
    public GuardPolicy {
        mode = or(mode, Mode.ENFORCE);
        repeatedCalls = or(repeatedCalls, new RepeatedCalls(null, null, null, null));
        repeatedToolCalls = or(repeatedToolCalls, new RepeatedToolCalls(null, null, null));
        spend = List.copyOf(or(spend, List.of()));
        subAgents = or(subAgents, new SubAgents(null, null, null, null));
        continueFor = or(continueFor, Duration.ofMinutes(30));
        deadline = or(deadline, Duration.ofMinutes(15));
    }
}
