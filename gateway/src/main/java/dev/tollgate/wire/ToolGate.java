package dev.tollgate.wire;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollgate.value.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps back the part of a reply that calls tools until it is known whether it may pass. A stream passes untouched up to the first event
 * of a call that somebody wants to judge; from there to its end it is kept. Agents carry out calls when a reply has ended, so that this costs
 * them no time. One per reply, not thread-safe.
 *
 * <pre>
 *   PASSING ──a call begins──▶ KEEPING ──end──▶ calls() ──▶ passed as it came, or without some calls
 * </pre>
 */
public final class ToolGate {
    private static final JsonMapper MAPPER = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            // What is written again must be what came, and nothing may stand behind it.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** What an event with a call has in it; names with escapes are looked at too. */
    private static final List<byte[]> SIGNS = List.of(
            ascii("tool_calls"),
            ascii("tool_use"),
            ascii("function_call"),
            ascii("functionCall"),
            ascii("_call"),
            ascii("\\u00"));

    private final Predicate<String> isJudged;
    private final List<Kept> kept = new ArrayList<>();
    private @Nullable ToolShape shape;
    private boolean isKeeping;
    private boolean isUnreadable;
    private long keptBytes;
    private int events;

    /** An event as it came. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Kept(
            byte[] raw, @Nullable String name, @Nullable ObjectNode data, int number) {}

    /** @param isJudged whether calls of a tool of this name may be kept back */
    public ToolGate(Predicate<String> isJudged) {
        this.isJudged = isJudged;
    }

    /** Whether the event is kept back: it begins a call that is judged, or may for all that can be read, or stands behind one. */
    public boolean keeps(byte[] raw, @Nullable String name, byte @Nullable [] data) {
        if (!isKeeping && (data == null || !mayCall(data))) {
            return false;
        }
        ObjectNode json = data == null ? null : object(data);
        if (json != null) {
            read(json);
            isKeeping = isKeeping || anyJudged();
        } else if (data != null && mayCall(data)) {
            // A reader that is less strict may find a call in it.
            isUnreadable = true;
            isKeeping = true;
        }
        if (isKeeping) {
            kept.add(new Kept(raw, name, json, events));
            keptBytes += raw.length;
        }
        return isKeeping;
    }

    private void read(ObjectNode json) {
        if (shape == null) {
            shape = ToolShape.of(json);
        }
        if (shape != null) {
            events++;
            shape.read(json, events);
        }
    }

    private boolean anyJudged() {
        return calls().stream().anyMatch(call -> call.tool().isEmpty() || isJudged.test(call.tool()));
    }

    /** Whether something that may call a tool could not be read. */
    public boolean isUnreadable() {
        return isUnreadable;
    }

    /** Bytes that are kept back. */
    public long keptBytes() {
        return keptBytes;
    }

    /** Whether something is kept back. */
    public boolean isKeeping() {
        return isKeeping;
    }

    /** The calls of the reply as far as they have come. */
    public List<CalledTool> calls() {
        return shape == null ? List.of() : shape.calls();
    }

    /**
     * What was kept back, to be passed on.
     *
     * @param instead what stands in the place of calls that are taken out, by their place; empty to pass everything as it came
     * @param edited arguments in the place of those that calls have, by their place
     */
    public byte[] release(Map<String, String> instead, Map<String, String> edited) {
        if (shape != null) {
            shape.change(edited);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream((int) Math.min(keptBytes, Integer.MAX_VALUE - 8) + 512);
        for (Kept event : kept) {
            if ((instead.isEmpty() && edited.isEmpty()) || event.data == null || shape == null) {
                out.writeBytes(event.raw);
            } else {
                rewrite(event, event.data, shape, instead, out);
            }
        }
        requireChanged();
        kept.clear();
        keptBytes = 0;
        isKeeping = false;
        return out.toByteArray();
    }

    private static void rewrite(
            Kept event, ObjectNode data, ToolShape shape, Map<String, String> instead, ByteArrayOutputStream out) {
        boolean isElement = isElement(event.raw);
        shape.edit(data, event.number);
        for (ToolShape.Event changed : shape.without(new ToolShape.Event(event.name, data), event.number, instead)) {
            byte[] json = bytes(changed.data());
            if (isElement) {
                // An element of an array: what parts it from the one before stays.
                out.write(event.raw, 0, indexOf(event.raw, (byte) '{'));
                out.writeBytes(json);
            } else {
                out.writeBytes(new Events().add(changed.name(), json).bytes());
            }
        }
    }

    /** The calls in a document. */
    public List<CalledTool> readDocument(byte[] document) {
        if (!mayCall(document)) {
            return List.of();
        }
        ObjectNode json = object(document);
        if (json == null) {
            isUnreadable = true;
            return List.of();
        }
        read(json);
        return calls();
    }

    /** A document without some of the calls that were read in it, and with other arguments in some. */
    public byte[] without(byte[] document, Map<String, String> instead, Map<String, String> edited) {
        ObjectNode json = object(document);
        if ((instead.isEmpty() && edited.isEmpty()) || json == null || shape == null) {
            return document;
        }
        shape.change(edited);
        shape.edit(json, events);
        requireChanged();
        return bytes(shape.without(new ToolShape.Event(null, json), events, instead)
                .getFirst()
                .data());
    }

    /** Whether a call can have other arguments: those that it has are written in one place, and the others are an object as they are. */
    public boolean canChange(CalledTool call, String arguments) {
        return shape != null
                && shape.canEdit(call.place())
                && !call.arguments().isBlank()
                && object(arguments.getBytes(StandardCharsets.UTF_8)) != null;
    }

    private static boolean mayCall(byte[] data) {
        for (byte[] sign : SIGNS) {
            if (Bytes.contains(data, sign)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable ObjectNode object(byte[] data) {
        try {
            JsonNode json = MAPPER.readTree(data);
            return json instanceof ObjectNode object ? object : null;
        } catch (IOException notJson) {
            return null;
        }
    }

    private static byte[] bytes(ObjectNode json) {
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (IOException impossible) {
            throw new IllegalStateException("a tree is JSON", impossible);
        }
    }

    /** Events of a stream begin with a field's name, elements of an array with a bracket, a comma or their own brace. */
    private static boolean isElement(byte[] raw) {
        for (byte b : raw) {
            if (b > ' ') {
                return b == '[' || b == ',' || b == '{';
            }
        }
        return false;
    }

    private static int indexOf(byte[] bytes, byte wanted) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return bytes.length;
    }

    private void requireChanged() {
        if (shape != null && !shape.isAllChanged()) {
            throw new IllegalStateException("a call of a tool could not be changed");
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
