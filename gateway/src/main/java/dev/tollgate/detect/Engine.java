package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Rules that are searched for together, with the automaton that says where each of them may match. */
final class Engine {
    private final Set<Kind> kinds;
    private final Rule[] rules;
    /** Which rules judge; at most as many entries as there are writers times sets of kinds. */
    private final Map<Asked, boolean[]> judging = new ConcurrentHashMap<>();

    private final KeywordAutomaton keywords;
    private final int[][] rulesOfKeyword;
    /** Indexes of the rules that digits trigger, those that need few first. */
    private final int[] digitRules;
    /** What each of them needs. */
    private final int[] digitsNeeded;

    private final int signsFrom;

    /** @param signs keywords that belong to no rule; {@link Scan.Pass#sign} is told of them */
    static Engine of(Set<Kind> kinds, Collection<Rule> all, List<String> signs) {
        return new Engine(
                kinds, all.stream().filter(rule -> kinds.contains(rule.kind())).toList(), signs);
    }

    private Engine(Set<Kind> kinds, List<Rule> rules, List<String> signs) {
        this.kinds = Set.copyOf(kinds);
        this.rules = rules.toArray(Rule[]::new);
        final Map<String, List<Integer>> byKeyword = new LinkedHashMap<>();
        for (int i = 0; i < rules.size(); i++) {
            for (String keyword : rules.get(i).trigger().folded()) {
                byKeyword.computeIfAbsent(keyword, any -> new ArrayList<>()).add(i);
            }
        }
        final List<String> literals = new ArrayList<>(byKeyword.keySet());
        this.signsFrom = literals.size();
        literals.addAll(signs);
        this.keywords = KeywordAutomaton.of(literals);
        this.rulesOfKeyword = byKeyword.values().stream().map(Engine::toArray).toArray(int[][]::new);
        this.digitRules = toArray(digitRules(rules));
        this.digitsNeeded = IntStream.of(digitRules)
                .map(rule -> rules.get(rule).trigger().digits())
                .toArray();
    }

    /** The kinds of rules that this engine runs. */
    Set<Kind> kinds() {
        return kinds;
    }

    int size() {
        return rules.length;
    }

    Rule rule(int index) {
        return rules[index];
    }

    /** By index, whether the rule judges texts of this writer for one of these kinds. Not to be written to. */
    boolean[] judging(Set<Kind> asked, Trust writer) {
        return judging.computeIfAbsent(new Asked(asked, writer), this::judging);
    }

    private boolean[] judging(Asked asked) {
        final boolean[] judging = new boolean[rules.length];
        for (int i = 0; i < rules.length; i++) {
            judging[i] = rules[i].judges(asked.kinds, asked.writer);
        }
        return judging;
    }

    private record Asked(Set<Kind> kinds, Trust writer) {
        Asked {
            kinds = Set.copyOf(kinds);
        }
    }

    /** One pass over the text: {@code scan} tries the rules where they are triggered. */
    void search(String text, Scan.Pass pass) {
        keywords.search(text, (keyword, start, end) -> {
            if (keyword >= signsFrom) {
                pass.sign();
                return;
            }
            for (int rule : rulesOfKeyword[keyword]) {
                pass.attempt(rule, start);
            }
        });
        if (digitRules.length > 0) {
            DigitRuns.search(text, digitsNeeded[0], (start, digits) -> {
                for (int i = 0; i < digitRules.length && digitsNeeded[i] <= digits; i++) {
                    pass.attempt(digitRules[i], start);
                }
            });
        }
    }

    private static List<Integer> digitRules(List<Rule> rules) {
        return IntStream.range(0, rules.size())
                .filter(rule -> rules.get(rule).trigger().digits() > 0)
                .boxed()
                .sorted(Comparator.comparingInt(
                        rule -> rules.get(rule).trigger().digits()))
                .toList();
    }

    private static int[] toArray(List<Integer> indexes) {
        return indexes.stream().mapToInt(Integer::intValue).toArray();
    }
}
