package dev.tollgate.detect;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns entries of one pack into rules: fills in defaults and macros, compiles, and refuses what is not sound. */
final class RuleCompiler {
    private static final int DEFAULT_REACH = 256;
    private static final int DEFAULT_NEARBY = 64;
    private static final double DEFAULT_WEIGHT = 0.8;
    private static final int MACRO_LEVELS = 4;
    private static final int MOST_BACK = 64;
    private static final Predicate<String> PLACEHOLDER =
            Pattern.compile("[A-Z][A-Z0-9_]{0,63}").asMatchPredicate();
    private static final Predicate<String> LOWER_SNAKE =
            Pattern.compile("[a-z][a-z0-9]*(?:_[a-z0-9]+)*").asMatchPredicate();
    /** So a pattern begins that allows no letter before it: that can be looked at before it is tried. */
    private static final String WORD_START = "(?<![A-Za-z";

    private static final Pattern MACRO = Pattern.compile("\\{\\{([a-z0-9_]+)}}");

    private final Kind kind;
    private final Map<String, String> macros;

    RuleCompiler(Kind kind, Map<String, String> macros) {
        this.kind = kind;
        this.macros = Map.copyOf(macros);
    }

    /** @throws IllegalArgumentException saying what is wrong with the entry */
    Rule compile(RuleEntry entry) {
        require(LOWER_SNAKE.test(entry.id()), "id '" + entry.id() + "' is not lower_snake_case");
        final double weight = orElse(entry.weight(), DEFAULT_WEIGHT);
        require(weight > 0 && weight <= 1, "weight " + weight + " is not within 0..1");
        final String placeholder = entry.placeholder();
        require(
                placeholder == null || PLACEHOLDER.test(placeholder),
                "placeholder '" + placeholder + "' is not made of capitals, digits and _");
        final Expression expression = expression(entry);
        return new Rule(
                entry.id(),
                entry.title(),
                kind,
                entry.family(),
                orElse(entry.severity(), Severity.HIGH),
                weight,
                orElse(entry.specific(), true),
                orElse(
                        placeholder,
                        kind == Kind.INJECTION ? "INJECTION" : entry.id().toUpperCase(Locale.ROOT)),
                orElse(entry.writers(), EnumSet.allOf(Trust.class)),
                trigger(entry, expression.gate().mostChars()),
                expression);
    }

    private Trigger trigger(RuleEntry entry, int mostChars) {
        final List<String> keywords = orElse(entry.keywords(), List.of());
        require(keywords.stream().noneMatch(String::isBlank), "a keyword is blank");
        return new Trigger(
                keywords,
                orElse(entry.digits(), 0),
                expand(source(entry)).startsWith(WORD_START),
                run(entry),
                start(entry),
                Math.min(orElse(entry.reach(), DEFAULT_REACH), Math.max(1, mostChars)));
    }

    private static Trigger.Run run(RuleEntry entry) {
        final int least = orElse(entry.run(), 0);
        require(entry.runOf() == null || least > 0, "run_of goes with run only");
        return entry.runOf() == null ? Trigger.Run.ofKey(least) : new Trigger.Run(least, members(entry.runOf()));
    }

    private static Trigger.Start start(RuleEntry entry) {
        if (entry.before() == null && entry.after() == null) {
            return new Trigger.Start.Fixed(
                    members(entry.back()), orElse(entry.backLeast(), 0), entry.back() == null ? 0 : MOST_BACK);
        }
        require(entry.back() == null, "back goes with neither before nor after");
        final int before = orElse(entry.before(), 0);
        final int after = orElse(entry.after(), 0);
        require(
                before >= 0 && before <= Trigger.MOST_WINDOW,
                "before " + before + " is not within 0.." + Trigger.MOST_WINDOW);
        require(
                after >= 0 && after <= Trigger.MOST_WINDOW,
                "after " + after + " is not within 0.." + Trigger.MOST_WINDOW);
        return new Trigger.Start.Within(before, after);
    }

    private Expression expression(RuleEntry entry) {
        final Pattern pattern = BoundedPattern.compile(expand(source(entry)));
        return new Expression(
                pattern,
                orElse(entry.validators(), List.<String>of()).stream()
                        .map(RuleCompiler::validator)
                        .toList(),
                orElse(entry.allow(), List.<String>of()).stream()
                        .map(allowed -> BoundedPattern.compile(expand(allowed)))
                        .toList(),
                new ContextWords(orElse(entry.context(), List.of()), orElse(entry.nearby(), DEFAULT_NEARBY)),
                Gate.of(pattern));
    }

    /** {@code assigned} is short for: one of the keywords as part of a name, an assignment, and a value of that form. */
    private static String source(RuleEntry entry) {
        require(
                (entry.pattern() == null) != (entry.assigned() == null),
                "a rule needs pattern or assigned, and not both");
        if (entry.pattern() != null) {
            return entry.pattern();
        }
        final String names = orElse(entry.keywords(), List.<String>of()).stream()
                .map(RuleCompiler::literal)
                .collect(Collectors.joining("|"));
        return "(?:(?i)" + names + "){{assign}}(?<v>" + entry.assigned() + "){{end}}";
    }

    private static String literal(String keyword) {
        return keyword.replaceAll("[^\\p{L}\\p{N} _]", "\\\\$0");
    }

    /** Macros may use macros, a few levels deep. */
    private String expand(String pattern) {
        String expanded = pattern;
        for (int level = 0; level < MACRO_LEVELS && MACRO.matcher(expanded).find(); level++) {
            expanded = MACRO.matcher(expanded).replaceAll(macro -> Matcher.quoteReplacement(macro(macro.group(1))));
        }
        require(!MACRO.matcher(expanded).find(), "macros are nested deeper than " + MACRO_LEVELS + " levels");
        return expanded;
    }

    private String macro(String name) {
        final String text = macros.get(name);
        if (text == null) {
            throw new IllegalArgumentException("macro {{" + name + "}} is not defined");
        }
        return text;
    }

    private static Validator validator(String name) {
        return Validator.parse(name)
                .orElseThrow(() ->
                        new IllegalArgumentException("validator '" + name + "' is not one of " + Validator.names()));
    }

    /** Characters of a class written as in {@code a-z0-9._-}. */
    private static AsciiSet members(@Nullable String characterClass) {
        return characterClass == null ? new AsciiSet(0, 0) : Trigger.members("[" + characterClass + "]");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    private static <T> T orElse(@Nullable T value, T fallback) {
        return Objects.requireNonNullElse(value, fallback);
    }
}
