package dev.tollgate;

import dev.tollgate.policy.Environment;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The environment as a draft of a policy sees it, and the names of what it asked for in place of the values: who may try drafts may not read the
 * gateway's credentials by writing them where a setting is shown.
 */
final class SeenVariables implements Environment {
    /** Shorter values are no credentials, and would be found in words. */
    private static final int LEAST_CHARACTERS = 6;

    private final Environment environment;
    private final Map<String, String> seen = new ConcurrentHashMap<>();

    SeenVariables(Environment environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable String get(String name) {
        String value = environment.get(name);
        if (value != null && value.length() >= LEAST_CHARACTERS) {
            seen.put(name, value);
        }
        return value;
    }

    /** A text with the names in place of the values, the longest first. */
    String named(String text) {
        List<Map.Entry<String, String>> longestFirst = seen.entrySet().stream()
                .sorted(Comparator.comparingInt(
                        (Map.Entry<String, String> one) -> -one.getValue().length()))
                .toList();
        String named = text;
        for (Map.Entry<String, String> one : longestFirst) {
            named = Pattern.compile(one.getValue(), Pattern.LITERAL | Pattern.CASE_INSENSITIVE)
                    .matcher(named)
                    .replaceAll(Matcher.quoteReplacement("${" + one.getKey() + "}"));
        }
        return named;
    }
}
