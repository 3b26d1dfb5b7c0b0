package dev.tollgate.audit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tollgate.value.Extras;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.ServiceTier;
import dev.tollgate.value.Usage;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Members of a {@link Usage} as they are read, one after the other. What is not told is 0: later members are absent in older records. */
final class UsageMembers {
    private final Map<String, Long> counts = HashMap.newHashMap(16);
    private @Nullable NanoUsd providerCost;
    private Usage.Source source = Usage.Source.NONE;
    private ServiceTier tier = ServiceTier.STANDARD;

    private UsageMembers() {}

    static Usage read(JsonParser parser) throws IOException {
        UsageMembers members = new UsageMembers();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "provider_cost_nanos" -> members.providerCost = RecordReader.money(parser);
                case "source" -> members.source = Usage.Source.valueOf(upper(parser));
                case "tier" -> members.tier = ServiceTier.valueOf(upper(parser));
                default -> {
                    if (value == JsonToken.VALUE_NUMBER_INT) {
                        members.counts.put(name, parser.getLongValue());
                    } else {
                        parser.skipChildren();
                    }
                }
            }
        }
        return members.usage();
    }

    private static String upper(JsonParser parser) throws IOException {
        return parser.getText().toUpperCase(Locale.ROOT);
    }

    private long count(String name) {
        return counts.getOrDefault(name, 0L);
    }

    private Usage usage() {
        return new Usage(
                count("input"),
                count("cache_read"),
                count("cache_write"),
                count("cache_write_long"),
                count("output"),
                count("reasoning"),
                count("audio_input"),
                count("audio_output"),
                count("image_input"),
                count("image_output"),
                providerCost,
                source,
                extras());
    }

    private Extras extras() {
        return new Extras(
                count("searches"),
                count("file_searches"),
                count("code_sessions"),
                count("images"),
                count("seconds"),
                count("characters"),
                count("audio_cached"),
                count("image_cached"),
                tier);
    }
}
