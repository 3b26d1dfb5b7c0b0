package dev.tollgate.detect;

/** Finds where digit groups begin, and how many digits follow from there with single separators between the groups. */
final class DigitRuns {
    private DigitRuns() {}

    /** Receives the starts of digit groups, in order. */
    interface Groups {
        /** @param digits how many digits follow from {@code start} on, over separators */
        void group(int start, int digits);
    }

    /** @param least runs with fewer digits are not told */
    static void search(String text, int least, Groups groups) {
        int at = 0;
        while (at < text.length()) {
            if (isDigit(text.charAt(at))) {
                at = run(text, at, least, groups);
            } else {
                at++;
            }
        }
    }

    private static int run(String text, int start, int least, Groups groups) {
        int end = start;
        int digits = 0;
        for (int gap = 0; end < text.length() && gap < 3; end++) {
            final boolean digit = isDigit(text.charAt(end));
            digits += digit ? 1 : 0;
            gap = digit ? 0 : isSeparator(text.charAt(end)) ? gap + 1 : 3;
        }
        int left = digits;
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

    private static boolean isSeparator(char c) {
        return c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
