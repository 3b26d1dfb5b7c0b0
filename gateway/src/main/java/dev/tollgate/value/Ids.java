package dev.tollgate.value;

/** What every identifier has in common: visible ASCII, no blanks, a bounded length. */
final class Ids {
    private Ids() {}

    static void require(String what, String value, int maxLength) {
        if (value.isEmpty() || value.length() > maxLength) {
            throw new IllegalArgumentException(
                    what + " has " + value.length() + " characters, allowed are 1 to " + maxLength);
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                throw new IllegalArgumentException(what + " has a character that is not visible ASCII at index " + i);
            }
        }
    }
}
