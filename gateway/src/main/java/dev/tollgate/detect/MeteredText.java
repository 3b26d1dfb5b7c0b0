package dev.tollgate.detect;

/**
 * A text whose every read is paid from a work budget. {@code java.util.regex} reads its input through {@code charAt} alone,
 * so this stops a backtracking expression in the middle.
 */
final class MeteredText implements CharSequence {
    private final String text;
    private final Work work;
    private int first = Integer.MAX_VALUE;
    private int last = -1;

    MeteredText(String text, Work work) {
        this.text = text;
        this.work = work;
    }

    @Override
    public char charAt(int index) {
        work.spend(1);
        first = Math.min(first, index);
        last = Math.max(last, index);
        return text.charAt(index);
    }

    /** Forgets what was read. */
    void begin() {
        first = Integer.MAX_VALUE;
        last = -1;
    }

    /** The first character that was read since {@link #begin}. */
    int first() {
        return first;
    }

    /** The last one; -1 if none was. */
    int last() {
        return last;
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
