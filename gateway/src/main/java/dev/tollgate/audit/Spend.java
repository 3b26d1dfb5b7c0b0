package dev.tollgate.audit;

import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.exchange.ToolCount;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;

/**
 * What a group of exchanges used and cost.
 *
 * @param calls exchanges received
 * @param denied those that were denied
 * @param held those that waited for a person
 * @param unpriced those whose cost is not known
 * @param costNanos nano-dollars
 * @param savedNanos nano-dollars by which providers' caches made them cheaper
 * @param input text tokens in at the full price
 * @param cacheRead tokens served from a cache
 * @param cacheWrite tokens written to a cache
 * @param mediaInput tokens of sound and pictures in
 * @param output text tokens out, without reasoning
 * @param reasoning tokens spent on reasoning
 * @param mediaOutput tokens of sound and pictures out
 * @param approved those that waited for a person and were let pass
 * @param tools what became of calls of tools in their replies
 */
public record Spend(
        long calls,
        long denied,
        long held,
        long unpriced,
        long costNanos,
        long savedNanos,
        long input,
        long cacheRead,
        long cacheWrite,
        long mediaInput,
        long output,
        long reasoning,
        long mediaOutput,
        long approved,
        ToolCount tools) {
    /** What is said of a call that gets the reply which was kept for it. */
    public static final String KEPT_REPLY = "kept_reply";

    public static final Spend NONE = new Spend(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Of calls about which nobody was asked. */
    public Spend(
            long calls,
            long denied,
            long held,
            long unpriced,
            long costNanos,
            long savedNanos,
            long input,
            long cacheRead,
            long cacheWrite,
            long mediaInput,
            long output,
            long reasoning,
            long mediaOutput) {
        this(
                calls,
                denied,
                held,
                unpriced,
                costNanos,
                savedNanos,
                input,
                cacheRead,
                cacheWrite,
                mediaInput,
                output,
                reasoning,
                mediaOutput,
                0,
                ToolCount.NONE);
    }

    /** What one exchange used, as far as it has come. */
    public static Spend of(ExchangeRow row) {
        long held = wasHeld(row.received()) ? 1 : 0;
        long approved = wasApproved(row.received()) ? 1 : 0;
        if (row.ended().isEmpty()) {
            return new Spend(1, 0, held, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, approved, ToolCount.NONE);
        }
        Ended ended = row.ended().get();
        NanoUsd cost = ended.cost();
        Usage used = ended.usage();
        return new Spend(
                1,
                ended.result().equals("denied") ? 1 : 0,
                held,
                cost == null ? 1 : 0,
                cost == null ? 0 : cost.nanos(),
                ended.savedNanos(),
                used.input(),
                used.cacheRead(),
                used.cacheWrite() + used.cacheWriteLong(),
                used.audioInput() + used.imageInput(),
                used.output(),
                used.reasoning(),
                used.audioOutput() + used.imageOutput(),
                approved,
                ToolCount.of(ended.verdicts()));
    }

    /** Whether a call waited for a person. One that was answered with a kept reply did so before. */
    public static boolean wasHeld(AuditRecord.Received received) {
        boolean held = false;
        for (Verdict verdict : received.verdicts()) {
            if (verdict.code().equals(KEPT_REPLY)) {
                return false;
            }
            held |= verdict.result().equals("hold");
        }
        return held;
    }

    /** Whether a call waited for a person, who let it pass: only then does the stage that asks name a rule and go on. */
    public static boolean wasApproved(AuditRecord.Received received) {
        boolean held = false;
        for (Verdict verdict : received.verdicts()) {
            held |= verdict.result().equals("hold");
            if (held
                    && verdict.stage().equals("approve")
                    && verdict.result().equals("proceed")
                    && !verdict.rules().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Both together. */
    public Spend plus(Spend other) {
        return new Spend(
                calls + other.calls,
                denied + other.denied,
                held + other.held,
                unpriced + other.unpriced,
                Math.addExact(costNanos, other.costNanos),
                savedNanos + other.savedNanos,
                input + other.input,
                cacheRead + other.cacheRead,
                cacheWrite + other.cacheWrite,
                mediaInput + other.mediaInput,
                output + other.output,
                reasoning + other.reasoning,
                mediaOutput + other.mediaOutput,
                approved + other.approved,
                tools.plus(other.tools));
    }

    /** All tokens in. */
    public long inputTokens() {
        return input + cacheRead + cacheWrite + mediaInput;
    }

    /** All tokens out. */
    public long outputTokens() {
        return output + reasoning + mediaOutput;
    }

    /** How much of what went in came from a cache, in percent, 0 to 100. */
    public double cacheHitPercent() {
        return inputTokens() == 0 ? 0 : Math.round(cacheRead * 1000.0 / inputTokens()) / 10.0;
    }
}
