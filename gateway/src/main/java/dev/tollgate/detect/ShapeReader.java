package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads the shape of a regular expression that {@link BoundedPattern} has passed. Single characters and classes are judged by {@link Pattern}
 * itself, so that only the structure is read here.
 */
final class ShapeReader {
    private static final Predicate<String> ASCII_CLASS = Pattern.compile(
                    "\\[(?:[^\\\\^&\\P{ASCII}]|\\\\[^pPDWSHVxuNcX0\\P{ASCII}])*")
            .asMatchPredicate();

    private final String regex;
    private int position;
    private boolean ignoresCase;
    private boolean unicode;

    /** The expression says something that is not understood here. */
    private static final class Unclear extends Exception {
        private static final long serialVersionUID = 1L;

        Unclear() {
            super("", null, false, false);
        }
    }

    private ShapeReader(String regex) {
        this.regex = regex;
    }

    /**
     * @param pattern compiled without flags; those written inside it count
     * @return empty if it holds something whose shape is not known: its matches may look like anything
     */
    static Optional<Shape> read(Pattern pattern) {
        try {
            final ShapeReader reader = new ShapeReader(pattern.pattern());
            final Shape shape = reader.choice();
            return reader.position == reader.regex.length() ? Optional.of(shape) : Optional.empty();
        } catch (Unclear | IndexOutOfBoundsException | PatternSyntaxException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Options up to the end of the group. Flags set inside end with it. */
    private Shape choice() throws Unclear {
        final boolean caseBefore = ignoresCase;
        final boolean unicodeBefore = unicode;
        final List<Shape> options = new ArrayList<>();
        options.add(row());
        while (has('|')) {
            position++;
            options.add(row());
        }
        ignoresCase = caseBefore;
        unicode = unicodeBefore;
        return options.size() == 1 ? options.getFirst() : new Shape.Choice(options);
    }

    private Shape row() throws Unclear {
        final List<Shape> parts = new ArrayList<>();
        while (position < regex.length() && !has('|') && !has(')')) {
            parts.add(repeated(element()));
        }
        return new Shape.Row(parts);
    }

    private boolean has(char c) {
        return position < regex.length() && regex.charAt(position) == c;
    }

    private Shape element() throws Unclear {
        final char c = regex.charAt(position);
        return switch (c) {
            case '(' -> group();
            case '[' -> one(classEnd());
            case '\\' -> escape();
            case '^', '$' -> {
                position++;
                yield nothing();
            }
            default -> one(position + Character.charCount(regex.codePointAt(position)));
        };
    }

    private static Shape nothing() {
        return new Shape.Row(List.of());
    }

    private Shape group() throws Unclear {
        final boolean caseBefore = ignoresCase;
        final boolean unicodeBefore = unicode;
        position++;
        boolean counts = true;
        if (has('?')) {
            position++;
            final boolean behind = has('<');
            position += behind ? 1 : 0;
            final char kind = regex.charAt(position);
            if (kind == '=' || kind == '!') {
                counts = false;
                position++;
            } else if (behind) {
                position = regex.indexOf('>', position) + 1;
            } else if (kind == '>') {
                position++;
            } else if (!flags()) {
                return nothing();
            }
        }
        final Shape inner = choice();
        ignoresCase = caseBefore;
        unicode = unicodeBefore;
        if (!has(')')) {
            throw new Unclear();
        }
        position++;
        return counts ? inner : nothing();
    }

    /** @return whether they stand before a group's content; else they hold for the rest of the group around */
    private boolean flags() throws Unclear {
        for (; !has(':') && !has(')'); position++) {
            switch (regex.charAt(position)) {
                case 'i' -> ignoresCase = true;
                case 'u' -> unicode = true;
                case 's' -> {
                    // A dot is taken for any character anyhow.
                }
                default -> throw new Unclear();
            }
        }
        position++;
        return regex.charAt(position - 1) == ':';
    }

    private int classEnd() {
        int depth = 0;
        int at = position;
        do {
            final char c = regex.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == '[') {
                depth++;
            } else if (c == ']') {
                depth--;
            }
            at++;
        } while (depth > 0);
        return at;
    }

    private Shape escape() throws Unclear {
        final char escaped = regex.charAt(position + 1);
        if ("AzZG".indexOf(escaped) >= 0) {
            position += 2;
            return nothing();
        }
        if ("RXQE0cNk".indexOf(escaped) >= 0) {
            throw new Unclear();
        }
        final boolean isNamed = "pPx".indexOf(escaped) >= 0 && regex.charAt(position + 2) == '{';
        final int length = escaped == 'u' ? 6 : escaped == 'x' ? 4 : 2;
        return one(isNamed ? regex.indexOf('}', position) + 1 : position + length);
    }

    /** A single character, written from where the reader stands up to {@code end}. */
    private Shape one(int end) {
        final String source = regex.substring(position, end);
        position = end;
        if (source.length() == 1 && source.charAt(0) != '.' && source.charAt(0) < Shape.ASCII && !unicode) {
            return literal(source.charAt(0));
        }
        final Pattern pattern =
                Pattern.compile((ignoresCase ? "(?i)" : "") + (unicode ? "(?u)" : "") + "(?s)" + source);
        final IntPredicate accepts =
                c -> pattern.matcher(String.valueOf((char) c)).matches();
        final BitSet symbols = new BitSet(Shape.SYMBOLS);
        for (int c = 0; c < Shape.ASCII; c++) {
            symbols.set(c, accepts.test(c));
        }
        if (mayBeWide(source)) {
            symbols.set(Shape.WIDE);
            symbols.set(Shape.SURROGATE);
        }
        return new Shape.One(symbols);
    }

    private Shape literal(char c) {
        final BitSet symbols = new BitSet(Shape.SYMBOLS);
        symbols.set(c);
        if (ignoresCase) {
            symbols.set(Character.toLowerCase(c));
            symbols.set(Character.toUpperCase(c));
        }
        return new Shape.One(symbols);
    }

    private boolean mayBeWide(String source) {
        if (unicode) {
            return true;
        }
        if (source.startsWith("[")) {
            return !ASCII_CLASS.test(source);
        }
        if (source.startsWith("\\")) {
            return "dwsntrfae".indexOf(source.charAt(1)) < 0 && Character.isLetterOrDigit(source.charAt(1));
        }
        return source.equals(".") || source.charAt(0) >= Shape.ASCII;
    }

    private Shape repeated(Shape element) {
        if (position == regex.length()) {
            return element;
        }
        final Shape repeated;
        switch (regex.charAt(position)) {
            case '?' -> repeated = new Shape.Repeat(element, 0, 1);
            case '*' -> repeated = new Shape.Repeat(element, 0, Integer.MAX_VALUE);
            case '+' -> repeated = new Shape.Repeat(element, 1, Integer.MAX_VALUE);
            case '{' -> repeated = counted(element);
            default -> {
                return element;
            }
        }
        position = has('{') ? regex.indexOf('}', position) + 1 : position + 1;
        if (has('?') || has('+')) {
            position++;
        }
        return repeated;
    }

    private Shape counted(Shape element) {
        final String[] counts =
                regex.substring(position + 1, regex.indexOf('}', position)).split(",", 2);
        final int least = Integer.parseInt(counts[0].strip());
        if (counts.length == 1) {
            return new Shape.Repeat(element, least, least);
        }
        final String most = counts[1].strip();
        return new Shape.Repeat(element, least, most.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(most));
    }
}
