package dev.tollgate.budget;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is not text, and how many tokens one piece of it is taken to have at most. */
enum Media {
    /** Tiles of images; the dearest vendor makes some five thousand tokens of the largest. */
    IMAGE(8_192, Long.MAX_VALUE),
    /** Sound and film: some 30 and 300 tokens per second, at a hundred bytes and more for each. */
    TIMED(4_096, 100),
    /** Documents, and whatever is not known: text may hide in it, packed. */
    DOCUMENT(100_000, 2);

    private static final Set<String> REFERENCES =
            Set.of("image_url", "file_id", "file_url", "file_uri", "fileUri", "document_url", "video_url", "uri");

    private final long least;
    private final long bytesPerToken;

    /**
     * @param least tokens taken for a piece that is only referred to, or small
     * @param bytesPerToken of a piece sent along, base64 as it stands
     */
    Media(long least, long bytesPerToken) {
        this.least = least;
        this.bytesPerToken = bytesPerToken;
    }

    /** @param item as the wire describes it, its media type first */
    static Media of(String item) {
        String kind = item.toLowerCase(Locale.ROOT);
        if (kind.startsWith("image")) {
            return IMAGE;
        }
        return kind.startsWith("audio") || kind.startsWith("video") ? TIMED : DOCUMENT;
    }

    /**
     * What a text refers to instead of holding it: an image by its URL, a file by its id. Null for a text that is only a text.
     *
     * @param path where it stands in the request
     */
    static @Nullable Media referredTo(String path) {
        String name = path.substring(path.lastIndexOf('.') + 1);
        boolean isReference = REFERENCES.contains(name) || (name.equals("url") && path.endsWith("image_url.url"));
        if (!isReference) {
            return null;
        }
        return path.contains("image") ? IMAGE : DOCUMENT;
    }

    /** @param bytes of everything in the request that is not text */
    long mostTokens(long bytes) {
        return Math.max(least, bytes / bytesPerToken);
    }
}
