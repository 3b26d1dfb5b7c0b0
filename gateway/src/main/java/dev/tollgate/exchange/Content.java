package dev.tollgate.exchange;

import org.jspecify.annotations.Nullable;

/**
 * A request body that was read.
 *
 * @param bytes the decoded bytes as they came; never changed in place
 * @param coding the content coding that {@code bytes} still carry, to be sent along; empty where they are plain
 * @param mediaType the media type without parameters, lower case; empty if the request named none
 * @param json the parsed body where it is JSON, else null
 * @param facts what the wire understood of it
 */
@SuppressWarnings("ArrayRecordComponent") // Bodies are megabytes: shared, not copied, and never written to.
public record Content(byte[] bytes, String coding, String mediaType, Json.@Nullable Obj json, Facts facts) {
    public Content withFacts(Facts other) {
        return new Content(bytes, coding, mediaType, json, other);
    }

    @Override
    public String toString() {
        return "Content[" + bytes.length + " bytes, " + mediaType + ", redacted]";
    }
}
