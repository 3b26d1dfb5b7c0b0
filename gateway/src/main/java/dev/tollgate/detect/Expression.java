package dev.tollgate.detect;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a match looks like, and what it must satisfy besides.
 *
 * @param pattern    bounded (see {@link BoundedPattern}); its group {@code v}, if it has one, is the finding's span
 * @param validators all of which must accept
 * @param allow      patterns of values that are no finding although everything fits, such as published examples
 * @param context    words one of which must stand near
 * @param gate       says fast where the pattern cannot match
 */
record Expression(Pattern pattern, List<Validator> validators, List<Pattern> allow, ContextWords context, Gate gate) {

    Expression {
        validators = List.copyOf(validators);
        allow = List.copyOf(allow);
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
    boolean holds(String text, Image image, int start, int end, Work work) {
        work.spend(end - start);
        final String value = text.substring(start, end);
        return validators.stream().allMatch(validator -> validator.accepts(value))
                && allow.stream()
                        .noneMatch(pattern ->
                                pattern.matcher(new MeteredText(value, work)).find())
                && context.standNear(text, image, start, end, work);
    }
}
