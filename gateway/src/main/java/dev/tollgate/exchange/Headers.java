package dev.tollgate.exchange;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Header fields in the order and spelling in which they came; look-ups ignore case. Prints names only: values may be credentials.
 */
public final class Headers {
    public static final Headers NONE = new Headers(List.of());

    /**
     * @param name as spelled on the wire
     * @param value as sent, without surrounding blanks
     * @param key the name in lower case
     */
    public record Field(String name, String value, String key) {
        public Field(String name, String value) {
            this(name, value, name.toLowerCase(Locale.ROOT));
        }

        @Override
        public String toString() {
            return name + ": [redacted]";
        }
    }

    private final List<Field> fields;

    public Headers(List<Field> fields) {
        this.fields = List.copyOf(fields);
    }

    public static Headers of(String... namesAndValues) {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i + 1 < namesAndValues.length; i += 2) {
            fields.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
        }
        return new Headers(fields);
    }

    /** The first value under the name, or null. */
    public @Nullable String get(String name) {
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                return field.value();
            }
        }
        return null;
    }

    public List<String> all(String name) {
        List<String> values = List.of();
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                values = values.isEmpty() ? new ArrayList<>() : values;
                values.add(field.value());
            }
        }
        return Collections.unmodifiableList(values);
    }

    public boolean contains(String name) {
        return get(name) != null;
    }

    public List<Field> fields() {
        return fields;
    }

    public void forEach(BiConsumer<String, String> consumer) {
        fields.forEach(field -> consumer.accept(field.name(), field.value()));
    }

    @Override
    public String toString() {
        return "Headers" + fields;
    }
}
