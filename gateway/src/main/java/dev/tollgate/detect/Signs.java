package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Literals that tell that a text is turned, reversed or written in signs as a whole: words that attacks can hardly do without, and the marks with which keys begin,
 * as they read then.
 */
final class Signs {
    private static final List<String> WORDS = List.of(
            "instruct",
            "ignore",
            "previous",
            "system",
            "prompt",
            "print ",
            "password",
            "pretend",
            "respond",
            "base64",
            "https:");
    /** Keys that are as long as this have marks that no word has. */
    private static final int LONG_KEY = 16;

    private static final int SHORTEST_MARK = 4;

    private Signs() {}

    static List<SieveTables.Keyword> turned(Collection<Rule> rules) {
        return signs(rules, Rot13::turn);
    }

    static List<SieveTables.Keyword> reversed(Collection<Rule> rules) {
        return signs(rules, Reversed::reversed);
    }

    static List<SieveTables.Keyword> leet(Collection<Rule> rules) {
        return rules.stream().anyMatch(rule -> rule.kind() == Kind.INJECTION)
                ? Leetspeak.signs().stream().map(Signs::sign).toList()
                : List.of();
    }

    private static List<SieveTables.Keyword> signs(Collection<Rule> rules, UnaryOperator<String> hide) {
        final List<SieveTables.Keyword> signs = new ArrayList<>();
        if (rules.stream().anyMatch(rule -> rule.kind() == Kind.INJECTION)) {
            WORDS.forEach(word -> signs.add(sign(hide.apply(word))));
        }
        rules.stream()
                .filter(rule ->
                        rule.kind() == Kind.SECRET && rule.trigger().run().least() >= LONG_KEY)
                .flatMap(rule -> rule.trigger().keywords().stream())
                .filter(keyword ->
                        keyword.length() >= SHORTEST_MARK && keyword.chars().anyMatch(Character::isLetter))
                .distinct()
                .forEach(keyword -> signs.add(sign(hide.apply(keyword))));
        return signs;
    }

    private static SieveTables.Keyword sign(String written) {
        return new SieveTables.Keyword(written.toLowerCase(Locale.ROOT), List.of());
    }
}
