package dev.tollgate.approval;

import dev.tollgate.value.Sha256;
import java.nio.charset.StandardCharsets;

/**
 * What a reviewer wants to go on in the place of a passage.
 *
 * @param path of the passage
 * @param text in its place
 */
public record Edit(String path, String text) {
    /** Hash of the text in lower-case hex, for records. */
    public String sha256() {
        return Sha256.hexOf(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "Edit[" + path + ", redacted]";
    }
}
