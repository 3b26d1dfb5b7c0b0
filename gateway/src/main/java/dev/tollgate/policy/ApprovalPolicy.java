package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.time.Duration;
import java.util.List;

/**
 * Which calls wait for a person.
 *
 * @param mode whether calls are held
 * @param holds conditions; the first that is true holds the call
 * @param quiet how long a held call stays silent before heartbeats begin
 * @param drip pause between heartbeats
 * @param maxHeld most calls held at once on a node; those beyond are denied
 */
public record ApprovalPolicy(
        Mode mode,
        List<HoldEntry> holds,
        @Range(min = "0ms") Duration quiet,
        @Range(min = "10ms") Duration drip,
        @Range(min = "1") Integer maxHeld) {
    public static final ApprovalPolicy DEFAULT =
            new ApprovalPolicy(Mode.ENFORCE, List.of(), Duration.ofSeconds(45), Duration.ofSeconds(10), 10_000);

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
    }
}
