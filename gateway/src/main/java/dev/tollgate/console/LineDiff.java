package dev.tollgate.console;

import java.util.ArrayList;
import java.util.List;

/** What changes between two texts, line by line, for people. Nothing is left out: every line of both is there. */
final class LineDiff {
    /** Most steps of the comparison; where there are more, all old lines stand before all new ones. */
    private static final int MAX_STEPS = 250_000;

    private LineDiff() {}

    /** What becomes of a line. */
    enum Sign {
        SAME(' '),
        OLD('-'),
        NEW('+'),
        /** No line of the texts: where in a file it is, or which. */
        PLACE('@');

        private final char mark;

        Sign(char mark) {
            this.mark = mark;
        }

        /** What stands before the line. */
        char mark() {
            return mark;
        }
    }

    /**
     * One line.
     *
     * @param text without its end
     */
    record Line(Sign sign, String text) {}

    static List<Line> of(String old, String changed) {
        String[] before = lines(old);
        String[] after = lines(changed);
        int least = Math.min(before.length, after.length);
        int head = 0;
        while (head < least && before[head].equals(after[head])) {
            head++;
        }
        int tail = 0;
        while (tail < least - head && before[before.length - 1 - tail].equals(after[after.length - 1 - tail])) {
            tail++;
        }
        List<Line> all = new ArrayList<>();
        add(Sign.SAME, before, 0, head, all);
        middle(before, head, before.length - tail, after, head, after.length - tail, all);
        add(Sign.SAME, before, before.length - tail, before.length, all);
        return all;
    }

    /** Every line of a text that was not there before. */
    static List<Line> added(String text) {
        List<Line> all = new ArrayList<>();
        String[] lines = lines(text);
        add(Sign.NEW, lines, 0, lines.length, all);
        return all;
    }

    /** The lines of a patch, each with the sign that it has; the sign is no part of the text then. */
    static List<Line> ofPatch(String patch) {
        List<Line> all = new ArrayList<>();
        for (String line : lines(patch)) {
            boolean isPlace = line.startsWith("+++ ")
                    || line.startsWith("--- ")
                    || line.startsWith("*** ")
                    || line.startsWith("@@")
                    || line.startsWith("diff ");
            if (isPlace || line.isEmpty()) {
                all.add(new Line(isPlace ? Sign.PLACE : Sign.SAME, line));
            } else {
                all.add(
                        switch (line.charAt(0)) {
                            case '+' -> new Line(Sign.NEW, line.substring(1));
                            case '-' -> new Line(Sign.OLD, line.substring(1));
                            case ' ' -> new Line(Sign.SAME, line.substring(1));
                            default -> new Line(Sign.PLACE, line);
                        });
            }
        }
        return all;
    }

    /** A line end at the end counts: what comes behind it is an empty line. */
    private static String[] lines(String text) {
        return text.isEmpty() ? new String[0] : text.split("\n", -1);
    }

    private static void add(Sign sign, String[] lines, int from, int to, List<Line> all) {
        for (int i = from; i < to; i++) {
            all.add(new Line(sign, lines[i]));
        }
    }

    /** The lines between what is the same at both ends, by their longest common subsequence. */
    private static void middle(
            String[] before, int oldFrom, int oldTo, String[] after, int newFrom, int newTo, List<Line> all) {
        int rows = oldTo - oldFrom;
        int columns = newTo - newFrom;
        if ((long) rows * columns > MAX_STEPS) {
            add(Sign.OLD, before, oldFrom, oldTo, all);
            add(Sign.NEW, after, newFrom, newTo, all);
            return;
        }
        int[][] common = new int[rows + 1][columns + 1];
        for (int row = rows - 1; row >= 0; row--) {
            for (int column = columns - 1; column >= 0; column--) {
                common[row][column] = before[oldFrom + row].equals(after[newFrom + column])
                        ? common[row + 1][column + 1] + 1
                        : Math.max(common[row + 1][column], common[row][column + 1]);
            }
        }
        int row = 0;
        int column = 0;
        while (row < rows && column < columns) {
            if (before[oldFrom + row].equals(after[newFrom + column])) {
                all.add(new Line(Sign.SAME, before[oldFrom + row]));
                row++;
                column++;
            } else if (common[row + 1][column] >= common[row][column + 1]) {
                all.add(new Line(Sign.OLD, before[oldFrom + row++]));
            } else {
                all.add(new Line(Sign.NEW, after[newFrom + column++]));
            }
        }
        add(Sign.OLD, before, oldFrom + row, oldTo, all);
        add(Sign.NEW, after, newFrom + column, newTo, all);
    }
}
