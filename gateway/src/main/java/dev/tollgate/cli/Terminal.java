package dev.tollgate.cli;

import dev.tollgate.console.VisibleText;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/** What others wrote, made fit for a terminal: it could otherwise move the cursor, hide what stands before it, or forge a line. */
final class Terminal {
    private Terminal() {}

    /** A value in a line: on that one line, with the names of characters that would not be seen. */
    static String plain(String text) {
        return VisibleText.of(text.replaceAll("\\s", " ")).plain();
    }

    /** The beginning of a text of any length, in a line. */
    static String plain(String text, int mostCharacters) {
        String said = text.replaceAll("\\s+", " ");
        return plain(said.length() <= mostCharacters ? said : said.substring(0, mostCharacters) + "…");
    }

    /**
     * Passes everything on but control characters, which a terminal obeys: they become {@code [U+001B]}. Line feeds, tabs and the carriage
     * returns before line feeds stay.
     *
     * @param out flushed at ends of lines
     */
    static PrintWriter guarded(Writer out) {
        return new PrintWriter(new Guard(out), true);
    }

    private static final class Guard extends FilterWriter {
        private boolean isReturning;

        Guard(Writer out) {
            super(out);
        }

        @Override
        public void write(int character) throws IOException {
            char c = (char) character;
            if (isReturning) {
                isReturning = false;
                out.write(c == '\n' ? "\r" : named('\r'));
            }
            if (c == '\r') {
                isReturning = true;
            } else if (isObeyed(c)) {
                out.write(named(c));
            } else {
                out.write(c);
            }
        }

        @Override
        public void write(char[] characters, int from, int length) throws IOException {
            write(new String(characters, from, length), 0, length);
        }

        @Override
        public void write(String text, int from, int length) throws IOException {
            if (!isReturning && text.substring(from, from + length).chars().noneMatch(Guard::isObeyed)) {
                out.write(text, from, length);
                return;
            }
            for (int at = from; at < from + length; at++) {
                write(text.charAt(at));
            }
        }

        private static boolean isObeyed(int c) {
            return Character.isISOControl(c) && c != '\n' && c != '\t';
        }

        private static String named(char c) {
            return VisibleText.of(String.valueOf(c)).plain();
        }
    }
}
