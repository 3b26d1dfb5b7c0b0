package dev.tollgate.console;

/**
 * A piece of a page with the hash of what it shows.
 *
 * @param html rendered by a template, which has escaped what it shows
 * @param seen hash that the page sends back when it asks again
 */
record LivePiece(String html, String seen) {
    private static final int HASH_CHARACTERS = 16;

    static LivePiece of(String html) {
        return new LivePiece(html, Digests.hex(Digests.sha256(html)).substring(0, HASH_CHARACTERS));
    }
}
