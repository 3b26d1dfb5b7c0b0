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
    /** What the model called; each call has one. */
    private static final byte[] NAME = name("name");
    /** Members whose texts are not the model's own. */
    private static final byte[][] QUOTED = names("annotations", "citations", "citation", "executed_tools");

    /** Members of a reply that hold what the model called, with its arguments as plain JSON. */
    private static final byte[] FUNCTION_CALL = name("functionCall");

    private static final byte[] INDEX = name("index");
    /** How deep in an event the number of a choice stands: in an object of the list of choices. */
    private static final int CHOICE_DEPTH = 3;

    private static final byte[] MODEL = name("model");
    private static final byte[] MODEL_VERSION = name("modelVersion");

    private @Nullable Usage usage;
    private Extras extras = Extras.NONE;
    private @Nullable String model;
    private final RelayedText output = new RelayedText();
    private int choice;

    @Override
    public void onBody(byte[] body) {
        take(ToldReader.read(body));
        if (usage == null) {
            JsonSkim skim = skim(body);
            while (skim.next()) {
                keepOutput(skim);
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
    public final RelayedText output() {
        return output;
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

    /** Begins to read an event. */
    final JsonSkim skim(byte[] event) {
        choice = 0;
        return new JsonSkim(event);
    }

    /** Keeps the member's text if it is output. */
    final void keepOutput(JsonSkim member) {
        if (member.valueIsString()) {
            if (isOutput(member)) {
                member.keepString(output, choice);
            } else if (member.depth() > 1 && member.nameIs(NAME)) {
                output.call();
                member.keepString(output, choice);
            }
        } else if (member.depth() == CHOICE_DEPTH && member.nameIs(INDEX)) {
            choice = member.smallNumber();
        } else if (member.valueStart() == '{' && member.nameIs(FUNCTION_CALL)) {
            output.call();
            member.keepObject(output, choice);
        } else if (isOneOf(QUOTED, member)) {
            member.skipValue();
        }
    }

    private static boolean isOutput(JsonSkim member) {
        return (member.depth() > 1 || member.nameLength() == "delta".length()) && isOneOf(OUTPUT, member);
    }

    private static boolean isOneOf(byte[][] names, JsonSkim member) {
        for (byte[] name : names) {
            if (member.nameIs(name)) {
                return true;
            }
        }
        return false;
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
