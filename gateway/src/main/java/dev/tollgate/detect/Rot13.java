package dev.tollgate.detect;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Turns a text back that was turned by thirteen letters. Worth its cost only where one of {@link #SIGNS} was met. */
final class Rot13 implements Normaliser {
    /** Words that attacks can hardly do without, as they read when turned; in lower case. */
    static final List<String> SIGNS = Stream.of(
                    "instruct",
                    "ignore",
                    "previous",
                    "system",
                    "prompt",
                    "print ",
                    "password",
                    "pretend",
                    "respond",
                    "base64",
                    "https:")
            .map(word -> turn(word).toLowerCase(Locale.ROOT))
            .toList();

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

    private static String turn(String text) {
        final StringBuilder turned = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            final char base = c >= 'a' ? 'a' : 'A';
            turned.append((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ? (char) (base + (c - base + 13) % 26) : c);
        }
        return turned.toString();
    }
}
