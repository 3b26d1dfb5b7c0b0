package dev.tollgate.detect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/**
 * Measures the shipped rules on corpora in JSON lines: {@code java … CorpusEvaluation FOLDER [--threshold 0.8]
 * [--misses CORPUS LABEL]}. FOLDER holds {@code secrets pii injection benign}, each with {@code dev.jsonl.gz}; fields {@code text,
 * label, expect, spans (code points), kind, neg_kind, tier, family, role}. A main, not a test: it needs corpora that are not part of
 * this repository.
 */
final class CorpusEvaluation {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> ORDINARY = List.of(
            "user-question",
            "agent-request",
            "coding-request",
            "coding-agent",
            "tool-result",
            "repo-file",
            "nlp-task",
            "clean-document",
            "multilingual-benign",
            "encoded-benign");

    private final RuleSet rules;
    private final double threshold;
    private final Path folder;
    private final List<String> shown;

    private CorpusEvaluation(RuleSet rules, Path folder, double threshold, List<String> shown) {
        this.rules = rules;
        this.folder = folder;
        this.threshold = threshold;
        this.shown = shown;
    }

    public static void main(String[] args) throws IOException {
        final List<String> options = List.of(args);
        final int at = options.indexOf("--threshold");
        final int misses = options.indexOf("--misses");
        final RuleSet rules = RuleSets.shipped();
        new CorpusEvaluation(
                        rules,
                        Path.of(options.get(0)),
                        at < 0 ? 0.8 : Double.parseDouble(options.get(at + 1)),
                        misses < 0 ? List.of() : options.subList(misses + 1, misses + 3))
                .run();
    }

    private void run() throws IOException {
        System.out.printf(
                "rules %s, %d of them%n", rules.version(), rules.rules().size());
        secrets();
        personal();
        injection();
        benign();
    }

    private void secrets() throws IOException {
        final Counts groups = new Counts();
        final Counts labels = new Counts();
        for (JsonNode row : rows("secrets")) {
            final List<Finding> found = scan(row, Kind.SECRET);
            if (isExpected(row)) {
                final boolean hit = row.path("spans").isEmpty() ? !found.isEmpty() : anySpanHit(row, found);
                final String kind = row.path("kind").asText("none");
                groups.add(
                        "recall, source "
                                + row.path("source_repo")
                                        .asText()
                                        .replaceAll("^(?!gitleaks|betterleaks|Yelp).*", "code")
                                + ", kind " + kind,
                        hit);
                if (!kind.equals("password")) {
                    groups.add("recall, all but passwords", hit);
                }
                labels.add(row.path("label").asText(), hit);
                show("secrets", row.path("label").asText(), row, !hit);
            } else {
                groups.add("flagged, negatives " + row.path("neg_kind").asText(), !found.isEmpty());
                show("secrets", row.path("neg_kind").asText(), row, !found.isEmpty(), found);
            }
        }
        groups.print("secrets", any -> true);
        labels.printWorst("secret types with the most misses");
    }

    private void personal() throws IOException {
        final Counts groups = new Counts();
        final Counts types = new Counts();
        for (JsonNode row : rows("pii")) {
            final List<Finding> found = scan(row, Kind.PERSONAL);
            final String tier = row.path("tier").asText();
            if (!isExpected(row)) {
                groups.add("flagged, negatives", !found.isEmpty());
                show("pii", "negative", row, !found.isEmpty(), found);
                continue;
            }
            for (JsonNode span : row.path("spans")) {
                final boolean hit = hits(row.path("text").asText(), span, found);
                groups.add("span recall, tier " + tier, hit);
                if (tier.equals("structured")) {
                    types.add(span.get(2).asText(), hit);
                    show("pii", span.get(2).asText(), row, !hit);
                }
            }
        }
        groups.print("personal data", any -> true);
        types.printWorst("structured types with the most misses");
    }

    private void injection() throws IOException {
        final Counts families = new Counts();
        for (JsonNode row : rows("injection")) {
            final double score = InjectionScore.of(scan(row, Kind.INJECTION), writer(row));
            families.add("all", score >= threshold);
            families.add(row.path("family").asText(), score >= threshold);
            if (row.path("family").asText().equals("encoded")) {
                families.add("encoded, " + row.path("encoding").asText("-"), score >= threshold);
            }
            show("injection", row.path("family").asText(), row, score < threshold);
        }
        families.print("injection, recall at score " + threshold, any -> true);
    }

    private void benign() throws IOException {
        final Counts counts = new Counts();
        final Map<String, Integer> byRule = new TreeMap<>();
        for (JsonNode row : rows("benign")) {
            final String family = row.path("family").asText();
            final String group = ORDINARY.contains(family) ? "ordinary" : "hard";
            final List<Finding> secrets = scan(row, Kind.SECRET);
            final List<Finding> personal = scan(row, Kind.PERSONAL);
            final List<Finding> attack = scan(row, Kind.INJECTION);
            final boolean attacked = InjectionScore.of(attack, writer(row)) >= threshold;
            counts.add("secrets, flagged", !secrets.isEmpty());
            counts.add("personal, flagged", !personal.isEmpty());
            counts.add("injection, flagged, " + group, attacked);
            counts.add("injection, flagged, " + group + ", " + family, attacked);
            secrets.stream().map(Finding::ruleId).distinct().forEach(rule -> byRule.merge(rule, 1, Integer::sum));
            personal.stream().map(Finding::ruleId).distinct().forEach(rule -> byRule.merge(rule, 1, Integer::sum));
            if (attacked) {
                attack.stream().map(Finding::ruleId).distinct().forEach(rule -> byRule.merge(rule, 1, Integer::sum));
            }
            show("benign", "secret", row, !secrets.isEmpty(), secrets);
            show("benign", "personal", row, !personal.isEmpty(), personal);
            show("benign", "injection", row, attacked, attack);
        }
        counts.print("benign, false positives", any -> true);
        System.out.println("  by rule: " + byRule);
    }

    private List<Finding> scan(JsonNode row, Kind kind) {
        return rules.scan(row.path("text").asText(), EnumSet.of(kind), writer(row));
    }

    private static Trust writer(JsonNode row) {
        return switch (row.path("role").asText()) {
            case "tool" -> Trust.TOOL_RESULT;
            case "document" -> Trust.DOCUMENT;
            case "system" -> Trust.OPERATOR;
            case "assistant" -> Trust.ASSISTANT;
            default -> Trust.USER;
        };
    }

    private static boolean isExpected(JsonNode row) {
        return row.path("expect").asText().equals("detect");
    }

    private static boolean anySpanHit(JsonNode row, List<Finding> found) {
        for (JsonNode span : row.path("spans")) {
            if (hits(row.path("text").asText(), span, found)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hits(String text, JsonNode span, List<Finding> found) {
        final int start = text.offsetByCodePoints(0, span.get(0).asInt());
        final int end = text.offsetByCodePoints(0, span.get(1).asInt());
        return found.stream().anyMatch(finding -> finding.start() < end && start < finding.end());
    }

    private void show(String corpus, String label, JsonNode row, boolean wrong, List<Finding> found) {
        if (wrong && shown.equals(List.of(corpus, label))) {
            found.forEach(finding -> System.out.println("    " + finding.ruleId() + " "
                    + row.path("text")
                            .asText()
                            .substring(Math.max(0, finding.start() - 30), finding.end())
                            .replace("\n", "\\n")));
            show(corpus, label, row, true);
        }
    }

    private void show(String corpus, String label, JsonNode row, boolean wrong) {
        if (wrong && shown.equals(List.of(corpus, label))) {
            final String text = row.path("text").asText().replace("\n", "\\n");
            System.out.println("  > " + text.substring(0, Math.min(220, text.length())));
        }
    }

    private List<JsonNode> rows(String corpus) throws IOException {
        final List<JsonNode> rows = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(folder.resolve(corpus).resolve("dev.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rows.add(JSON.readTree(line));
            }
        }
        return rows;
    }

    /** Hits and totals by name. */
    private static final class Counts {
        private final Map<String, int[]> byName = new TreeMap<>();

        void add(String name, boolean hit) {
            final int[] count = byName.computeIfAbsent(name, any -> new int[2]);
            count[0] += hit ? 1 : 0;
            count[1]++;
        }

        void print(String title, Predicate<String> wanted) {
            System.out.println(title);
            byName.forEach((name, count) -> {
                if (wanted.test(name)) {
                    System.out.printf(
                            Locale.ROOT,
                            "  %-60s %5d of %5d  %6.2f %%%n",
                            name,
                            count[0],
                            count[1],
                            100.0 * count[0] / count[1]);
                }
            });
        }

        void printWorst(String title) {
            System.out.println(title);
            byName.entrySet().stream()
                    .filter(entry -> entry.getValue()[0] < entry.getValue()[1])
                    .sorted((a, b) -> (b.getValue()[1] - b.getValue()[0]) - (a.getValue()[1] - a.getValue()[0]))
                    .limit(40)
                    .forEach(entry -> System.out.print(
                            "  " + entry.getKey() + " " + entry.getValue()[0] + "/" + entry.getValue()[1]));
            System.out.println();
        }
    }
}
