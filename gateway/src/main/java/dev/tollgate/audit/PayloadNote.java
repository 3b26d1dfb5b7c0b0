package dev.tollgate.audit;

/**
 * What a record says of the request or reply that is kept beside the log.
 *
 * @param level at which it was to be kept: {@code redacted} or {@code full}
 * @param commitment salted hash of what is kept, see {@link dev.tollgate.audit.payload.Commitment}; empty where nothing is kept
 * @param bytes how many bytes are kept
 * @param missing why nothing is kept, a stable lower_snake_case reason; empty where it is
 */
public record PayloadNote(String level, String commitment, long bytes, String missing) {
    public static PayloadNote kept(String level, String commitment, long bytes) {
        return new PayloadNote(level, commitment, bytes, "");
    }

    public static PayloadNote missing(String level, String why) {
        return new PayloadNote(level, "", 0, why);
    }
}
