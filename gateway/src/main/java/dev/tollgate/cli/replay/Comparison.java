package dev.tollgate.cli.replay;

import dev.tollgate.cli.replay.Rehearsal.Result;
import dev.tollgate.cli.replay.Rehearsal.Result.Judged;
import dev.tollgate.cli.replay.Rehearsal.Result.NotJudged;
import dev.tollgate.value.NanoUsd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a rehearsal comes to. Keeps the first changes and counts all of them. Not thread-safe. */
public final class Comparison {
    private final int maxChanges;
    private final List<Judged> changes = new ArrayList<>();
    private final Map<String, Long> notJudged = new TreeMap<>();
    private final Map<String, Long> byKind = new TreeMap<>();
    private long judged;
    private long changed;
    private long noLongerSpentNanos;
    private long newlySpentNanos;

    /** @param maxChanges most changes that are kept to be listed */
    public Comparison(int maxChanges) {
        this.maxChanges = maxChanges;
    }

    public void add(Result result) {
        switch (result) {
            case NotJudged(String exchange, String why) -> notJudged(why, 1);
            case Judged one -> judged(one);
        }
    }

    /** Calls that cannot be judged. */
    public void notJudged(String why, long calls) {
        if (calls > 0) {
            notJudged.merge(why, calls, Long::sum);
        }
    }

    private void judged(Judged one) {
        judged++;
        if (!one.isChanged()) {
            return;
        }
        changed++;
        byKind.merge(kind(one.before()) + " -> " + kind(one.after()), 1L, Long::sum);
        boolean passed = one.before().kind() == Judgement.Kind.PASS;
        boolean passes = one.after().kind() == Judgement.Kind.PASS;
        if (passed && !passes) {
            noLongerSpentNanos += nanos(one.cost());
        } else if (passes && !passed) {
            newlySpentNanos += nanos(one.estimate());
        }
        if (changes.size() < maxChanges) {
            changes.add(one);
        }
    }

    private static String kind(Judgement judgement) {
        return judgement.kind().name().toLowerCase(java.util.Locale.ROOT)
                + (judgement.changes().isEmpty() ? "" : " " + String.join(" ", judgement.changes()));
    }

    private static long nanos(@Nullable NanoUsd amount) {
        return amount == null ? 0 : amount.nanos();
    }

    public long judgedCalls() {
        return judged;
    }

    public long changedCalls() {
        return changed;
    }

    /** Changes by what became of what, such as {@code pass -> deny}. */
    public Map<String, Long> byKind() {
        return Map.copyOf(byKind);
    }

    /** Calls that could not be judged, by reason. */
    public Map<String, Long> notJudged() {
        return Map.copyOf(notJudged);
    }

    public long notJudgedCalls() {
        return notJudged.values().stream().mapToLong(Long::longValue).sum();
    }

    /** What the calls cost that would not have passed. */
    public NanoUsd noLongerSpent() {
        return new NanoUsd(noLongerSpentNanos);
    }

    /** What the calls were estimated at that would have passed now. */
    public NanoUsd newlySpent() {
        return new NanoUsd(newlySpentNanos);
    }

    /** The first changes, in the order of their calls. */
    public List<Judged> changes() {
        return List.copyOf(changes);
    }
}
