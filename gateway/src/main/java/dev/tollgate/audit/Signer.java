package dev.tollgate.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.audit.seal.Base64Text;

/**
 * A key that signed the log, or does.
 *
 * @param key as {@code name+id+base64}
 * @param endorsement note in which the key before signs for it; empty for the first, and where that key was lost
 */
public record Signer(String key, String endorsement) {
    /** One word, or two: the key, and the endorsement in base64. */
    String written() {
        return endorsement.isEmpty() ? key : key + ' ' + Base64Text.of(endorsement.getBytes(UTF_8));
    }

    /**
     * Reads what {@link #written} wrote.
     *
     * @throws IllegalArgumentException if it is not that
     */
    static Signer parse(String written) {
        int blank = written.indexOf(' ');
        return blank < 0
                ? new Signer(written, "")
                : new Signer(
                        written.substring(0, blank),
                        new String(Base64Text.decode(written.substring(blank + 1)), UTF_8));
    }
}
