package dev.tollgate.cli.eval;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * What an evaluation found.
 *
 * @param rulesVersion version of the rules that ran
 * @param ruleCount    how many they are
 * @param threshold    injection score at and above which a text counts as flagged
 * @param measures     one per group, by name
 */
public record EvalReport(String rulesVersion, int ruleCount, double threshold, List<Measure> measures) {
    private static final String PER_TYPE = ".type.";

    public EvalReport {
        measures = List.copyOf(measures);
    }

    /**
     * Prints a table for people.
     *
     * @param types whether single types have a line each
     */
    public void print(PrintWriter out, boolean types) {
        out.println("rules " + rulesVersion + ", " + ruleCount + " of them; injection threshold " + threshold);
        out.println();
        out.printf(
                Locale.ROOT,
                "%-58s %7s %7s %9s %9s %9s%n",
                "must be found",
                "texts",
                "found",
                "recall",
                "precision",
                "F1");
        for (Measure measure : measures) {
            if (measure.expected() && (types || !measure.name().contains(PER_TYPE))) {
                out.printf(
                        Locale.ROOT,
                        "%-58s %7d %7d %9.4f %9.4f %9.4f%n",
                        measure.name(),
                        measure.texts(),
                        measure.found(),
                        measure.recall(),
                        measure.precision(),
                        measure.f1());
            }
        }
        out.println();
        out.printf(Locale.ROOT, "%-58s %7s %7s %9s%n", "must pass", "texts", "flagged", "share");
        for (Measure measure : measures) {
            if (!measure.expected()) {
                out.printf(
                        Locale.ROOT,
                        "%-58s %7d %7d %9.4f%n",
                        measure.name(),
                        measure.texts(),
                        measure.found(),
                        measure.recall());
            }
        }
    }

    /** The same as one JSON document. */
    public ObjectNode toJson() {
        final ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("rules", rulesVersion);
        document.put("rule_count", ruleCount);
        document.put("threshold", threshold);
        final ObjectNode groups = document.putObject("groups");
        for (Measure measure : measures) {
            final ObjectNode group = groups.putObject(measure.name());
            group.put("texts", measure.texts());
            if (measure.expected()) {
                group.put("found", measure.found());
                group.put("recall", measure.recall());
                group.put("precision", measure.found() == 0 ? null : measure.precision());
                group.put("f1", measure.f1());
            } else {
                group.put("flagged", measure.found());
                group.put("share", measure.recall());
            }
        }
        return document;
    }
}
