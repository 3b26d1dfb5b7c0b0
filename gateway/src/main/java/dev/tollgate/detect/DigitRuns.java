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
    static int run(Image image, int start, int least, Groups groups) {
        final byte[] bytes = image.bytes();
        final int first = Image.MARGIN + start;
        final int end = endOf(bytes, first);
        int left = 0;
        for (int at = first; at < end; at++) {
            left += isDigit(bytes[at]) ? 1 : 0;
        }
        for (int at = first; left >= least && left > 0; at++) {
            if (isDigit(bytes[at])) {
                if (!isDigit(bytes[at - 1])) {
                    groups.group(at - Image.MARGIN, left);
                }
                left--;
            }
        }
        return end - Image.MARGIN;
    }

    /** Nobody writes a number digit by digit: two groups of one digit in a row are two numbers, as in tables. */
    private static int endOf(byte[] bytes, int start) {
        int at = start;
        int groupBefore = 0;
        while (true) {
            final int groupStart = at;
            // What stands behind the last character is no digit, and no separator.
            while (isDigit(bytes[at])) {
                at++;
            }
            final int group = at - groupStart;
            if (group == 0 || (group == 1 && groupBefore == 1)) {
                return groupStart;
            }
            groupBefore = group;
            final int most = at + MOST_SEPARATORS;
            while (at < most && isSeparator(bytes[at])) {
                at++;
            }
        }
    }

    private static boolean isSeparator(byte c) {
        return c == ' ' || (c >= '(' && c <= '/' && c != '*' && c != '+' && c != ',');
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }
}
