package dev.tollgate.exchange;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the placeholders of one call stand for that are put back where they turn up in its reply. Lives as long as the call. */
public final class Originals {
    /** Nothing is put back. */
    public static final Originals NONE = new Originals(new TreeMap<>());

    private static final char FIRST = '[';

    private final NavigableMap<String, String> values;

    private Originals(NavigableMap<String, String> values) {
        this.values = values;
    }

    /** Those of all changes to a body. */
    public static Originals of(List<Splice> splices) {
        return of(splices, Splice::originals);
    }

    /** What people are not shown of a body with all changes. */
    public static Originals hidden(List<Splice> splices) {
        return of(splices, Splice::hidden);
    }

    private static Originals of(List<Splice> splices, Function<Splice, Map<String, String>> which) {
        NavigableMap<String, String> values = null;
        for (Splice splice : splices) {
            if (!which.apply(splice).isEmpty()) {
                values = values == null ? new TreeMap<>() : values;
                values.putAll(which.apply(splice));
            }
        }
        return values == null ? NONE : new Originals(values);
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /**
     * A placeholder in a text.
     *
     * @param start where it begins
     * @param end one past its end; the text's end for one of which more may come
     * @param value what it stands for; null for one that has not come whole
     */
    public record Hit(int start, int end, @Nullable String value) {
        @Override
        public String toString() {
            return "Hit[" + start + ".." + end + ", redacted]";
        }
    }

    /** The first placeholder at or behind a position that is there, or of which the text's end may be the beginning; null if there is none. */
    public @Nullable Hit next(CharSequence text, int from) {
        for (int at = from; at < text.length(); at++) {
            if (text.charAt(at) == FIRST) {
                Hit hit = at(text, at);
                if (hit != null) {
                    return hit;
                }
            }
        }
        return null;
    }

    private @Nullable Hit at(CharSequence text, int start) {
        int end = start + 1;
        while (end < text.length() && isInside(text.charAt(end))) {
            end++;
        }
        if (end == text.length()) {
            String begun = text.subSequence(start, end).toString();
            String first = values.ceilingKey(begun);
            return first != null && first.startsWith(begun) ? new Hit(start, end, null) : null;
        }
        String value = values.get(
                text.subSequence(start, Math.min(text.length(), end + 1)).toString());
        return value == null ? null : new Hit(start, end + 1, value);
    }

    private static boolean isInside(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    }

    /** The text with placeholders in the place of what was put back. */
    public String hide(String text) {
        String hidden = text;
        // The longest first: a value may be a part of another.
        for (Map.Entry<String, String> original : values.entrySet().stream()
                .sorted(Comparator.comparingInt(each -> -each.getValue().length()))
                .toList()) {
            hidden = hidden.replace(original.getValue(), original.getKey());
        }
        return hidden;
    }

    @Override
    public String toString() {
        return "Originals[" + values.size() + ", redacted]";
    }
}
