package dev.tollgate.policy;

import java.util.Comparator;
import java.util.List;

/** What somebody may have meant. */
final class Suggestion {
    private static final int MAX_DISTANCE = 2;

    private Suggestion() {}

    /** {@code did you mean mode? allowed are mode, rules} */
    static String among(String written, List<String> allowed) {
        String list = "allowed are " + String.join(", ", allowed);
        return allowed.stream()
                .filter(candidate -> distance(written, candidate) <= MAX_DISTANCE)
                .min(Comparator.comparingInt(candidate -> distance(written, candidate)))
                .map(nearest -> "did you mean " + nearest + "? " + list)
                .orElse(list);
    }

    /** Levenshtein's: insertions, deletions and replacements that make one of the other. */
    static int distance(String left, String right) {
        int[] previous = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int[] current = new int[right.length() + 1];
            current[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int replaced = previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[right.length()];
    }
}
