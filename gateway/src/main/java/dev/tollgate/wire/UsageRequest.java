package dev.tollgate.wire;

import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Splice;
import org.jspecify.annotations.Nullable;

/** The change to a streaming request that makes an OpenAI-like provider tell its usage ({@code stream_options.include_usage}). */
final class UsageRequest {
    private static final String OPTIONS = "stream_options";
    private static final String INCLUDE = "include_usage";

    private UsageRequest() {}

    /** The change, or null where the client does not stream or asks for usage itself. All other bytes of the body stay. */
    static @Nullable Splice of(Json.Obj body) {
        if (!body.isTrue("stream")) {
            return null;
        }
        return switch (body.get(OPTIONS)) {
            case null -> Splice.of(body.start() + 1, body.start() + 1, "\"stream_options\":{\"include_usage\":true},");
            case Json.Null none -> Splice.of(none.start(), none.end(), "{\"include_usage\":true}");
            case Json.Obj options -> inside(options);
            // Not what the API takes: the provider will say so.
            default -> null;
        };
    }

    private static @Nullable Splice inside(Json.Obj options) {
        Json told = options.get(INCLUDE);
        if (told == null) {
            String comma = options.members().isEmpty() ? "" : ",";
            return Splice.of(options.start() + 1, options.start() + 1, "\"include_usage\":true" + comma);
        }
        return options.isTrue(INCLUDE) ? null : Splice.of(told.start(), told.end(), "true");
    }
}
