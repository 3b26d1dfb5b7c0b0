package dev.tollgate.console;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Room on one page for texts that nobody else has limited, in bytes as a browser gets them: escaped, with the marks of {@link VisibleText}.
 * What does not fit is cut. Belongs to whoever builds the page.
 */
final class PageRoom {
    /** The mark of a character that would not be seen, with its name. */
    private static final int MARK_BYTES = 150;

    private static final String CUT = "…";

    private int left;
    private int cuts;

    /** @param bytes how much there is */
    PageRoom(int bytes) {
        this.left = bytes;
    }

    /** How often something was cut or left out. */
    int cuts() {
        return cuts;
    }

    /** Whether there is any left. */
    boolean isFull() {
        return left <= 0;
    }

    /** As much of the beginning of a text as fits. */
    String take(String text) {
        return take(text, Integer.MAX_VALUE);
    }

    /**
     * The same, and no more than so many characters.
     *
     * @param most characters, at least 1
     */
    String take(String text, int most) {
        int at = 0;
        int bytes = 0;
        while (at < text.length()) {
            int character = text.codePointAt(at);
            int next = at + Character.charCount(character);
            bytes += cost(character);
            if (bytes > left || next > most) {
                left -= bytes;
                cuts++;
                return text.substring(0, at) + CUT;
            }
            at = next;
        }
        left -= bytes;
        return text;
    }

    /** Whether the whole of a text fits; its room is taken then. */
    boolean takeWhole(String text) {
        long bytes = text.codePoints().mapToLong(PageRoom::cost).sum();
        if (bytes > left) {
            cuts++;
            return false;
        }
        left -= (int) bytes;
        return true;
    }

    /**
     * As many of these from the first on as fit.
     *
     * @param around bytes that a page has around each
     */
    <T, R> List<R> takeEach(List<T> all, int around, Function<T, R> one) {
        List<R> fitting = new ArrayList<>();
        for (T next : all) {
            left -= around;
            if (isFull()) {
                cuts++;
                return fitting;
            }
            fitting.add(one.apply(next));
        }
        return fitting;
    }

    private static int cost(int character) {
        if (VisibleText.isHidden(character)) {
            return MARK_BYTES;
        }
        return switch (character) {
            case '&', '<', '>', '"', '\'' -> 5;
            default -> character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
        };
    }
}
