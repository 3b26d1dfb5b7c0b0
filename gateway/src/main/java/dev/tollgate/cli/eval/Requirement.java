package dev.tollgate.cli.eval;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a group must reach.
 *
 * @param group  name of a measure
 * @param metric {@code recall}, {@code precision} or {@code f1}, or {@code share} of texts that must pass
 * @param least  whether {@code bound} is the least allowed, else the most
 * @param bound  from 0 to 1
 */
public record Requirement(String group, String metric, boolean least, double bound) {
    private static final Pattern FORM =
            Pattern.compile("(?<group>\\S+)\\.(?<metric>recall|precision|f1|share)(?<sign>>=|<=)(?<bound>[0-9.]{1,9})");

    /**
     * @param text such as {@code secret.kind.secret.recall>=0.85} or {@code secret.pass.real-world.share<=0.02}
     * @throws IllegalArgumentException if it is written otherwise
     */
    public static Requirement parse(String text) {
        final Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no requirement; one is written as secret.kind.secret.recall>=0.85");
        }
        return new Requirement(
                form.group("group"),
                form.group("metric"),
                form.group("sign").equals(">="),
                Double.parseDouble(form.group("bound")));
    }

    /** @return what is missing, or nothing. A group that does not occur is missing: a corpus of another name would satisfy anything */
    public Optional<String> missingIn(List<Measure> measures) {
        final Optional<Measure> measure =
                measures.stream().filter(one -> one.name().equals(group)).findFirst();
        if (measure.isEmpty()) {
            return Optional.of(group + " does not occur in the corpora");
        }
        final double value = value(measure.get());
        final boolean holds = least ? value >= bound : value <= bound;
        return holds
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "%s.%s is %.4f, required is %s %s",
                        group,
                        metric,
                        value,
                        least ? "at least" : "at most",
                        bound));
    }

    private double value(Measure measure) {
        return switch (metric) {
            case "precision" -> measure.precision();
            case "f1" -> measure.f1();
            default -> measure.recall();
        };
    }
}
