package dev.tollgate.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {
    private static final ExampleTemplate TEMPLATE = new ExampleTemplate(5);

    @ParameterizedTest
    @CsvSource({
        "'AKIA[A-Z0-9]{16}', AKIA0123456789ABCDEF, true",
        "'AKIA[A-Z0-9]{16}', AKIA0123456789abcdef, false",
        "'(?i)ignore (?:all )?rules', IGNORE RULES, true",
        "'(?i)ignore (?:all )?rules', ignore some rules, false",
        "'(?i:a)b', AB, false",
        "'(?:a|bc){2,3}d', abcad, true",
        "'(?:a|bc){2,3}d', ad, false",
        "'a(?=b)[^c]', ab, true",
        "'\\d{3}-\\d{2}', 123-4, false",
        "'x[^\\n]{0,40}y', x忽略 🔓 y, true"
    })
    void isOpen_text_agreesWithTheShape(String regex, String text, boolean open) {
        assertThat(isOpen(Pattern.compile(regex), text, 0)).isEqualTo(open);
    }

    @Test
    void isOpen_afterMoreTextsThanItsStatesHold_staysClosedWhereNothingMatches() {
        final Random random = new Random(7);
        final Gate gate = Gate.of(Pattern.compile("[ab]{0,40}a[ab]{12}z"));
        for (int i = 0; i < 2000; i++) {
            final StringBuilder text = new StringBuilder();
            for (int at = 0; at < 40; at++) {
                text.append(random.nextBoolean() ? 'a' : 'b');
            }
            final String closed = text + "y";
            final String open = text + "a" + "b".repeat(12) + "z";
            assertThat(gate.isOpen(closed, 0, closed.length(), new Work(closed.length())))
                    .as("%d texts before", i)
                    .isFalse();
            assertThat(gate.isOpen(open, 0, open.length(), new Work(open.length())))
                    .isTrue();
        }
    }

    @Test
    void isOpen_expressionOfUnknownShape_letsEverythingThrough() {
        assertThat(isOpen(Pattern.compile("(?x) a b"), "zz", 0)).isTrue();
    }

    @Test
    void isOpen_allRulesOnTheirExamplesAndMutations_neverClosesWhereTheExpressionMatches() {
        final Random random = new Random(11);
        RuleSets.shippedTexts().forEach((file, yaml) -> {
            for (RulePack.Loaded loaded : RulePack.read(file, yaml).rules()) {
                for (String example : loaded.entry().matches()) {
                    final String text = TEMPLATE.fill(example);
                    for (int round = 0; round < 8; round++) {
                        check(loaded.rule(), round == 0 ? text : mutated(text, random));
                    }
                }
            }
        });
    }

    private static void check(Rule rule, String text) {
        final Pattern pattern = rule.expression().pattern();
        final Matcher matcher = pattern.matcher(text).useTransparentBounds(true).useAnchoringBounds(false);
        for (int start = 0; start < text.length(); start++) {
            if (matcher.region(start, text.length()).lookingAt()) {
                assertThat(rule.expression().gate().isOpen(text, start, text.length(), new Work(text.length())))
                        .as("%s at %d", rule.id(), start)
                        .isTrue();
                assertThat(matcher.end() - start)
                        .as("longest match of %s", rule.id())
                        .isLessThanOrEqualTo(rule.expression().gate().mostChars());
            }
        }
    }

    private static boolean isOpen(Pattern pattern, String text, int start) {
        return Gate.of(pattern).isOpen(text, start, text.length(), new Work(text.length()));
    }

    private static String mutated(String text, Random random) {
        final StringBuilder mutated = new StringBuilder(text);
        for (int i = 0; i < 2 && !mutated.isEmpty(); i++) {
            final int at = random.nextInt(mutated.length());
            switch (random.nextInt(4)) {
                case 0 -> mutated.deleteCharAt(at);
                case 1 -> mutated.insert(at, mutated.charAt(at));
                case 2 -> mutated.setCharAt(at, " é-a7\n忽".charAt(random.nextInt(7)));
                default -> mutated.setCharAt(at, Character.toUpperCase(mutated.charAt(at)));
            }
        }
        return mutated.toString();
    }
}
