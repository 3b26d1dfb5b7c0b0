package dev.tollgate.detect;

/**
 * A text whose every read is paid from a work budget. {@code java.util.regex} reads its input through {@code charAt} alone,
 * so this stops a backtracking expression in the middle.
 */
final class MeteredText implements CharSequence {
    private final String text;
    private final Work work;

    MeteredText(String text, Work work) {
        this.text = text;
        this.work = work;
    }

    @Override
    public char charAt(int index) {
        work.spend(1);
        return text.charAt(index);
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
