package dev.tollgate.detect;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;

/**
 * Compiles expressions of rule packs, refusing those that could be slow on some text: unbounded repetition, repetition of
 * something that varies itself, back references, and {@code \b} (quadratic on combining marks; say {@code (?<![A-Za-z0-9])}).
 */
final class BoundedPattern {
    /** The largest upper bound of one quantifier. */
    static final int MOST_REPEATS = 4096;
    /** A group that holds an optional part may be repeated this often: each doubles the ways to match. */
    private static final int MOST_OPTIONAL_REPEATS = 12;

    private final String regex;
    private final Deque<Group> open = new ArrayDeque<>();
    private int position;

    /** What the group at hand holds so far. */
    private static final class Group {
        private boolean varies;
        private boolean optional;
    }

    private record Bounds(int least, int most) {}

    private BoundedPattern(String regex) {
        this.regex = regex;
    }

    /** @throws IllegalArgumentException saying what is wrong and at which char of the expression */
    static Pattern compile(String regex) {
        final Pattern pattern = Pattern.compile(regex);
        new BoundedPattern(regex).check();
        return pattern;
    }

    private void check() {
        open.push(new Group());
        while (position < regex.length()) {
            final char c = regex.charAt(position);
            switch (c) {
                case '\\' -> escape();
                case '[' -> characterClass();
                case '(' -> open();
                case ')' -> close();
                default -> {
                    position++;
                    if (c != '|' && c != '^' && c != '$') {
                        quantify(new Group());
                    }
                }
            }
        }
    }

    private void escape() {
        final char escaped = regex.charAt(position + 1);
        if (escaped == 'b'
                || escaped == 'B'
                || escaped == 'k'
                || (escaped >= '1' && escaped <= '9')
                || escaped == 'X') {
            throw refuse("\\" + escaped + " is not allowed");
        }
        if (escaped == 'Q') {
            throw refuse("\\Q is not allowed; escape the characters");
        }
        position += 2;
        if (position < regex.length()
                && regex.charAt(position) == '{'
                && (escaped == 'p' || escaped == 'P' || escaped == 'x')) {
            position = regex.indexOf('}', position) + 1;
        }
        quantify(new Group());
    }

    private void characterClass() {
        int depth = 0;
        do {
            final char c = regex.charAt(position);
            if (c == '\\') {
                position++;
            } else if (c == '[') {
                depth++;
            } else if (c == ']') {
                depth--;
            }
            position++;
        } while (depth > 0);
        quantify(new Group());
    }

    private void open() {
        position++;
        if (regex.startsWith("?<", position)
                && regex.charAt(position + 2) != '='
                && regex.charAt(position + 2) != '!') {
            position = regex.indexOf('>', position) + 1;
        } else if (regex.startsWith("?", position)) {
            while ("?:=!<>imsux-".indexOf(regex.charAt(position)) >= 0) {
                position++;
                if (":=!>".indexOf(regex.charAt(position - 1)) >= 0) {
                    break;
                }
            }
        }
        open.push(new Group());
    }

    private void close() {
        position++;
        quantify(open.pop());
    }

    /** Reads the quantifier behind an element, if there is one, and judges it with what the element holds. */
    private void quantify(Group element) {
        final Group around = open.element();
        final Bounds bounds = bounds();
        if (bounds.most > MOST_REPEATS) {
            throw refuse("a repetition needs an upper bound of at most " + MOST_REPEATS);
        }
        if (bounds.most > 1 && element.varies) {
            throw refuse("a repeated group must not hold a repetition that varies itself");
        }
        if (bounds.most > MOST_OPTIONAL_REPEATS && element.optional) {
            throw refuse("a group with an optional part may be repeated at most " + MOST_OPTIONAL_REPEATS + " times");
        }
        around.varies |= element.varies || (bounds.most > 1 && bounds.least != bounds.most);
        around.optional |= element.optional || bounds.least == 0;
    }

    private Bounds bounds() {
        if (position == regex.length()) {
            return new Bounds(1, 1);
        }
        final Bounds bounds = switch (regex.charAt(position)) {
            case '?' -> new Bounds(0, 1);
            case '*', '+' -> new Bounds(0, Integer.MAX_VALUE);
            case '{' -> counted();
            default -> new Bounds(1, 1);
        };
        if ("?*+{".indexOf(regex.charAt(position)) >= 0) {
            position = regex.charAt(position) == '{' ? regex.indexOf('}', position) + 1 : position + 1;
            if (position < regex.length() && "?+".indexOf(regex.charAt(position)) >= 0) {
                position++;
            }
        }
        return bounds;
    }

    private Bounds counted() {
        final String[] counts =
                regex.substring(position + 1, regex.indexOf('}', position)).split(",", 2);
        final int least = Integer.parseInt(counts[0]);
        if (counts.length == 1) {
            return new Bounds(least, least);
        }
        return new Bounds(least, counts[1].isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(counts[1]));
    }

    private IllegalArgumentException refuse(String what) {
        return new IllegalArgumentException(what + " (char " + position + " of the pattern)");
    }
}
