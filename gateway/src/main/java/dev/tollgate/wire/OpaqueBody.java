package dev.tollgate.wire;

import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Place;
import dev.tollgate.exchange.StrictUtf8;
import dev.tollgate.exchange.Text;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body of which only the media type is known, so that every byte of it ends up in a text or under "not scanned". Whether a call
 * bills output is guessed on the dear side: one that names a model does, unless its path is known not to.
 */
final class OpaqueBody {
    /** Last parts of paths whose calls produce no billable output. */
    private static final Set<String> NOT_GENERATING = Set.of(
            "embeddings",
            "embed",
            "rerank",
            "moderations",
            "tokenize",
            "detokenize",
            "count_tokens",
            "count-tokens",
            "input_tokens",
            "files",
            "uploads");

    private static final Set<String> READABLE_CHARSETS = Set.of("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1");
    private static final int MAX_FIELD_BYTES = 256;

    private OpaqueBody() {}

    static Facts read(Wire.Request request) {
        Json.Obj json = request.json();
        if (json != null) {
            return json(request, json);
        }
        Reading reading = new Reading(request.bytes());
        FactsDraft draft = new FactsDraft(reading);
        if (request.mediaType().startsWith("multipart/")) {
            multipart(request, reading, draft);
        } else {
            whole(request, reading);
        }
        return finish(draft.modelInPath(pathModel(request)), request);
    }

    private static Facts json(Wire.Request request, Json.Obj body) {
        Reading reading = new Reading(request.bytes());
        texts(reading, body);
        FactsDraft draft = new FactsDraft(reading)
                .modelIn(body, "model")
                .modelInPath(pathModel(request))
                .streams(body.isTrue("stream") || streamsByPath(request.path()))
                .maxOutput(body, "max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens")
                .choices(body, "n", "num_generations", "candidateCount")
                .tools(body.elements("tools"))
                .promptCacheKey(body.string("prompt_cache_key"));
        // Pictures at Google, and at Amazon.
        choices(draft, body.object("parameters"), "sampleCount");
        choices(draft, body.object("imageGenerationConfig"), "numberOfImages");
        Json.Obj inference = body.object("inferenceConfig");
        return finish(inference == null ? draft : draft.maxOutput(inference, "maxTokens"), request);
    }

    /**
     * Most APIs that no wire is known of have their conversation in messages as well, with blocks as Anthropic's: Bedrock's {@code converse}, and
     * {@code invoke} with the bodies of single models.
     */
    private static void texts(Reading reading, Json.Obj body) {
        if (!(body.get("messages") instanceof Json.Arr messages)) {
            reading.all(body, Place.OTHER, true);
            return;
        }
        boolean beforeAnswer = messages.elements().stream()
                .noneMatch(item -> item instanceof Json.Obj message && ChatMessages.isFromModel(message));
        reading.members(body, Place.OTHER, true, (name, value) -> {
            switch (name) {
                case "messages" -> AnthropicMessages.read(reading, value);
                case "system" -> reading.all(value, Place.SYSTEM, beforeAnswer);
                case "tools", "toolConfig", "tool_config" -> reading.all(value, Place.TOOL_DEFINITION, beforeAnswer);
                case "metadata" -> reading.all(value, Place.METADATA, true);
                default -> reading.all(value, Place.OTHER, true);
            }
        });
    }

    private static void choices(FactsDraft draft, Json.@Nullable Obj settings, String member) {
        if (settings != null) {
            draft.choices(settings, member);
        }
    }

    private static Facts finish(FactsDraft draft, Wire.Request request) {
        String path = PathModel.plain(request.path());
        String last = path.substring(path.lastIndexOf('/') + 1);
        boolean generates = request.method().equals("POST") && draft.hasModel() && !NOT_GENERATING.contains(last);
        return draft.generates(generates).done();
    }

    private static @Nullable String pathModel(Wire.Request request) {
        return PathModel.model(PathModel.plain(request.path()));
    }

    private static boolean streamsByPath(String path) {
        return path.endsWith("-stream") || path.endsWith("-with-response-stream");
    }

    private static void whole(Wire.Request request, Reading reading) {
        byte[] bytes = request.bytes();
        span(
                reading,
                new Span("body", request.mediaType(), request.contentType(), Place.OTHER),
                bytes,
                0,
                bytes.length);
    }

    private static void multipart(Wire.Request request, Reading reading, FactsDraft draft) {
        byte[] bytes = request.bytes();
        List<Multipart.Part> parts = Multipart.read(bytes, request.contentType());
        int index = 0;
        for (Multipart.Part part : parts) {
            String path = "part[" + index++ + "]";
            span(reading, new Span(path + ".head", "", "", Place.METADATA), bytes, part.start(), part.contentStart());
            String type = part.contentType().toLowerCase(Locale.ROOT);
            Span content = new Span(path, mediaType(type), type, Place.OTHER);
            span(reading, content, bytes, part.contentStart(), part.end());
            field(part, bytes, draft);
        }
    }

    private static void field(Multipart.Part part, byte[] bytes, FactsDraft draft) {
        if (part.end() - part.contentStart() > MAX_FIELD_BYTES) {
            return;
        }
        String value = new String(Arrays.copyOfRange(bytes, part.contentStart(), part.end()), StandardCharsets.UTF_8);
        if (part.name().equals("model") && !value.isBlank()) {
            draft.modelInPath(value.strip());
        } else if (part.name().equals("stream")) {
            draft.streams(value.strip().equals("true"));
        }
    }

    private static String mediaType(String contentType) {
        int semicolon = contentType.indexOf(';');
        return (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip();
    }

    /** A stretch of a body that is read as one text or not at all. */
    private record Span(String path, String mediaType, String contentType, Place place) {}

    private static void span(Reading reading, Span span, byte[] bytes, int start, int end) {
        if (start >= end) {
            return;
        }
        byte[] content = start == 0 && end == bytes.length ? bytes : Arrays.copyOfRange(bytes, start, end);
        if (isReadable(content, span.contentType)) {
            String value = new String(content, StandardCharsets.UTF_8);
            reading.text(new Text(value, span.place, span.path, start, end, false, true));
        } else {
            reading.notScanned(Media.nameFor(span.mediaType, content) + " " + span.path);
        }
    }

    // Text in another encoding would pass a scan that reads UTF-8: NUL bytes and foreign charsets give it away.
    private static boolean isReadable(byte[] content, String contentType) {
        for (byte b : content) {
            if (b == 0) {
                return false;
            }
        }
        return !namesForeignCharset(contentType) && StrictUtf8.isWellFormed(content);
    }

    private static boolean namesForeignCharset(String contentType) {
        String lower = contentType.toLowerCase(Locale.ROOT);
        int at = lower.indexOf("charset=");
        if (at < 0) {
            return false;
        }
        String charset = mediaType(lower.substring(at + "charset=".length())).replace("\"", "");
        return !READABLE_CHARSETS.contains(charset);
    }
}
