package dev.tollgate.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs every example that the shipped packs give. */
class RuleExamplesTest {
    @Test
    void everyRule_itsExamples_findsAndPassesAsItSays() {
        final List<String> failures = new ArrayList<>();

        for (Map.Entry<String, String> pack : RuleSets.shippedTexts().entrySet()) {
            for (RulePack.Loaded loaded :
                    RulePack.read(pack.getKey(), pack.getValue()).rules()) {
                failures.addAll(failures(loaded, pack.getKey() + ":" + loaded.line()));
            }
        }

        assertThat(failures).isEmpty();
    }

    private static List<String> failures(RulePack.Loaded loaded, String place) {
        final RuleSet alone = new RuleSet("one rule", List.of(loaded.rule()));
        final ExampleTemplate template = new ExampleTemplate(loaded.rule().id().hashCode());
        final List<String> failures = new ArrayList<>();
        if (loaded.entry().matches().isEmpty()) {
            failures.add(place + ": rule " + loaded.rule().id() + " has no example");
        }
        for (String example : loaded.entry().matches()) {
            final String text = template.fill(example);
            if (!finds(alone, loaded.rule(), text)) {
                failures.add(place + ": rule " + loaded.rule().id() + " does not find " + text);
            }
        }
        for (String example : loaded.entry().passes()) {
            final String text = template.fill(example);
            if (finds(alone, loaded.rule(), text)) {
                failures.add(place + ": rule " + loaded.rule().id() + " must not find " + text);
            }
        }
        return failures;
    }

    private static boolean finds(RuleSet rules, Rule rule, String text) {
        final Trust writer = rule.writers().iterator().next();
        return !rules.scan(text, EnumSet.of(rule.kind()), writer).isEmpty();
    }
}
