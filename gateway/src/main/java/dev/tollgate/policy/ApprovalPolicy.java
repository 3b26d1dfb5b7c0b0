package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which calls wait for a person.
 *
 * @param mode whether calls are held
 * @param holds conditions; the first that is true holds the call
 * @param quiet how long a held call stays silent before heartbeats begin
 * @param drip pause between heartbeats
 * @param maxHeld most calls held at once on a node; those beyond are denied
 * @param patience how long a client is kept waiting before it is told to ask again later, with the ticket's number; by default as long as
 *     clients of its kind wait, and never longer for those that were seen to end their calls by themselves
 * @param denyAs how a client is told that its call was not approved, or not yet
 * @param clients how to hold single clients, over what is known of them; the first that matches counts
 * @param approvalLasts how long an approval waits for a client that has left to make its call again
 * @param retriesVary members of a JSON body in which attempts at the same call may differ, so that they meet the same ticket: paths such as
 *     {@code metadata} or {@code client.*.nonce}, {@code *} standing for every member or element; nothing below what a model reads
 * @param retriesReword what clients write anew into the texts of attempts at the same call, so that they meet the same ticket once nobody waits
 *     for it: how a line begins, such as {@code "[{date} {time}] "}, or all of it where a placeholder stands last, where {@code {date}}, {@code {time}}, {@code {weekday}}, {@code {zone}} and {@code {uuid}} may differ and {@code {name}} may not;
 *     or a line that only a later attempt has, as {@code sha256:LENGTH:DIGEST}
 * @param retriesReorder lists inside such texts and in descriptions of tools that clients write in another order at each start
 * @param companions calls that agents make beside the one that answers a turn, so that a person is asked about both once
 * @param owners whose keys, agents and teams are whose, for rules with four eyes
 * @param keep how long tickets are kept that are over, denied, used or not; the log keeps what was asked and decided
 */
public record ApprovalPolicy(
        Mode mode,
        List<HoldEntry> holds,
        @Range(min = "0ms") Duration quiet,
        @Range(min = "10ms") Duration drip,
        @Range(min = "1") Integer maxHeld,
        @Nullable @Range(min = "1ms") Duration patience,
        DenyAs denyAs,
        List<ClientEntry> clients,
        @Range(min = "1s") Duration approvalLasts,
        List<String> retriesVary,
        List<String> retriesReword,
        List<ReorderEntry> retriesReorder,
        List<CompanionEntry> companions,
        List<OwnerEntry> owners,
        @Range(min = "1d", max = "36500d") Duration keep) {
    private static final Duration KEEP = Duration.ofDays(90);

    /** Seen with real clients. */
    private static final List<String> RETRIES_VARY = List.of("stream", "stream_options", "metadata", "client_metadata");

    /**
     * Seen with OpenClaw: the minute, its session, and the two lines that it adds after a broken connection. And the day, as it, Claude Code,
     * Codex, OpenCode and Gemini CLI name it, the last where its user's language is English.
     */
    private static final List<String> RETRIES_REWORD = List.of(
            "[{weekday} {date} {time} {zone}] ",
            "Runtime: agent={name} | session=agent:{name}:explicit:{uuid} | sessionId={uuid} | ",
            "sha256:116:31844a07cc57fed1bea1abb554fe6ec6eff7a08b8d7ba9d7b6f322777806feb7",
            "sha256:220:42963fa086cf419bd549048e202404082f31d188c35379094f6b6ee189f0d662",
            "Current date: {date}",
            "Today's date is {date}.",
            "  <current_date>{date}</current_date>",
            "  Today's date: {date}",
            "Today's date is {date} (");

    /** Seen with Gemini CLI: its skills, in its instructions and in the description of the tool that opens one. */
    private static final List<ReorderEntry> RETRIES_REORDER = List.of(
            new ReorderEntry(
                    "<available_skills>\n  <skill>\n",
                    "\n  </skill>\n  <skill>\n",
                    "\n  </skill>\n</available_skills>"),
            new ReorderEntry("(Available: '", "', '", "')"));

    /** Seen with OpenCode: the first words of a session also go to a small model, which finds a title for it. */
    private static final List<CompanionEntry> COMPANIONS = List.of(new CompanionEntry(
            "opencode-title",
            List.of(
                    "sha256:2096:e7a6848eba328f28c7e870874cf0591e4edbaf90d7602ad8fdfe90601c6e656f",
                    "sha256:40:343ad246dc9ed907e2c13991cdf17f7818c651ed05f9ba6679bc7e584298e07a"),
            false));

    public static final ApprovalPolicy DEFAULT = new ApprovalPolicy(
            Mode.ENFORCE,
            List.of(),
            Duration.ofSeconds(45),
            Duration.ofSeconds(10),
            10_000,
            null,
            DenyAs.ERROR,
            List.of(),
            Duration.ofMinutes(15),
            RETRIES_VARY,
            RETRIES_REWORD,
            RETRIES_REORDER,
            COMPANIONS,
            List.of(),
            KEEP);

    /** How a client is told that its call was not approved, or not yet. */
    public enum DenyAs {
        /** An error in its wire. */
        ERROR,
        /** A whole answer whose text is the reason: for agents that hide errors from their models and their people. */
        REFUSAL
    }

    /** What keeps a waiting client's connection alive. */
    public enum Drip {
        /** Bytes that mean nothing in its wire, after the quiet time. */
        HEARTBEAT,
        /** Nothing: no status and no byte goes out before the decision. */
        SILENT
    }

    /**
     * How to hold one kind of client. What is left out is as for all clients.
     *
     * @param userAgent what its {@code User-Agent} header looks like, {@code *} standing for any characters: {@code "my-agent/*"}
     * @param drip what keeps its connection alive
     * @param quiet how long it stays silent before heartbeats begin
     * @param patience how long it is kept waiting before it is told to ask again later
     */
    public record ClientEntry(
            @Required String userAgent,
            @Nullable Drip drip,
            @Nullable @Range(min = "0ms") Duration quiet,
            @Nullable @Range(min = "1ms") Duration patience) {}

    /**
     * A list whose items may stand in any order. What it begins with, and what stands between items and behind the last, as they are written.
     *
     * @param begins what stands in front of the first item, at least eight characters
     * @param between what stands between two items
     * @param ends what stands behind the last item
     */
    public record ReorderEntry(
            @Required String begins,
            @Required String between,
            @Required String ends) {}

    /**
     * A call beside the one that answers a turn, known by what it says. Where it does not lead, it shares the ticket of that one if it brings nothing else:
     * the same new words for the same providers, no tool, and no higher cost.
     *
     * @param name what tickets call it
     * @param says what it says beside what the turn brings, all of it, as {@code sha256:LENGTH:DIGEST}
     * @param leads whether it comes before the turn's own call, which then shares its ticket: whoever approves it approves a call of which only the new
     *     words are seen
     */
    public record CompanionEntry(
            @Required String name, @Required List<String> says, Boolean leads) {
        public CompanionEntry {
            says = List.copyOf(says);
            leads = or(leads, false);
        }
    }

    /**
     * A condition that holds calls for a person.
     *
     * @param id names the condition in tickets and records
     * @param when a condition in CEL (https://cel.dev) over {@code model}, {@code provider}, {@code alias}, {@code agent}, {@code team}, {@code key}, {@code session},
     *     {@code user}, {@code tags} (a map: {@code has(tags.env) && tags.env == "prod"}), {@code sub_agent}, {@code depth}, {@code cost_usd}, {@code session_cost_usd}, {@code first_use}, {@code hour}, {@code weekday}, {@code tools},
     *     {@code findings}, {@code injection_score}, {@code endpoint}; must yield a bool
     * @param reason what the reviewer reads; otherwise that this condition holds the call
     * @param deadline how long the ticket waits before it counts as denied
     * @param review who decides
     */
    public record HoldEntry(
            @Required String id,
            @Required String when,
            String reason,
            @Range(min = "1ms") Duration deadline,
            ReviewPolicy review) {
        public HoldEntry {
            reason = or(reason, "held by " + id);
            deadline = or(deadline, Duration.ofMinutes(15));
            review = or(review, ReviewPolicy.DEFAULT);
        }

        /** One that approvers and admins decide. */
        public HoldEntry(String id, String when, @Nullable String reason, @Nullable Duration deadline) {
            this(id, when, or(reason, "held by " + id), or(deadline, Duration.ofMinutes(15)), ReviewPolicy.DEFAULT);
        }
    }

    /**
     * People, and what is theirs. In names {@code *} stands for any characters.
     *
     * @param people their names, as the console knows them
     * @param teams their teams
     * @param agents their agents
     * @param keys ids of their keys
     */
    public record OwnerEntry(@Required List<String> people, Names teams, Names agents, Names keys) {
        public OwnerEntry {
            people = List.copyOf(people);
            teams = or(teams, Names.NONE);
            agents = or(agents, Names.NONE);
            keys = or(keys, Names.NONE);
        }
    }

    public ApprovalPolicy {
        mode = or(mode, Mode.ENFORCE);
        holds = List.copyOf(or(holds, List.of()));
        quiet = or(quiet, Duration.ofSeconds(45));
        drip = or(drip, Duration.ofSeconds(10));
        maxHeld = or(maxHeld, 10_000);
        denyAs = or(denyAs, DenyAs.ERROR);
        clients = List.copyOf(or(clients, List.of()));
        approvalLasts = or(approvalLasts, Duration.ofMinutes(15));
        retriesVary = List.copyOf(or(retriesVary, RETRIES_VARY));
        retriesReword = List.copyOf(or(retriesReword, RETRIES_REWORD));
        retriesReorder = List.copyOf(or(retriesReorder, RETRIES_REORDER));
        companions = List.copyOf(or(companions, COMPANIONS));
        owners = List.copyOf(or(owners, List.of()));
        keep = or(keep, KEEP);
    }
}
