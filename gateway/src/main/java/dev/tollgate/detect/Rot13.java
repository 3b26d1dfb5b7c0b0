package dev.tollgate.detect;

import java.util.function.Consumer;

/** Turns a text back that was turned by thirteen letters. Worth its cost only where a word was met that reads like one of the
 * attacks' when turned. */
final class Rot13 implements Normaliser {
    @Override
    public void views(View outer, Consumer<View> views) {
        final String text = outer.text();
        for (int start = 0; start < text.length(); start += BLOCK) {
            final int end = Math.min(text.length(), start + BLOCK + OVERLAP);
            views.accept(new View.Builder(outer, start)
                    .swap(end - start, turn(text.substring(start, end)))
                    .build());
        }
    }

    static String turn(String text) {
        final StringBuilder turned = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            final char base = c >= 'a' ? 'a' : 'A';
            turned.append((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ? (char) (base + (c - base + 13) % 26) : c);
        }
        return turned.toString();
    }
}
