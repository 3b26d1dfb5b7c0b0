package dev.tollgate.audit;

import dev.tollgate.value.Extras;
import dev.tollgate.value.ServiceTier;
import dev.tollgate.value.Usage;
import java.util.Locale;

/** Writes what a call used, for {@link RecordWriter}. */
final class UsageWriter {
    private UsageWriter() {}

    static void write(CanonicalJson json, Usage usage) {
        json.beginObject("usage")
                .number("input", usage.input())
                .number("cache_read", usage.cacheRead())
                .number("cache_write", usage.cacheWrite())
                .number("cache_write_long", usage.cacheWriteLong())
                .number("output", usage.output())
                .number("reasoning", usage.reasoning())
                .number("audio_input", usage.audioInput())
                .number("audio_output", usage.audioOutput())
                .number("image_input", usage.imageInput())
                .number("image_output", usage.imageOutput());
        RecordWriter.money(json, "provider_cost_nanos", usage.providerCost());
        json.text("source", usage.source().name().toLowerCase(Locale.ROOT));
        extras(json, usage.extras());
        json.endObject();
    }

    /** Members that stand only where there is something to tell. */
    private static void extras(CanonicalJson json, Extras extras) {
        if (extras.equals(Extras.NONE)) {
            return;
        }
        some(json, "searches", extras.searches());
        some(json, "file_searches", extras.fileSearches());
        some(json, "code_sessions", extras.codeSessions());
        some(json, "images", extras.images());
        some(json, "seconds", extras.seconds());
        some(json, "characters", extras.characters());
        some(json, "audio_cached", extras.audioCached());
        some(json, "image_cached", extras.imageCached());
        if (extras.tier() != ServiceTier.STANDARD) {
            json.text("tier", extras.tier().name().toLowerCase(Locale.ROOT));
        }
    }

    private static void some(CanonicalJson json, String name, long count) {
        if (count > 0) {
            json.number(name, count);
        }
    }
}
