package dev.tollgate.cli;

import dev.tollgate.cli.replay.Comparison;
import dev.tollgate.cli.replay.Rehearsal.Result.Judged;
import java.io.PrintWriter;
import java.util.TreeMap;

/** What a rehearsal comes to, for people. */
final class ComparisonText {
    private ComparisonText() {}

    static void print(Comparison found, PrintWriter out) {
        for (Judged change : found.changes()) {
            out.println(change.exchange() + "  " + change.before() + " -> " + change.after());
        }
        long more = found.changedCalls() - found.changes().size();
        if (more > 0) {
            out.println("… and " + more + " more, see --limit");
        }
        out.println(found.changedCalls() + " of " + found.judgedCalls() + " judged calls would be decided otherwise");
        new TreeMap<>(found.byKind()).forEach((kind, count) -> out.println("  " + kind + ": " + count));
        if (found.changedCalls() > 0) {
            out.println("  calls that would no longer pass cost " + found.noLongerSpent()
                    + "; calls that would pass now are estimated at " + found.newlySpent());
        }
        out.println(found.notJudgedCalls() + " calls were not judged");
        new TreeMap<>(found.notJudged()).forEach((why, count) -> out.println("  " + why + ": " + count));
        out.println("not rehearsed: keys, rate limits, guards. Budgets begin empty and count what the calls cost.");
    }
}
