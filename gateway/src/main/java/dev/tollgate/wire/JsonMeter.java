package dev.tollgate.wire;

import dev.tollgate.value.Extras;
import dev.tollgate.value.Usage;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What the meters of all wires have in common: what was told so far, and how much output was seen. */
abstract class JsonMeter implements ReplyMeter {
    /** Members of a reply whose strings are what the model said, thought or called. */
    private static final byte[][] OUTPUT = names(
            "content",
            "text",
            "delta",
            "arguments",
            "partial_json",
            "thinking",
            "reasoning_content",
            "reasoning",
            "refusal",
            "input",
            "summary");

    private static final byte[] MODEL = name("model");
    private static final byte[] MODEL_VERSION = name("modelVersion");

    private @Nullable Usage usage;
    private Extras extras = Extras.NONE;
    private @Nullable String model;
    private long thirds;

    @Override
    public void onBody(byte[] body) {
        take(ToldReader.read(body));
        if (usage == null) {
            JsonSkim skim = new JsonSkim(body);
            while (skim.next()) {
                countOutput(skim);
            }
        }
    }

    @Override
    public final @Nullable Usage reported() {
        Usage told = usage;
        return told == null ? null : told.with(told.extras().and(extras));
    }

    @Override
    public final Extras extras() {
        return extras;
    }

    @Override
    public final long outputTokens() {
        return Math.ceilDiv(thirds, 3);
    }

    @Override
    public final @Nullable String servedModel() {
        return model;
    }

    /** Takes what an event or a body told; a later telling replaces an earlier one. */
    final void take(Told told) {
        usage = merge(usage, told.usage());
        extras = extras.and(told.extras());
        if (model == null) {
            model = told.model();
        }
    }

    /** Both tellings as one, where a wire spreads its usage over events. */
    @Nullable
    Usage merge(@Nullable Usage earlier, @Nullable Usage later) {
        return UsageShapes.later(earlier, later);
    }

    /** Counts the member's tokens if it is output. */
    final void countOutput(JsonSkim member) {
        if (member.depth() > 1 || member.nameLength() == "delta".length()) {
            for (byte[] name : OUTPUT) {
                if (member.nameIs(name)) {
                    thirds += member.valueThirds();
                    return;
                }
            }
        }
    }

    /** Remembers the model that an event names, if none did before. */
    final void noteModel(JsonSkim member) {
        if (model == null && member.valueIsString() && (member.nameIs(MODEL) || member.nameIs(MODEL_VERSION))) {
            model = member.valueText();
        }
    }

    static byte[] name(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[][] names(String... names) {
        byte[][] all = new byte[names.length][];
        for (int i = 0; i < names.length; i++) {
            all[i] = name(names[i]);
        }
        return all;
    }
}
