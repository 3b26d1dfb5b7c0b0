package dev.tollgate.detect;

import java.util.function.Consumer;

/** Reads lines from their end to their beginning. Worth its cost only where a word was met that reads like one of the attacks' from behind. */
final class Reversed implements Normaliser {
    private static final int LONGEST_LINE = 4096;

    @Override
    public void views(View outer, Consumer<View> views) {
        final String text = outer.text();
        int start = 0;
        while (start < text.length()) {
            final View.Builder view = new View.Builder(outer, start);
            while (start < text.length() && view.length() < BLOCK) {
                final int newLine = text.indexOf('\n', start, Math.min(text.length(), start + LONGEST_LINE));
                final int end = newLine < 0 ? Math.min(text.length(), start + LONGEST_LINE) : newLine + 1;
                // One character longer than the line, so that what is found in it spans the line.
                view.swap(end - start, reversed(text.substring(start, end)) + " ");
                start = end;
            }
            views.accept(view.build());
        }
    }

    static String reversed(String text) {
        return new StringBuilder(text).reverse().toString();
    }
}
