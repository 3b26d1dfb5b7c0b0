package dev.tollgate.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;

/**
 * What an expression costs where its gate lets it through: gates know a bounded number of states, so that after hours of traffic they let
 * through what they once held back.
 */
class RuleCostTest {
    /** Characters that an expression may read at one place, before any text of a few hundred characters runs into its work limit. */
    private static final long MOST = 50_000;

    private static final int LENGTH = 300;
    /** Lines, tables, lists and gaps: what ordinary texts repeat. */
    private static final List<String> FILLS = List.of(
            "-",
            " ",
            "_",
            "*",
            "'",
            "\n",
            " \n",
            "a ",
            "a-",
            " the",
            ", ",
            "1 ",
            "1234567890",
            ". ",
            "/",
            "=\"",
            ":",
            "( ",
            "`",
            "\"",
            " -",
            "aB1_",
            "; ",
            "|---");

    @Test
    void everyExpression_keywordBeforeRepetitions_readsFewCharacters() {
        final Set<String> costly = new TreeSet<>();

        for (Map.Entry<String, String> pack : RuleSets.shippedTexts().entrySet()) {
            for (RulePack.Loaded loaded :
                    RulePack.read(pack.getKey(), pack.getValue()).rules()) {
                for (String keyword : loaded.rule().trigger().keywords()) {
                    FILLS.stream()
                            .map(fill -> keyword.toLowerCase(Locale.ROOT) + fill.repeat(LENGTH / fill.length()))
                            .filter(text -> !isCheap(loaded.rule(), text))
                            .forEach(text -> costly.add(loaded.rule().id() + " behind " + keyword));
                }
            }
        }

        assertThat(costly).isEmpty();
    }

    private static boolean isCheap(Rule rule, String text) {
        final Matcher matcher = rule.expression().pattern().matcher(new MeteredText(text, new Work(MOST)));
        try {
            final boolean unused = matcher.region(
                            0, Math.min(text.length(), rule.trigger().reach()))
                    .useTransparentBounds(true)
                    .useAnchoringBounds(false)
                    .lookingAt();
            return true;
        } catch (Work.Exceeded e) {
            return false;
        }
    }
}
