package dev.tollgate.detect;

/** Finds where digit groups begin, and how many digits follow from there with single separators between the groups. */
final class DigitRuns {
    /** Separators between two groups of one number, as in {@code (030) 123}. */
    private static final int MOST_SEPARATORS = 2;

    private DigitRuns() {}

    /** Receives the starts of digit groups, in order. */
    interface Groups {
        /** @param digits how many digits follow from {@code start} on, over separators */
        void group(int start, int digits);
    }

    /**
     * Tells the groups of the run that begins at {@code start}.
     *
     * @param start a digit that no digit stands before
     * @param least runs with fewer digits are not told
     * @return where the run ends
     */
    static int run(String text, int start, int least, Groups groups) {
        final int end = endOf(text, start);
        int left = 0;
        for (int at = start; at < end; at++) {
            left += isDigit(text.charAt(at)) ? 1 : 0;
        }
        for (int at = start; left >= least && left > 0; at++) {
            if (isDigit(text.charAt(at))) {
                if (at == 0 || !isDigit(text.charAt(at - 1))) {
                    groups.group(at, left);
                }
                left--;
            }
        }
        return end;
    }

    /** Nobody writes a number digit by digit: two groups of one digit in a row are two numbers, as in tables. */
    private static int endOf(String text, int start) {
        final int length = text.length();
        int at = start;
        int groupBefore = 0;
        while (true) {
            final int groupStart = at;
            while (at < length && isDigit(text.charAt(at))) {
                at++;
            }
            final int group = at - groupStart;
            if (group == 0 || (group == 1 && groupBefore == 1)) {
                return groupStart;
            }
            groupBefore = group;
            final int most = Math.min(length, at + MOST_SEPARATORS);
            while (at < most && isSeparator(text.charAt(at))) {
                at++;
            }
        }
    }

    private static boolean isSeparator(char c) {
        return c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
