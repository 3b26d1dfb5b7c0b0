package dev.tollgate.console;

/**
 * One sentence about what was just done.
 *
 * @param text for people
 * @param good whether it went as wished
 */
record Notice(String text, boolean good) {
    static Notice done(String text) {
        return new Notice(text, true);
    }

    static Notice failed(String text) {
        return new Notice(text, false);
    }
}
