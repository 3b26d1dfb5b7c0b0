package dev.tollgate.load.classifier;

import java.util.List;

/**
 * The curve that turns margins into probabilities (Platt, 1999), fitted so that all attacks together weigh as much as all harmless texts.
 * Only margins that few harmless texts reach are fitted: below them nothing is told, and outliers there would flatten the curve.
 *
 * @param slope     of the curve
 * @param intercept of the curve
 */
record Logistic(double slope, double intercept) {
    private static final int ROUNDS = 20_000;
    private static final double STEP = 0.5;
    /** Share of harmless texts whose margins are fitted, the highest. */
    private static final double FITTED = 0.1;

    /** A margin, and whether its text is an attack. */
    record Point(double margin, boolean attack) {}

    static Logistic fit(List<Point> points) {
        final double[] harmless = points.stream()
                .filter(point -> !point.attack)
                .mapToDouble(Point::margin)
                .sorted()
                .toArray();
        final double least = harmless[(int) ((1 - FITTED) * harmless.length)];
        final List<Point> fitted =
                points.stream().filter(point -> point.margin >= least).toList();
        final double perHarmless = 0.5 / harmless.length;
        final double perAttack = 0.5 / (points.size() - harmless.length);
        double slope = 1;
        double intercept = 0;
        for (int round = 0; round < ROUNDS; round++) {
            double bySlope = 0;
            double byIntercept = 0;
            double total = 0;
            for (Point point : fitted) {
                final double beyond = point.margin - least;
                final double error = 1 / (1 + Math.exp(-slope * beyond - intercept)) - (point.attack ? 1 : 0);
                final double weight = point.attack ? perAttack : perHarmless;
                bySlope += weight * error * beyond;
                byIntercept += weight * error;
                total += weight;
            }
            slope -= STEP * bySlope / total;
            intercept -= STEP * byIntercept / total;
        }
        return new Logistic(slope, intercept - slope * least);
    }

    double probability(double margin) {
        return 1 / (1 + Math.exp(-slope * margin - intercept));
    }
}
