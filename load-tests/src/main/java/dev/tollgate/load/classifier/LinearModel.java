package dev.tollgate.load.classifier;

import dev.tollgate.detect.Classifier;
import dev.tollgate.detect.Ngrams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Logistic regression over n-grams, fitted by stochastic gradient descent with a step per weight (AdaGrad) and an L2 penalty. Of each text the
 * stretch counts that the model so far takes for the worst: of an attack in a long document nobody told where it stands.
 */
final class LinearModel {
    private static final int ROUNDS = 6;
    /** Rounds in which only texts of one stretch are learned from. */
    private static final int SHORT_ROUNDS = 2;

    private static final double STEP = 0.1;
    private static final double PENALTY = 1e-3;
    /** Weight of all harmless texts together, where all attacks weigh 1. */
    private static final double HARMLESS_SHARE = 1.5;

    private static final int STEPS_OF_A_BYTE = 127;
    /** Weights smaller than this share of the largest are left out. */
    private static final double PRUNED = 0.02;

    /** N-grams of fewer sources are not learned from: they tell the source, not the attack. */
    private static final int FEWEST_SOURCES = 2;

    private final float[] weights = new float[Ngrams.BUCKETS];
    private final boolean[] learned;
    private final float[] squares = new float[Ngrams.BUCKETS];
    private double bias;
    private double biasSquares;

    private LinearModel(boolean[] learned) {
        this.learned = learned;
    }

    /** @param seed of the order in which examples are seen: the same examples and seed give the same model */
    static LinearModel fit(List<Example> examples, long seed) {
        final LinearModel model = new LinearModel(common(examples));
        final Map<String, Integer> sizes = new HashMap<>();
        examples.forEach(example -> sizes.merge(group(example), 1, Integer::sum));
        final double[] totals = new double[2];
        examples.forEach(example -> totals[side(example)] += weight(example, sizes));
        final List<Example> order = new ArrayList<>(examples);
        final Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Collections.shuffle(order, random);
            for (Example example : order) {
                if (round >= SHORT_ROUNDS || example.stretches() == 1) {
                    final double share = weight(example, sizes) / totals[side(example)];
                    model.learn(example, share * examples.size() / 2 * (example.attack() ? 1 : HARMLESS_SHARE));
                }
            }
        }
        return model;
    }

    /** Buckets whose n-grams occur in enough sources. */
    private static boolean[] common(List<Example> examples) {
        final Map<String, BitSet> bySource = new HashMap<>();
        for (Example example : examples) {
            final BitSet seen = bySource.computeIfAbsent(example.source(), any -> new BitSet(Ngrams.BUCKETS));
            example.blocks().forEach(block -> Arrays.stream(block).forEach(seen::set));
        }
        final int[] counts = new int[Ngrams.BUCKETS];
        bySource.values().forEach(seen -> seen.stream().forEach(bucket -> counts[bucket]++));
        final boolean[] common = new boolean[Ngrams.BUCKETS];
        for (int i = 0; i < common.length; i++) {
            common[i] = counts[i] >= FEWEST_SOURCES;
        }
        return common;
    }

    /** A large source counts for more than a small one, but not in proportion: its texts resemble each other. */
    private static double weight(Example example, Map<String, Integer> sizes) {
        return 1 / Math.sqrt(sizes.getOrDefault(group(example), 1));
    }

    private static String group(Example example) {
        return example.source() + " " + example.family();
    }

    private static int side(Example example) {
        return example.attack() ? 1 : 0;
    }

    private void learn(Example example, double importance) {
        final int[] stretch = worst(example);
        final double norm = Math.sqrt(Math.max(1, stretch.length));
        final double error = 1 / (1 + Math.exp(-margin(stretch))) - (example.attack() ? 1 : 0);
        final double gradient = error * importance;
        final double perGram = gradient / norm;
        for (int bucket : stretch) {
            if (!learned[bucket]) {
                continue;
            }
            final double slope = perGram + PENALTY * weights[bucket];
            squares[bucket] += (float) (slope * slope);
            weights[bucket] -= (float) (STEP * slope / Math.sqrt(squares[bucket] + 1e-6));
        }
        biasSquares += gradient * gradient;
        bias -= STEP * gradient / Math.sqrt(biasSquares + 1e-6);
    }

    /** The margin of the worst stretch. */
    double margin(Example example) {
        return margin(worst(example));
    }

    private int[] worst(Example example) {
        int[] worst = example.stretch(0);
        double highest = margin(worst);
        for (int first = 1; first < example.stretches(); first++) {
            final int[] stretch = example.stretch(first);
            final double margin = margin(stretch);
            if (margin > highest) {
                highest = margin;
                worst = stretch;
            }
        }
        return worst;
    }

    private double margin(int[] stretch) {
        double sum = 0;
        for (int bucket : stretch) {
            sum += weights[bucket];
        }
        return bias + sum / Math.sqrt(Math.max(1, stretch.length));
    }

    /** The same with weights of one byte each. */
    Classifier quantised(double slope, double intercept) {
        final double largest = largest();
        final double scale = largest / STEPS_OF_A_BYTE;
        final byte[] bytes = new byte[weights.length];
        for (int i = 0; i < weights.length; i++) {
            bytes[i] = Math.abs(weights[i]) < PRUNED * largest ? 0 : (byte) Math.round(weights[i] / scale);
        }
        return new Classifier(bytes, new Classifier.Calibration(scale, bias, slope, intercept));
    }

    /** How many weights {@link #quantised} keeps. */
    int kept() {
        final double least = PRUNED * largest();
        int kept = 0;
        for (float weight : weights) {
            kept += Math.abs(weight) < least ? 0 : 1;
        }
        return kept;
    }

    private double largest() {
        double largest = 0;
        for (float weight : weights) {
            largest = Math.max(largest, Math.abs(weight));
        }
        return largest;
    }
}
