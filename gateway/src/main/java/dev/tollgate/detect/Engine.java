package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Rules that are searched for together, with what says where each of them may match. */
final class Engine {
    private final Rule[] rules;
    /** Which rules judge; at most as many entries as there are writers times sets of kinds. */
    private final Map<Asked, boolean[]> judging = new ConcurrentHashMap<>();

    private final KeywordSieve keywords;
    private final Link[][] linksOfKeyword;
    /** The first keyword that is a sign of a reversed text; those of turned ones stand before. */
    private final int firstReversed;
    /** The first that is a sign of a text in leetspeak; all behind it are, too. */
    private final int firstLeet;
    /** In parts, because each takes so many. */
    private final DigitRules[] digitRules;

    private final int fewestDigits;
    private final int unmet;
    /** One for each thread that searches. */
    private final ThreadLocal<Scratch> scratches;

    /**
     * A rule that a keyword triggers.
     *
     * @param spellings how the keyword must be written; empty for any case
     */
    record Link(int rule, List<String> spellings) {
        Link {
            spellings = List.copyOf(spellings);
        }

        boolean isSpelledAt(String text, int start) {
            if (spellings.isEmpty()) {
                return true;
            }
            for (String spelling : spellings) {
                if (text.startsWith(spelling, start)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** What is looked for, and who wrote the text. */
    record Asked(Set<Kind> kinds, Trust writer) {
        Asked {
            kinds = Set.copyOf(kinds);
        }
    }

    /** An engine for the rules of these kinds; {@link Signs} are looked for with them. */
    Engine(Set<Kind> kinds, Collection<Rule> all) {
        final List<Rule> ours =
                all.stream().filter(rule -> kinds.contains(rule.kind())).toList();
        this.rules = ours.toArray(Rule[]::new);
        this.scratches = ThreadLocal.withInitial(() -> new Scratch(rules.length));
        final Map<String, List<Link>> byKeyword = new LinkedHashMap<>();
        for (int i = 0; i < rules.length; i++) {
            final Trigger trigger = rules[i].trigger();
            for (String keyword : trigger.folded()) {
                byKeyword
                        .computeIfAbsent(keyword, any -> new ArrayList<>())
                        .add(new Link(i, trigger.spellings(keyword)));
            }
        }
        this.linksOfKeyword = byKeyword.values().stream()
                .map(links -> links.toArray(Link[]::new))
                .toArray(Link[][]::new);
        final List<List<BitSet>> around = new ArrayList<>(around(byKeyword));
        final List<SieveTables.Keyword> literals = new ArrayList<>();
        byKeyword.forEach((keyword, links) -> literals.add(keyword(keyword, links, around.get(literals.size()))));
        literals.addAll(Signs.turned(ours));
        this.firstReversed = literals.size();
        literals.addAll(Signs.reversed(ours));
        this.firstLeet = literals.size();
        literals.addAll(Signs.leet(ours));
        // Signs may stand anywhere.
        around.addAll(Collections.nCopies(literals.size() - around.size(), List.of()));
        this.keywords = new KeywordSieve(SieveTables.of(literals), new Surroundings(around));
        final int[] byDigits = IntStream.range(0, rules.length)
                .filter(rule -> rules[rule].trigger().digits() > 0)
                .toArray();
        this.digitRules = IntStream.iterate(0, from -> from < byDigits.length, from -> from + DigitRules.MOST)
                .mapToObj(from -> new DigitRules(
                        ours, Arrays.copyOfRange(byDigits, from, Math.min(byDigits.length, from + DigitRules.MOST))))
                .toArray(DigitRules[]::new);
        this.unmet =
                ours.stream().mapToInt(rule -> rule.trigger().unmet()).max().orElse(0);
        this.fewestDigits = IntStream.of(byDigits)
                .map(rule -> rules[rule].trigger().digits())
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    private static SieveTables.Keyword keyword(String text, List<Link> links, List<BitSet> around) {
        final List<String> spellings = links.stream().anyMatch(link -> link.spellings.isEmpty())
                ? List.of()
                : links.stream()
                        .flatMap(link -> link.spellings.stream())
                        .distinct()
                        .toList();
        return around.isEmpty()
                ? new SieveTables.Keyword(text, spellings)
                : new SieveTables.Keyword(text, spellings, around.get(1));
    }

    /** By keyword, what must stand around it; empty for anything. */
    private List<List<BitSet>> around(Map<String, List<Link>> byKeyword) {
        return byKeyword.entrySet().stream()
                .map(one -> one.getValue().stream()
                        .map(link -> Surroundings.of(rules[link.rule], one.getKey()))
                        .reduce(Surroundings::either)
                        .orElse(List.of()))
                .toList();
    }

    /** Before so many chars at the end of a text that goes on, no match can begin whose trigger was not met yet. */
    int unmet() {
        return unmet;
    }

    /** Room for one search on this thread, to be {@link #putBack} when it is over. */
    Scratch scratch() {
        final Scratch ours = scratches.get();
        if (ours.isTaken()) {
            return new Scratch(rules.length);
        }
        ours.setTaken(true);
        return ours;
    }

    /** Takes room back, and keeps nothing of the text that was searched. */
    void putBack(Scratch scratch) {
        scratch.tried().clear();
        scratch.setTaken(false);
    }

    Rule rule(int index) {
        return rules[index];
    }

    /** By index, whether the rule judges texts of this writer for one of these kinds. Not to be written to. */
    boolean[] judging(Set<Kind> asked, Trust writer) {
        return judging.computeIfAbsent(new Asked(asked, writer), this::judging);
    }

    private boolean[] judging(Asked asked) {
        final boolean[] judges = new boolean[rules.length];
        for (int i = 0; i < rules.length; i++) {
            judges[i] = rules[i].judges(asked.kinds, asked.writer);
        }
        return judges;
    }

    /** Finds what triggers rules, and {@link Signs}. */
    KeywordSieve keywords() {
        return keywords;
    }

    /** Whether a keyword belongs to no rule, and is one of {@link Signs}. */
    boolean isSign(int keyword) {
        return keyword >= linksOfKeyword.length;
    }

    boolean isSignOfReversal(int keyword) {
        return keyword >= firstReversed && keyword < firstLeet;
    }

    boolean isSignOfLeet(int keyword) {
        return keyword >= firstLeet;
    }

    /** The rules that a keyword triggers. Not to be written to. */
    Link[] links(int keyword) {
        return linksOfKeyword[keyword];
    }

    /** Digit groups with fewer digits trigger no rule. */
    int fewestDigits() {
        return fewestDigits;
    }

    /** The rules that digits trigger. Not to be written to. */
    DigitRules[] digitRules() {
        return digitRules;
    }
}
