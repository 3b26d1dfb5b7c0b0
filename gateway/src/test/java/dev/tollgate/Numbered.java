package dev.tollgate;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Placeholders told apart by number in place of their names, which are another for every key: {@code [EMAIL_1]}, {@code [EMAIL_2]}. */
public final class Numbered {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\[([A-Z][A-Z0-9_]*)_[bcdfghjkmnpqrstvwxz]{8,32}]");

    private Numbered() {}

    /** The text with its placeholders numbered in the order in which they first appear, each kind by itself. */
    public static String in(String text) {
        Map<String, String> numbered = new HashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(found -> numbered.computeIfAbsent(
                        found.group(),
                        any -> "[" + found.group(1) + "_" + counts.merge(found.group(1), 1, Integer::sum) + "]"));
    }
}
