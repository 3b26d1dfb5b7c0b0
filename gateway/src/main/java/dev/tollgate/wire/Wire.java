package dev.tollgate.wire;

import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Json;
import org.jspecify.annotations.Nullable;

/** One API format, as it reads requests, meters replies and says things to its clients. Stateless and safe on any thread. */
public interface Wire {
    /** Stable id in policies and records, such as {@code openai_chat}. */
    String id();

    /** Whether this wire is spoken at a path below a provider, version prefix and query removed: {@code chat/completions}. */
    boolean serves(String method, String path);

    /** Understands a request. Never fails: what it does not know is read as text of {@code Place.OTHER}. */
    Facts read(Request request);

    /** A new meter for the reply of one exchange. Not thread-safe: used on that exchange's event loop only. */
    ReplyMeter meter(Facts facts);

    /** How this wire speaks to its clients. */
    Dialect dialect();

    /**
     * Whether a client that asked for a stream gets one growing JSON array instead of server-sent events.
     *
     * @param query query of the request; null if it has none
     */
    default boolean streamsAsArray(@Nullable String query) {
        return false;
    }

    /**
     * Where a request says how much output it allows; null where this wire has no such place or the request's own is not understood.
     *
     * @param body the whole request
     * @param provider id of the provider that gets it: some have names of their own
     */
    default @Nullable OutputLimit outputLimit(Json.Obj body, String provider) {
        return null;
    }

    /**
     * A request as wires see it.
     *
     * @param method HTTP method
     * @param path path below the provider, version prefix removed
     * @param bytes the decoded body
     * @param mediaType media type without parameters, lower case; empty if none was named
     * @param contentType the whole Content-Type header (multipart boundary); empty if none
     * @param json the parsed body where it is JSON, else null
     */
    @SuppressWarnings("ArrayRecordComponent") // Shared, never written to.
    record Request(
            String method, String path, byte[] bytes, String mediaType, String contentType, Json.@Nullable Obj json) {
        @Override
        public String toString() {
            return "Request[" + method + " " + path + ", redacted]";
        }
    }
}
