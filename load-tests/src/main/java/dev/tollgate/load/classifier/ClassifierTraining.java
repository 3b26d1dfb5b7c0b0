package dev.tollgate.load.classifier;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollgate.detect.Classifier;
import dev.tollgate.detect.Finding;
import dev.tollgate.detect.InjectionScore;
import dev.tollgate.detect.Kind;
import dev.tollgate.detect.RuleSet;
import dev.tollgate.detect.RuleSets;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * Trains the classifier from the corpora that {@code tollgate eval} reads, and judges it by cross-validation over sources: no text is judged by
 * a model that has seen a text of the same repository. The same corpora give the same weights, bit for bit.
 *
 * <pre>java -cp load-tests.jar:lib/* dev.tollgate.load.classifier.ClassifierTraining CORPORA rules/classifier.bin</pre>
 */
public final class ClassifierTraining {
    private static final int FOLDS = 10;
    private static final long SEED = 20261121;
    private static final double THRESHOLD = 0.8;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Example> examples;
    private final Map<Example, Double> margins = new HashMap<>();

    private ClassifierTraining(List<Example> examples) {
        this.examples = examples;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: ClassifierTraining <folder of corpora> <file of weights to write>");
            Runtime.getRuntime().exit(2);
        }
        final Path corpora = Path.of(arguments[0]);
        final List<Example> examples = new ArrayList<>();
        for (String corpus : List.of("injection", "benign", "secrets", "pii")) {
            examples.addAll(read(corpora.resolve(corpus).resolve("dev.jsonl.gz")));
        }
        final ClassifierTraining training = new ClassifierTraining(examples);
        training.crossValidate();
        final Logistic curve = training.calibrate();
        training.report(curve);
        training.write(curve, Path.of(arguments[1]));
    }

    private static List<Example> read(Path file) throws IOException {
        final List<Example> examples = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                examples.add(Example.of(JSON.readTree(line)));
            }
        }
        return examples;
    }

    /** Judges each example by a model of the other folds. */
    private void crossValidate() {
        final Map<String, Integer> folds = folds();
        for (int fold = 0; fold < FOLDS; fold++) {
            final int held = fold;
            final LinearModel model = LinearModel.fit(
                    examples.stream()
                            .filter(example -> example.mayTrain() && folds.getOrDefault(example.source(), 0) != held)
                            .toList(),
                    SEED);
            examples.stream()
                    .filter(example -> folds.getOrDefault(example.source(), 0) == held)
                    .forEach(example -> margins.put(example, model.margin(example)));
        }
    }

    /** Sources to folds, the largest first, each to the fold with the fewest attacks, then the fewest texts. */
    private Map<String, Integer> folds() {
        final Map<String, int[]> sizes = new TreeMap<>();
        for (Example example : examples) {
            final int[] size = sizes.computeIfAbsent(example.source(), any -> new int[2]);
            size[example.attack() ? 0 : 1]++;
        }
        final int[][] filled = new int[FOLDS][2];
        final Map<String, Integer> folds = new HashMap<>();
        sizes.entrySet().stream()
                .sorted(Comparator.<Map.Entry<String, int[]>>comparingInt(entry -> -entry.getValue()[0])
                        .thenComparingInt(entry -> -entry.getValue()[1]))
                .forEach(entry -> {
                    final int side = entry.getValue()[0] > 0 ? 0 : 1;
                    int least = 0;
                    for (int fold = 1; fold < FOLDS; fold++) {
                        least = filled[fold][side] < filled[least][side] ? fold : least;
                    }
                    filled[least][0] += entry.getValue()[0];
                    filled[least][1] += entry.getValue()[1];
                    folds.put(entry.getKey(), least);
                });
        return folds;
    }

    private Logistic calibrate() {
        return Logistic.fit(examples.stream()
                .filter(ClassifierTraining::isJudged)
                .map(example -> new Logistic.Point(margins.getOrDefault(example, 0.0), example.attack()))
                .toList());
    }

    /** Secrets and personal data are there to learn what is harmless; what calls look like, the other corpora tell. */
    private static boolean isJudged(Example example) {
        return !example.family().equals("other");
    }

    private void report(Logistic curve) {
        final double[] harmless = examples.stream()
                .filter(example -> isJudged(example) && !example.attack())
                .mapToDouble(example -> margins.getOrDefault(example, 0.0))
                .sorted()
                .toArray();
        System.out.printf(Locale.ROOT, "calibration: slope %.4f, intercept %.4f%n", curve.slope(), curve.intercept());
        for (double share : new double[] {0.001, 0.002, 0.005, 0.01, 0.02, 0.05}) {
            final double limit = harmless[(int) Math.floor((1 - share) * (harmless.length - 1))];
            final List<Example> attacks =
                    examples.stream().filter(Example::attack).toList();
            final long found = attacks.stream()
                    .filter(example -> margins.getOrDefault(example, 0.0) > limit)
                    .count();
            System.out.printf(
                    Locale.ROOT,
                    "alone, unseen sources: recall %.3f at %.1f %% false positives (probability %.3f)%n",
                    (double) found / attacks.size(),
                    100 * share,
                    curve.probability(limit));
        }
        final RuleSet rules = RuleSets.shipped();
        final Map<String, int[]> groups = new TreeMap<>();
        for (Example example : examples) {
            if (isJudged(example)) {
                count(example, curve, rules, groups);
            }
        }
        System.out.printf(
                Locale.ROOT, "%-46s %6s %8s %8s%n", "family, at score " + THRESHOLD, "texts", "rules", "both");
        groups.forEach((name, counts) -> System.out.printf(
                Locale.ROOT,
                "%-46s %6d %8.4f %8.4f%n",
                name,
                counts[0],
                (double) counts[1] / counts[0],
                (double) counts[2] / counts[0]));
    }

    /** Counts one example by the rules alone and with the judgement of a model that has not seen its source. */
    private void count(Example example, Logistic curve, RuleSet rules, Map<String, int[]> groups) {
        final List<Finding> found = rules.scan(example.text(), Set.of(Kind.INJECTION), example.writer()).stream()
                .filter(finding -> !finding.ruleId().equals(Classifier.RULE_ID))
                .toList();
        final double margin = margins.getOrDefault(example, 0.0);
        final List<Finding> both = new ArrayList<>(found);
        both.add(Classifier.finding(new Classifier.Judgement(curve.probability(margin), margin, 0, 1)));
        for (String name : Arrays.asList(
                example.attack() ? "attacks" : "harmless",
                (example.attack() ? "attacks, " : "harmless, ") + example.family())) {
            final int[] counts = groups.computeIfAbsent(name, any -> new int[3]);
            counts[0]++;
            counts[1] += InjectionScore.of(found, example.writer()) >= THRESHOLD ? 1 : 0;
            counts[2] += InjectionScore.of(both, example.writer()) >= THRESHOLD ? 1 : 0;
        }
    }

    private void write(Logistic curve, Path file) throws IOException {
        final List<Example> learned =
                examples.stream().filter(Example::mayTrain).toList();
        final LinearModel model = LinearModel.fit(learned, SEED);
        try (OutputStream out = Files.newOutputStream(file)) {
            model.quantised(curve.slope(), curve.intercept()).write(out);
        }
        System.out.printf(
                Locale.ROOT,
                "trained on %d texts of %d sources, %d of them attacks; %d weights kept, %d bytes%n",
                learned.size(),
                learned.stream().map(Example::source).distinct().count(),
                learned.stream().filter(Example::attack).count(),
                model.kept(),
                Files.size(file));
    }
}
