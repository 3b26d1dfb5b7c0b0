package dev.tollgate.detect;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a match looks like, and what it must satisfy besides.
 *
 * @param pattern    bounded (see {@link BoundedPattern}); its group {@code v}, if it has one, is the finding's span
 * @param validators all of which must accept
 * @param allow      patterns of values that are no finding although everything fits, such as published examples
 * @param context    words in lower case, one of which must stand near; empty if none is needed
 * @param nearby     chars before and behind the match in which a context word counts
 * @param first      ASCII characters with which a match may begin; see {@link #firstOf}
 */
record Expression(
        Pattern pattern,
        List<Validator> validators,
        List<Pattern> allow,
        List<String> context,
        int nearby,
        BitSet first) {
    private static final int ASCII = 128;

    Expression {
        validators = List.copyOf(validators);
        allow = List.copyOf(allow);
        context = List.copyOf(context);
    }

    /**
     * The ASCII characters with which a match of the pattern may begin: those that, standing alone, do not rule a match out before
     * the end of input is met.
     */
    @SuppressWarnings("JdkObsolete") // hitEnd tells exactly this: whether more input could have changed the outcome.
    static BitSet firstOf(Pattern pattern) {
        final BitSet first = new BitSet(ASCII);
        if (pattern.pattern().contains("(?<=")) {
            // What must stand before cannot be told from one character alone.
            first.set(0, ASCII);
            return first;
        }
        for (char c = 0; c < ASCII; c++) {
            final Matcher matcher = pattern.matcher(String.valueOf(c));
            first.set(c, matcher.lookingAt() || matcher.hitEnd());
        }
        return first;
    }

    boolean mayBeginWith(char c) {
        return c >= ASCII || first.get(c);
    }

    int start(Matcher match) {
        return hasValueGroup() && match.start("v") >= 0 ? match.start("v") : match.start();
    }

    int end(Matcher match) {
        return hasValueGroup() && match.end("v") >= 0 ? match.end("v") : match.end();
    }

    private boolean hasValueGroup() {
        return pattern.namedGroups().containsKey("v");
    }

    /** @return whether the match at {@code start..end} passes validators, allow patterns and context */
    boolean holds(String text, int start, int end, Work work) {
        work.spend(end - start);
        final String value = text.substring(start, end);
        return validators.stream().allMatch(validator -> validator.accepts(value))
                && allow.stream()
                        .noneMatch(pattern ->
                                pattern.matcher(new MeteredText(value, work)).find())
                && hasContext(text, start, end, work);
    }

    private boolean hasContext(String text, int start, int end, Work work) {
        if (context.isEmpty()) {
            return true;
        }
        final int from = Math.max(0, start - nearby);
        final int to = Math.min(text.length(), end + nearby);
        work.spend(to - from);
        final String near = text.substring(from, to).toLowerCase(Locale.ROOT);
        for (String word : context) {
            if (near.contains(word)) {
                return true;
            }
        }
        return false;
    }
}
