package dev.tollgate.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tollgate.value.Extras;
import dev.tollgate.value.ServiceTier;
import dev.tollgate.value.Usage;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds usage and model in a reply of any known wire. Reads past everything else without keeping it, so that a reply of megabytes costs
 * its length in time and next to nothing in memory. Takes JSON as loosely as providers write it; of a broken document it tells what stood
 * before the break.
 */
final class ToldReader {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .build();

    /** Members that hold usage, or an object with usage in it. */
    private static final Set<String> USAGE =
            Set.of("usage", "usageMetadata", "usage_metadata", "x_groq", "meta", "amazon-bedrock-invocationMetrics");
    /** Members that hold a whole reply, or the end of one. */
    private static final Set<String> WRAPPERS = Set.of("message", "response", "delta", "data");

    private static final Set<String> MODEL = Set.of("model", "modelVersion", "model_version");

    private @Nullable Usage usage;
    private @Nullable String model;
    private boolean emptyChoices;
    private final ToolCalls tools = new ToolCalls();
    private ServiceTier tier = ServiceTier.STANDARD;
    private boolean isTranscript;
    private @Nullable BigDecimal duration;

    private ToldReader() {}

    static Told read(byte[] json) {
        ToldReader reader = new ToldReader();
        try (JsonParser parser = MAPPER.createParser(json)) {
            JsonToken top = parser.nextToken();
            if (top == JsonToken.START_OBJECT) {
                reader.object(parser, true);
            } else if (top == JsonToken.START_ARRAY) {
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    reader.object(parser, true);
                }
            }
        } catch (IOException | RuntimeException broken) {
            // Providers' replies are passed on whatever they are: what was read before the break counts.
            return reader.told();
        }
        return reader.told();
    }

    private Told told() {
        if (usage == null && isTranscript && duration != null && duration.signum() > 0) {
            long seconds = duration.setScale(0, RoundingMode.CEILING).longValue();
            usage = Usage.of(0, 0, Usage.Source.REPORTED).with(Extras.ofSeconds(seconds));
        }
        return new Told(usage, model, tools.extras().on(tier), usage != null && emptyChoices);
    }

    private void object(JsonParser parser, boolean isTop) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_OBJECT && isTop && WRAPPERS.contains(name)) {
                object(parser, false);
            } else if (USAGE.contains(name)) {
                usage(name, MAPPER.readTree(parser));
            } else if (value == JsonToken.VALUE_STRING && model == null && MODEL.contains(name)) {
                model = parser.getText();
            } else if (value == JsonToken.VALUE_STRING && name.equals("service_tier")) {
                tier = ServiceTier.of(parser.getText());
            } else if (value == JsonToken.START_ARRAY) {
                list(name, parser, isTop);
            } else {
                transcript(name, parser, value);
                parser.skipChildren();
            }
        }
    }

    private void list(String name, JsonParser parser, boolean isTop) throws IOException {
        switch (name) {
            case "output" -> tools.output(parser);
            case "candidates" -> tools.candidates(parser);
            case "data", "predictions" -> tools.pictures(parser, false);
            case "images" -> tools.pictures(parser, true);
            case "choices" -> choices(parser, isTop);
            default -> parser.skipChildren();
        }
    }

    private void choices(JsonParser parser, boolean isTop) throws IOException {
        if (!isTop) {
            parser.skipChildren();
            return;
        }
        emptyChoices = parser.nextToken() == JsonToken.END_ARRAY;
        if (!emptyChoices) {
            skipRestOfArray(parser);
        }
    }

    /** OpenAI API reference, "The transcription object (Verbose JSON)": the only place where some tell how long a recording was. */
    private void transcript(String name, JsonParser parser, JsonToken value) throws IOException {
        if (name.equals("task") && value == JsonToken.VALUE_STRING) {
            isTranscript =
                    parser.getText().equals("transcribe") || parser.getText().equals("translate");
        } else if (name.equals("duration") && value.isNumeric()) {
            duration = parser.getDecimalValue();
        }
    }

    // The first element has been entered already.
    private static void skipRestOfArray(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        while (token != null && token != JsonToken.END_ARRAY) {
            parser.skipChildren();
            token = parser.nextToken();
        }
    }

    private void usage(String name, @Nullable JsonNode node) {
        JsonNode found = node == null ? MissingNode.getInstance() : node;
        usage = UsageShapes.later(usage, UsageShapes.read(name.equals("x_groq") ? found.path("usage") : found));
    }
}
