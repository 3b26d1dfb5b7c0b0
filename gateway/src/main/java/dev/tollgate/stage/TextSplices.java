package dev.tollgate.stage;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.Splice;
import dev.tollgate.exchange.Text;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The texts of a call as they stand after the body changes made so far, and further changes to them. A changed text replaces exactly the
 * bytes it came from, quotes included where it is a JSON string. Belongs to one decision of a stage.
 */
final class TextSplices {
    private final Map<Long, Splice> bySpan;
    private final Map<Long, Splice> changed = new HashMap<>();
    private final List<Splice> before;

    TextSplices(Exchange exchange) {
        this.before = exchange.splices();
        this.bySpan = before.isEmpty()
                ? Map.of()
                : before.stream().collect(Collectors.toMap(TextSplices::span, splice -> splice, (one, other) -> other));
    }

    /** The text as the provider would read it now. */
    Text current(Text text) {
        Splice splice = before.isEmpty() ? null : bySpan.get(span(text.start(), text.end()));
        if (splice == null) {
            return text;
        }
        String value = value(splice, text.isJsonString());
        return value == null
                ? text
                : new Text(
                        value, text.place(), text.path(), text.start(), text.end(), text.isJsonString(), text.isNew());
    }

    /** The texts as the provider would read them now. */
    List<Text> current(List<Text> texts) {
        return before.isEmpty() ? texts : texts.stream().map(this::current).toList();
    }

    /** Whether the text may be changed: an earlier change over only a part of it leaves no place for another. */
    boolean isFree(Text text) {
        return before.stream()
                .allMatch(splice -> span(splice) == span(text.start(), text.end())
                        || splice.end() <= text.start()
                        || splice.start() >= text.end());
    }

    void replace(Text text, String value) {
        replace(text, value, Map.of(), Map.of());
    }

    /**
     * @param originals what placeholders in the value stand for that are to be put back in the reply, beside those that were there before
     * @param hidden what in the value people are not shown, by the placeholders that they see instead
     */
    void replace(Text text, String value, Map<String, String> originals, Map<String, String> hidden) {
        byte[] bytes = text.isJsonString() ? quoted(value) : value.getBytes(StandardCharsets.UTF_8);
        put(text, bytes, originals, hidden);
    }

    /** Leaves a text as it is, and takes note of what people are not shown of it. */
    void hide(Exchange exchange, Text text, Map<String, String> hidden) {
        Splice earlier = earlier(text);
        byte[] bytes = earlier == null
                ? Arrays.copyOfRange(exchange.content().bytes(), text.start(), text.end())
                : earlier.replacement();
        put(text, bytes, Map.of(), hidden);
    }

    private void put(Text text, byte[] bytes, Map<String, String> originals, Map<String, String> hidden) {
        Splice earlier = earlier(text);
        changed.put(
                span(text.start(), text.end()),
                new Splice(
                        text.start(),
                        text.end(),
                        bytes,
                        earlier == null ? originals : joined(earlier.originals(), originals),
                        earlier == null ? hidden : joined(earlier.hidden(), hidden)));
    }

    private @Nullable Splice earlier(Text text) {
        long span = span(text.start(), text.end());
        Splice ours = changed.get(span);
        return ours == null ? bySpan.get(span) : ours;
    }

    private static Map<String, String> joined(Map<String, String> first, Map<String, String> second) {
        Map<String, String> all = new HashMap<>(first);
        all.putAll(second);
        return all;
    }

    /** The exchange with the changes. */
    Exchange applyTo(Exchange exchange) {
        if (changed.isEmpty()) {
            return exchange;
        }
        List<Splice> all = new ArrayList<>(changed.values());
        before.stream().filter(splice -> !changed.containsKey(span(splice))).forEach(all::add);
        return exchange.withAllSplices(all);
    }

    private static @Nullable String value(Splice splice, boolean isJsonString) {
        if (!isJsonString) {
            return new String(splice.replacement(), StandardCharsets.UTF_8);
        }
        try {
            return JsonReader.read(splice.replacement()) instanceof Json.Str string ? string.value() : null;
        } catch (JsonReader.JsonRefused notOurs) {
            return null;
        }
    }

    private static byte[] quoted(String value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length() + 2);
        bytes.write('"');
        bytes.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(value));
        bytes.write('"');
        return bytes.toByteArray();
    }

    private static long span(Splice splice) {
        return span(splice.start(), splice.end());
    }

    private static long span(int start, int end) {
        return ((long) start << Integer.SIZE) | end;
    }
}
