package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;

/** What a search for rules is meant to find, with nothing done to find it fast: each rule by itself, wherever its trigger stands. */
final class PlainSearch {
    private final List<RulePack.Loaded> rules;

    PlainSearch(List<RulePack.Loaded> rules) {
        this.rules = List.copyOf(rules);
    }

    /** What is found where the view reads otherwise than the text it is of; all over the text where it is of none. */
    List<Finding> search(View view, Trust writer) {
        final List<Finding> found = new ArrayList<>();
        final String text = view.text();
        final String small = small(text);
        for (RulePack.Loaded loaded : rules) {
            if (loaded.rule().writers().contains(writer)) {
                final Trigger trigger = loaded.rule().trigger();
                search(
                        loaded,
                        view,
                        trigger.digits() > 0 ? groups(text, trigger.digits()) : hits(trigger, text, small),
                        found);
            }
        }
        return found;
    }

    private static void search(RulePack.Loaded loaded, View view, SortedSet<Integer> hits, List<Finding> found) {
        final String text = view.text();
        final Rule rule = loaded.rule();
        final Trigger trigger = rule.trigger();
        final Matcher matcher = rule.expression()
                .pattern()
                .matcher(text)
                .useTransparentBounds(true)
                .useAnchoringBounds(false);
        int from = 0;
        for (int hit : hits) {
            if (hit >= from && trigger.mayMatch(view.image(), hit)) {
                final int first = trigger.firstStart(view.image(), hit);
                final int last = Math.min(trigger.lastStart(view.image(), hit, first), text.length() - 1);
                final int end = trigger.endFor(view.image(), hit);
                final int nearby = rule.expression().context().nearby();
                if (!view.isChangedWithin(first - nearby, end + nearby)) {
                    continue;
                }
                for (int start = Math.max(from, first); start <= last; start++) {
                    if (trigger.mayStart(view.image(), start)
                            && matcher.region(start, end).lookingAt()) {
                        keep(loaded, view, matcher, found);
                        from = Math.max(start + 1, matcher.end());
                        start = from - 1;
                    }
                }
            }
        }
    }

    private static void keep(RulePack.Loaded loaded, View view, Matcher matcher, List<Finding> found) {
        final String text = view.text();
        final Expression expression = loaded.rule().expression();
        final int start = expression.start(matcher);
        final int end = expression.end(matcher);
        final String value = text.substring(start, end);
        if (!value.isEmpty()
                && expression.validators().stream().allMatch(validator -> validator.accepts(value))
                && expression.allow().stream()
                        .noneMatch(pattern -> pattern.matcher(value).find())
                && hasContext(loaded, text, start, end)) {
            found.add(loaded.rule().found(view.originalStart(start), view.originalEnd(end)));
        }
    }

    private static boolean hasContext(RulePack.Loaded loaded, String text, int start, int end) {
        final List<String> words = loaded.entry().context();
        if (words == null || words.isEmpty()) {
            return true;
        }
        final int nearby = loaded.rule().expression().context().nearby();
        final String around = small(text.substring(Math.max(0, start - nearby), Math.min(text.length(), end + nearby)));
        return words.stream().anyMatch(word -> around.contains(small(word)));
    }

    private static SortedSet<Integer> hits(Trigger trigger, String text, String small) {
        final SortedSet<Integer> hits = new TreeSet<>();
        for (String keyword : trigger.folded()) {
            final List<String> spellings = trigger.spellings(keyword);
            for (int at = small.indexOf(keyword); at >= 0; at = small.indexOf(keyword, at + 1)) {
                final int start = at;
                if (spellings.isEmpty() || spellings.stream().anyMatch(one -> text.startsWith(one, start))) {
                    hits.add(at);
                }
            }
        }
        return hits;
    }

    /** Where digit groups begin from which at least so many digits follow, up to two signs between groups; a row of single digits is none. */
    private static SortedSet<Integer> groups(String text, int least) {
        final SortedSet<Integer> groups = new TreeSet<>();
        int at = 0;
        while (at < text.length()) {
            if (isDigit(text, at)) {
                at = run(text, at, least, groups);
            } else {
                at++;
            }
        }
        return groups;
    }

    private static int run(String text, int start, int least, SortedSet<Integer> found) {
        final List<Integer> starts = new ArrayList<>();
        final StringBuilder digits = new StringBuilder();
        final List<Integer> before = new ArrayList<>();
        int at = start;
        int lastGroup = 0;
        while (true) {
            int end = at;
            while (isDigit(text, end)) {
                end++;
            }
            if (end == at || (end - at == 1 && lastGroup == 1)) {
                break;
            }
            starts.add(at);
            before.add(digits.length());
            digits.append(text, at, end);
            lastGroup = end - at;
            at = end;
            while (at < Math.min(text.length(), end + 2) && " -./()".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }
        for (int i = 0; i < starts.size(); i++) {
            if (digits.length() - before.get(i) >= least) {
                found.add(starts.get(i));
            }
        }
        return Math.max(at, start + 1);
    }

    private static boolean isDigit(String text, int at) {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    /** Character by character, so that places stay what they are. */
    private static String small(String text) {
        final StringBuilder small = new StringBuilder(text.length());
        text.chars().forEach(c -> small.append(Character.toLowerCase((char) c)));
        return small.toString();
    }
}
