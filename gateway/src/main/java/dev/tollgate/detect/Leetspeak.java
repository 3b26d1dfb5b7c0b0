package dev.tollgate.detect;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads digits and signs that stand for letters, as in {@code 1gn0r3}. Worth its cost only where a word was met that attacks use, written so.
 */
final class Leetspeak implements Normaliser {
    private static final String SIGNS = "013456789$@!|+";
    private static final String LETTERS = "oieashtbgsaiit";
    /** Letters that are replaced when a word is written so throughout, and what usually stands for them. */
    private static final String REPLACED = "aeiost";

    private static final List<String> WAYS =
            List.of("431057", "4310$7", "@310$t", "43105t", "4310st", "@310st", "4310s7");

    /** Words that texts which hide orders can hardly do without; short ones count with the blank behind them. */
    private static final List<String> WORDS = List.of(
            "ignore",
            "forget",
            "disregard",
            "instruct",
            "previous",
            "system",
            "prompt",
            "password",
            "secret",
            "pretend",
            "respond",
            "everything",
            "vergiss",
            "alles",
            "the ",
            "you ",
            "your ",
            "that ",
            "what ",
            "are ",
            "and ");

    private static final int SHORTEST_SIGN = 4;

    @Override
    public void views(View outer, Consumer<View> views) {
        final String text = outer.text();
        for (int start = 0; start < text.length(); start += BLOCK) {
            final View.Builder view = new View.Builder(outer, start);
            final int end = Math.min(text.length(), start + BLOCK + OVERLAP);
            for (int at = start; at < end; at++) {
                final char letter = letter(text, at);
                if (letter != 0) {
                    view.keepTo(at).swap(1, String.valueOf(letter));
                }
            }
            views.accept(view.keepTo(end).build());
        }
    }

    /** What the character stands for; 0 if it is none of the signs, or a mark at the end of a word. */
    private static char letter(String text, int at) {
        final int sign = SIGNS.indexOf(text.charAt(at));
        if (sign < 0) {
            return 0;
        }
        final boolean isMark = !Character.isDigit(text.charAt(at));
        return isMark && text.charAt(at) != '$' && (at + 1 == text.length() || !isInWord(text.charAt(at + 1)))
                ? 0
                : LETTERS.charAt(sign);
    }

    private static boolean isInWord(char c) {
        return Character.isLetterOrDigit(c) || c == '$' || c == '@';
    }

    /** The words as they are met in such texts: written so throughout, and with one letter only. */
    static Set<String> signs() {
        final Set<String> signs = new LinkedHashSet<>();
        for (String word : WORDS) {
            for (String way : WAYS) {
                add(signs, word, written(word, way));
            }
            for (int at = 0; at < word.length() && word.indexOf(' ') < 0; at++) {
                final String one = word.substring(at, at + 1);
                add(signs, word, word.substring(0, at) + written(one, WAYS.get(0)) + word.substring(at + 1));
            }
        }
        return signs;
    }

    private static void add(Set<String> signs, String word, String written) {
        if (written.length() >= SHORTEST_SIGN && !written.equals(word)) {
            signs.add(written);
        }
    }

    private static String written(String word, String way) {
        final StringBuilder written = new StringBuilder(word);
        for (int i = 0; i < written.length(); i++) {
            final int at = REPLACED.indexOf(written.charAt(i));
            if (at >= 0) {
                written.setCharAt(i, way.charAt(at));
            }
        }
        return written.toString();
    }
}
