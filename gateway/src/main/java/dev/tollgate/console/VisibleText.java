package dev.tollgate.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A text for people who decide by what they see, in pieces: what would be invisible, or would change the order in which the rest is shown,
 * stands out with its name. Characters that look like others ("а" of Cyrillic for "a" of Latin) are shown as they are.
 *
 * @param pieces in their order
 */
public record VisibleText(List<Piece> pieces) {
    /** Blank or ignored where they are drawn, though Unicode counts them as letters or marks. */
    private static final int[][] BLANK = {
        {0x034f, 0x034f},
        {0x115f, 0x1160},
        {0x17b4, 0x17b5},
        {0x180b, 0x180f},
        {0x2800, 0x2800},
        {0x3164, 0x3164},
        {0xfe00, 0xfe0f},
        {0xffa0, 0xffa0},
        {0xfff0, 0xfffd},
        {0xe0000, 0xe0fff}
    };

    /**
     * Text to be shown as it is, or one character that would not be seen.
     *
     * @param text the text; what stands for the character otherwise
     * @param name of the character; null for text
     */
    public record Piece(String text, @Nullable String name) {
        boolean isHidden() {
            return name != null;
        }
    }

    public VisibleText {
        pieces = List.copyOf(pieces);
    }

    public static VisibleText of(String text) {
        List<Piece> pieces = new ArrayList<>();
        int plainFrom = 0;
        int at = 0;
        while (at < text.length()) {
            int character = text.codePointAt(at);
            int next = at + Character.charCount(character);
            if (isHidden(character)) {
                if (at > plainFrom) {
                    pieces.add(new Piece(text.substring(plainFrom, at), null));
                }
                pieces.add(hidden(character));
                plainFrom = next;
            }
            at = next;
        }
        if (plainFrom < text.length()) {
            pieces.add(new Piece(text.substring(plainFrom), null));
        }
        return new VisibleText(pieces);
    }

    /** The same for a terminal, which would obey some of these characters: each stands there as {@code [U+202E]}. */
    public String plain() {
        return pieces.stream()
                .map(piece -> piece.isHidden() ? "[" + piece.text + "]" : piece.text)
                .collect(Collectors.joining());
    }

    /** How many characters of a text would not be seen. */
    static long hiddenIn(String text) {
        return text.codePoints().filter(VisibleText::isHidden).count();
    }

    private static Piece hidden(int character) {
        String name = Character.getName(character);
        String code = String.format(Locale.ROOT, "U+%04X", character);
        return new Piece(code, name == null ? "no character" : name.toLowerCase(Locale.ROOT));
    }

    static boolean isHidden(int character) {
        if (character == ' ' || character == '\n' || character == '\t') {
            return false;
        }
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> true;
            default -> isBlank(character);
        };
    }

    private static boolean isBlank(int character) {
        for (int[] range : BLANK) {
            if (character >= range[0] && character <= range[1]) {
                return true;
            }
        }
        return false;
    }
}
