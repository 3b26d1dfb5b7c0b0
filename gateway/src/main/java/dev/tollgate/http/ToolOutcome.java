package dev.tollgate.http;

import dev.tollgate.approval.ToolRules.Ruling;
import dev.tollgate.exchange.ToolCount;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.pipeline.StageId;
import dev.tollgate.wire.CalledTool;
import dev.tollgate.wire.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What becomes of the calls of tools in one reply, for its client and for the record. Belongs to one reply. */
final class ToolOutcome {
    /** Codes of problems after which the same call may find the person's answer. */
    private static final Set<String> PARKED = Set.of("approval_pending", "enforcement_unavailable");

    private static final int LONGEST_NAME = 64;

    private final Map<String, String> instead = new HashMap<>();
    private final Map<String, String> edited = new HashMap<>();
    private final List<String> fired = new ArrayList<>();
    private final List<String> details = new ArrayList<>();
    private boolean isParked;
    private int held;
    private int approved;
    private int denied;

    /** A rule denies a call. */
    void denied(CalledTool call, Ruling ruling) {
        fired.add(ruling.rule());
        details.add("a call of " + shown(call.tool()) + " was kept back");
        instead.put(call.place(), text(call, ruling.reason(), ruling.rule()));
        denied++;
    }

    /** A rule wants a person to decide about a call. */
    void asked(CalledTool call, Ruling ruling) {
        fired.add(ruling.rule());
        details.add("a call of " + shown(call.tool()) + " waited for a person");
    }

    /** A person has let a call pass. */
    void approved(String detail) {
        held++;
        approved++;
        details.add(detail);
    }

    /** A standing grant has let a call pass: nobody was asked. */
    void granted(String detail) {
        details.add(detail);
    }

    /** A call passes with other arguments. */
    void changed(CalledTool call, String arguments) {
        edited.put(call.place(), arguments);
    }

    /**
     * A call that waited is taken out.
     *
     * @param words for the record, about its ticket; empty where there is none
     */
    void refused(CalledTool call, Ruling ruling, Problem problem, String words) {
        if (PARKED.contains(problem.code())) {
            isParked = true;
        } else {
            held++;
            denied++;
        }
        instead.put(call.place(), text(call, problem.message(), ruling.rule()));
        details.add(words.isEmpty() ? problem.code() : problem.code() + ": " + words);
    }

    /** Whether a call does not pass any more. */
    boolean isTakenOut(CalledTool call) {
        return instead.containsKey(call.place());
    }

    /** A call with the arguments that it passes with. */
    CalledTool asChanged(CalledTool call) {
        return new CalledTool(call.place(), call.tool(), edited.getOrDefault(call.place(), call.arguments()));
    }

    /** Whether some call was taken out only because its client would not wait: the reply stays for when it comes again. */
    boolean isParked() {
        return isParked;
    }

    /** What stands in the place of calls that were taken out, by their places. */
    Map<String, String> instead() {
        return instead;
    }

    /** New arguments of calls, by their places. */
    Map<String, String> edited() {
        return edited;
    }

    boolean changesAny() {
        return !(instead.isEmpty() && edited.isEmpty());
    }

    /** For the record; null where no rule has fired. */
    @Nullable
    Verdict verdict(boolean enforces, long micros) {
        if (fired.isEmpty()) {
            return null;
        }
        String result = instead.isEmpty() ? "hold" : "deny";
        return new Verdict(
                        StageId.TOOLS.id(),
                        enforces ? result : "would_" + result,
                        instead.isEmpty() ? "approval_required" : "tool_call_denied",
                        List.copyOf(fired),
                        String.join("; ", details),
                        micros)
                .withTools(enforces ? new ToolCount(held, approved, denied) : ToolCount.NONE);
    }

    private static String text(CalledTool call, String reason, String rule) {
        return "[The gateway kept back a call of the tool " + shown(call.tool()) + ": " + reason + " (rule " + rule
                + ").]";
    }

    /** A model chooses the names of tools freely: not everything it may write belongs into records. */
    private static String shown(String tool) {
        String plain = tool.replaceAll("[^A-Za-z0-9_.:/-]", "?");
        return plain.length() > LONGEST_NAME ? plain.substring(0, LONGEST_NAME) + "…" : plain;
    }
}
