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
 *     clients of its kind wait
 * @param denyAs how a client is told that its call was not approved, or not yet
 * @param clients how to hold single clients, over what is known of them; the first that matches counts
 */
public record ApprovalPolicy(
        Mode mode,
        List<HoldEntry> holds,
        @Range(min = "0ms") Duration quiet,
        @Range(min = "10ms") Duration drip,
        @Range(min = "1") Integer maxHeld,
        @Nullable @Range(min = "1ms") Duration patience,
        DenyAs denyAs,
        List<ClientEntry> clients) {
    public static final ApprovalPolicy DEFAULT = new ApprovalPolicy(
            Mode.ENFORCE,
            List.of(),
            Duration.ofSeconds(45),
            Duration.ofSeconds(10),
            10_000,
            null,
            DenyAs.ERROR,
            List.of());

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
     * A condition that holds calls for a person.
     *
     * @param id names the condition in tickets and records
     * @param when a condition in CEL (https://cel.dev) over {@code model}, {@code provider}, {@code alias}, {@code agent}, {@code team}, {@code key}, {@code session},
     *     {@code user}, {@code tags} (a map: {@code has(tags.env) && tags.env == "prod"}), {@code sub_agent}, {@code depth}, {@code cost_usd}, {@code tools},
     *     {@code findings}, {@code injection_score}, {@code endpoint}; must yield a bool
     * @param reason what the reviewer reads; otherwise that this condition holds the call
     * @param deadline how long the ticket waits before it counts as denied
     */
    public record HoldEntry(
            @Required String id,
            @Required String when,
            String reason,
            @Range(min = "1ms") Duration deadline) {
        public HoldEntry {
            reason = or(reason, "held by " + id);
            deadline = or(deadline, Duration.ofMinutes(15));
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
    }
}
