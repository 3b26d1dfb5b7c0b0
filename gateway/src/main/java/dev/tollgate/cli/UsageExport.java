package dev.tollgate.cli;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A provider's own account of usage or cost, as CSV. Columns are known by their names: those of OpenAI's exports ({@code start_time_iso},
 * {@code model}, {@code input_tokens}, {@code output_tokens}; {@code amount_value}, {@code amount_currency}, with or without {@code line_item}),
 * of Anthropic's ({@code usage_date_utc}, {@code model_version}, {@code usage_input_tokens_*}, {@code usage_output_tokens}; {@code model},
 * {@code cost_usd}), of DeepSeek's ({@code utc_date} or {@code start_time_iso}, {@code model}, then {@code type} and {@code amount} with a row for
 * each kind of token, or {@code cost} and {@code currency}), and plain ones: {@code day}, {@code model}, {@code input_tokens},
 * {@code output_tokens}, {@code cost}.
 *
 * @param sums by day and model, its name without a date; {@link #ALL_MODELS} where the file tells none
 * @param tellsTokens whether the file has columns for tokens
 * @param tellsCost whether it has one for cost
 * @param tellsModels whether it has one for the model
 */
record UsageExport(Map<Line, Sums> sums, boolean tellsTokens, boolean tellsCost, boolean tellsModels) {
    /** Stands for the model where a file tells of none. */
    static final String ALL_MODELS = "(all)";

    private static final long MAX_BYTES = 256L << 20;
    private static final int NANO_DIGITS = 9;
    private static final char BYTE_ORDER_MARK = 0xFEFF;
    private static final Pattern DATED = Pattern.compile("(-\\d{4}-\\d{2}-\\d{2}|[-@]\\d{8}|-latest)$");
    private static final List<String> DAY =
            List.of("day", "date", "usage_date_utc", "utc_date", "start_time_iso", "start_time");
    private static final List<String> MODEL = List.of("model", "model_version", "line_item");
    private static final List<String> INPUT = List.of(
            "input_tokens",
            "usage_input_tokens_no_cache",
            "usage_input_tokens_cache_write",
            "usage_input_tokens_cache_write_5m",
            "usage_input_tokens_cache_write_1h",
            "usage_input_tokens_cache_read");
    private static final List<String> OUTPUT = List.of("output_tokens", "usage_output_tokens");
    private static final List<String> CURRENCY = List.of("amount_currency", "currency");
    /** Anthropic's cost export has names for people: "Claude Haiku 4.5", "Claude Haiku 3.5" for what was claude-3-5-haiku. */
    private static final Pattern CLAUDE =
            Pattern.compile("claude[- ](?:([a-z]+)[- ])?(\\d+)(?:[-. ](\\d{1,2}))?(?:[- ]([a-z]+))?");

    private static final List<String> COST = List.of("cost", "cost_usd", "amount_value");

    private static final Sums NOTHING = new Sums(0, 0, 0);

    /** A day and a model. */
    record Line(String day, String model) implements Comparable<Line> {
        @Override
        public int compareTo(Line other) {
            int byDay = day.compareTo(other.day);
            return byDay != 0 ? byDay : model.compareTo(other.model);
        }
    }

    /** What was used on a day. */
    record Sums(long input, long output, long costNanos) {
        Sums plus(Sums other) {
            return new Sums(input + other.input, output + other.output, Math.addExact(costNanos, other.costNanos));
        }
    }

    /** @throws IOException if it cannot be read, or naming the line that is not understood */
    static UsageExport read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is larger than " + MAX_BYTES + " bytes");
        }
        List<List<String>> rows = rows(Files.readString(file));
        if (rows.isEmpty()) {
            throw new IOException(file + " is empty");
        }
        Columns columns = Columns.of(file, rows.get(0));
        Map<Line, Sums> sums = new TreeMap<>();
        for (int i = 1; i < rows.size(); i++) {
            try {
                Sums row = columns.sums(rows.get(i));
                // Exports have rows for times in which nothing was used, without a model.
                if (!row.equals(NOTHING)) {
                    sums.merge(columns.line(rows.get(i)), row, Sums::plus);
                }
            } catch (RuntimeException wrong) {
                throw new IOException(file + ": row " + (i + 1) + " is not understood: " + wrong.getMessage(), wrong);
            }
        }
        return new UsageExport(sums, columns.tellsTokens(), columns.cost() >= 0, columns.model() >= 0);
    }

    /** A model's name without provider and date, for providers name the version that served. */
    static String plainName(String model) {
        String bare = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        int comma = bare.indexOf(',');
        String plain =
                DATED.matcher(comma < 0 ? bare : bare.substring(0, comma)).replaceFirst("");
        return plain.startsWith("claude") ? claude(plain) : plain;
    }

    private static String claude(String name) {
        Matcher parts = CLAUDE.matcher(name);
        if (!parts.matches()) {
            return name.replace(' ', '-').replace('.', '-');
        }
        String family = parts.group(1) == null ? parts.group(4) : parts.group(1);
        String minor = parts.group(3) == null ? "" : "-" + parts.group(3);
        return "claude-" + (family == null ? "" : family + "-") + parts.group(2) + minor;
    }

    /**
     * Where what is.
     *
     * @param type of what a row counts, where there is a row for each kind of token; below 0 where there is a column for each
     * @param amount of it
     */
    private record Columns(
            int day,
            int model,
            List<Integer> input,
            List<Integer> output,
            int type,
            int amount,
            int cost,
            int currency) {
        static Columns of(Path file, List<String> head) throws IOException {
            Map<String, Integer> at = new HashMap<>();
            for (int i = 0; i < head.size(); i++) {
                at.putIfAbsent(head.get(i).strip().toLowerCase(Locale.ROOT), i);
            }
            Columns columns = new Columns(
                    first(DAY, at),
                    first(MODEL, at),
                    all(INPUT, at),
                    all(OUTPUT, at),
                    first(List.of("type"), at),
                    first(List.of("amount"), at),
                    first(COST, at),
                    first(CURRENCY, at));
            if (columns.day < 0 || (!columns.tellsTokens() && columns.cost < 0)) {
                throw new IOException(file + ": the first line names no day (" + String.join(", ", DAY)
                        + "), or neither tokens nor a cost (" + String.join(", ", COST)
                        + "); exports of times without any use name none either");
            }
            return columns;
        }

        boolean tellsTokens() {
            return !input.isEmpty() || !output.isEmpty() || hasRowsByType();
        }

        private boolean hasRowsByType() {
            return type >= 0 && amount >= 0;
        }

        /** One row tells of one kind of token, or of something else that is counted. */
        private Sums byType(List<String> row) {
            String kind = cell(row, type).toLowerCase(Locale.ROOT);
            return switch (kind) {
                case "input_tokens", "input_cache_hit_tokens", "input_cache_miss_tokens" ->
                    new Sums(count(cell(row, amount)), 0, 0);
                case "output_tokens" -> new Sums(0, count(cell(row, amount)), 0);
                default -> {
                    if (kind.endsWith("tokens")) {
                        throw new IllegalArgumentException("tokens of an unknown type " + kind);
                    }
                    yield NOTHING;
                }
            };
        }

        Line line(List<String> row) {
            return new Line(dayOf(cell(row, day)), model < 0 ? ALL_MODELS : plainName(cell(row, model)));
        }

        Sums sums(List<String> row) {
            String paidIn = currency < 0 ? "" : cell(row, currency);
            if (!paidIn.isEmpty() && !paidIn.equalsIgnoreCase("usd")) {
                throw new IllegalArgumentException("an amount in " + paidIn + "; only dollars are compared");
            }
            if (hasRowsByType() && input.isEmpty() && output.isEmpty()) {
                return byType(row);
            }
            return new Sums(
                    input.stream().mapToLong(column -> count(cell(row, column))).sum(),
                    output.stream()
                            .mapToLong(column -> count(cell(row, column)))
                            .sum(),
                    cost < 0 ? 0 : nanos(cell(row, cost)));
        }

        private static int first(List<String> names, Map<String, Integer> at) {
            return names.stream()
                    .filter(at::containsKey)
                    .map(at::get)
                    .findFirst()
                    .orElse(-1);
        }

        private static List<Integer> all(List<String> names, Map<String, Integer> at) {
            return names.stream().filter(at::containsKey).map(at::get).toList();
        }
    }

    private static String cell(List<String> row, int column) {
        return column < row.size() ? row.get(column).strip() : "";
    }

    private static String dayOf(String written) {
        if (written.matches("\\d{9,11}")) {
            return LocalDate.ofInstant(Instant.ofEpochSecond(Long.parseLong(written)), ZoneOffset.UTC)
                    .toString();
        }
        if (written.matches("\\d{8}")) {
            return LocalDate.parse(written, DateTimeFormatter.BASIC_ISO_DATE).toString();
        }
        return LocalDate.parse(written.substring(0, Math.min(written.length(), "2026-11-21".length())))
                .toString();
    }

    private static long count(String written) {
        return written.isEmpty() ? 0 : new BigDecimal(written).longValueExact();
    }

    private static long nanos(String written) {
        String plain = written.replace("$", "");
        return plain.isEmpty()
                ? 0
                : new BigDecimal(plain)
                        .movePointRight(NANO_DIGITS)
                        .setScale(0, RoundingMode.HALF_EVEN)
                        .longValueExact();
    }

    /** The rows of a CSV text (RFC 4180); empty lines are left out. */
    static List<List<String>> rows(String text) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean doubled = quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"';
            if (doubled) {
                cell.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (quoted || (c != ',' && c != '\n')) {
                if (c != BYTE_ORDER_MARK && (quoted || c != '\r')) {
                    cell.append(c);
                }
            } else {
                row.add(cell.toString());
                cell.setLength(0);
                row = c == '\n' ? ended(row, rows) : row;
            }
        }
        row.add(cell.toString());
        List<String> unused = ended(row, rows);
        return rows;
    }

    private static List<String> ended(List<String> row, List<List<String>> rows) {
        if (row.size() > 1 || !row.get(0).isBlank()) {
            rows.add(row);
        }
        return new ArrayList<>();
    }

    /** The day before which the file tells nothing; null if it tells nothing at all. */
    @Nullable
    LocalDate firstDay() {
        return sums.isEmpty()
                ? null
                : LocalDate.parse(sums.keySet().iterator().next().day());
    }

    /** The last day that the file tells of. */
    @Nullable
    LocalDate lastDay() {
        return sums.keySet().stream()
                .map(line -> LocalDate.parse(line.day()))
                .max(LocalDate::compareTo)
                .orElse(null);
    }
}
