package dev.tollgate.cli;

import dev.tollgate.audit.Spend;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import dev.tollgate.audit.SpendReport;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Reports on spend as a table for people, and as CSV (RFC 4180). */
final class SpendText {
    private static final List<String> COLUMNS = List.of(
            "calls",
            "cost_usd",
            "input_tokens",
            "cache_read_tokens",
            "cache_write_tokens",
            "media_input_tokens",
            "output_tokens",
            "reasoning_tokens",
            "media_output_tokens",
            "cache_hit_percent",
            "cache_saved_usd",
            "denied",
            "held",
            "unpriced",
            "approved",
            "tool_calls_held",
            "tool_calls_approved",
            "tool_calls_denied");
    private static final String NUMBERS = "%9s %16s %13s %13s %7s %14s %7s %6s %9s %9s %11s %15s %13s%n";
    private static final int WIDEST_KEY = 48;

    private SpendText() {}

    static void csv(SpendQuery query, List<SpendGroup> groups, PrintWriter out) {
        List<String> head =
                new ArrayList<>(query.by().stream().map(Object::toString).toList());
        head.addAll(COLUMNS);
        out.println(line(head));
        for (SpendGroup group : groups) {
            List<String> cells = new ArrayList<>(group.values());
            cells.addAll(numbers(group.spend()));
            out.println(line(cells));
        }
    }

    private static List<String> numbers(Spend spend) {
        return List.of(
                Long.toString(spend.calls()),
                SpendReport.dollars(spend.costNanos()),
                Long.toString(spend.input()),
                Long.toString(spend.cacheRead()),
                Long.toString(spend.cacheWrite()),
                Long.toString(spend.mediaInput()),
                Long.toString(spend.output()),
                Long.toString(spend.reasoning()),
                Long.toString(spend.mediaOutput()),
                Double.toString(spend.cacheHitPercent()),
                SpendReport.dollars(spend.savedNanos()),
                Long.toString(spend.denied()),
                Long.toString(spend.held()),
                Long.toString(spend.unpriced()),
                Long.toString(spend.approved()),
                Long.toString(spend.tools().held()),
                Long.toString(spend.tools().approved()),
                Long.toString(spend.tools().denied()));
    }

    /** Cells as a line; those that need it in quotes. Clients choose names: one that a spreadsheet would take for a formula begins with '. */
    static String line(List<String> cells) {
        return cells.stream().map(SpendText::cell).collect(Collectors.joining(","));
    }

    private static String cell(String value) {
        boolean isFormula = !value.isEmpty() && "=+@\t\r".indexOf(value.charAt(0)) >= 0;
        String safe = isFormula ? "'" + value : value;
        return safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? '"' + safe.replace("\"", "\"\"") + '"'
                : safe;
    }

    /** @param all the groups of which those shown are the dearest: the last line sums them up */
    static void table(SpendQuery query, List<SpendGroup> shown, List<SpendGroup> all, PrintWriter out) {
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < query.by().size(); i++) {
            int column = i;
            int widest = shown.stream()
                    .mapToInt(group -> group.values().get(column).length())
                    .max()
                    .orElse(0);
            widths.add(Math.min(
                    WIDEST_KEY,
                    Math.max(Math.max(widest, 6), query.by().get(i).toString().length())));
        }
        keys(
                query.by().stream()
                        .map(key -> key.toString().toUpperCase(Locale.ROOT))
                        .toList(),
                widths,
                out);
        out.printf(
                NUMBERS,
                "CALLS",
                "COST",
                "IN",
                "OUT",
                "CACHED",
                "CACHE SAVED",
                "DENIED",
                "HELD",
                "APPROVED",
                "UNPRICED",
                "TOOLS: HELD",
                "TOOLS: APPROVED",
                "TOOLS: DENIED");
        for (SpendGroup group : shown) {
            keys(
                    group.values().stream()
                            .map(value -> value.isEmpty() ? "(none)" : value)
                            .toList(),
                    widths,
                    out);
            numbers(group.spend(), out);
        }
        if (all.size() != 1) {
            List<String> total = new ArrayList<>(List.of("total"));
            while (total.size() < widths.size()) {
                total.add("");
            }
            keys(total, widths, out);
            numbers(all.stream().map(SpendGroup::spend).reduce(Spend.NONE, Spend::plus), out);
        }
        if (all.size() > shown.size()) {
            out.println("The dearest " + shown.size() + " of " + all.size() + "; the total is of all.");
        }
    }

    private static void keys(List<String> values, List<Integer> widths, PrintWriter out) {
        for (int i = 0; i < widths.size(); i++) {
            String value = values.get(i);
            int width = widths.get(i);
            out.printf("%-" + width + "s ", value.length() > width ? value.substring(0, width - 1) + "…" : value);
        }
    }

    private static void numbers(Spend spend, PrintWriter out) {
        out.printf(
                NUMBERS,
                spend.calls(),
                "$" + SpendReport.dollars(spend.costNanos()),
                spend.inputTokens(),
                spend.outputTokens(),
                spend.cacheHitPercent() + " %",
                "$" + SpendReport.dollars(spend.savedNanos()),
                spend.denied(),
                spend.held(),
                spend.approved(),
                spend.unpriced(),
                spend.tools().held(),
                spend.tools().approved(),
                spend.tools().denied());
    }
}
