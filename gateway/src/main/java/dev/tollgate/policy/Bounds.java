package dev.tollgate.policy;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Optional;

/** What the {@link Range} of a record's component allows. */
final class Bounds {
    private final Class<?> type;
    private final Range range;

    private Bounds(Class<?> type, Range range) {
        this.type = type;
        this.range = range;
    }

    /** The bounds of a component; empty if it may be anything of its type. */
    static Optional<Bounds> of(RecordComponent component) {
        return Optional.ofNullable(component.getAnnotation(Range.class))
                .map(range -> new Bounds(component.getType(), range));
    }

    /** Whether a required value is there but says nothing. */
    static boolean isEmpty(Object value) {
        return value instanceof String text ? text.isBlank() : value instanceof Collection<?> items && items.isEmpty();
    }

    Range range() {
        return range;
    }

    /** @param value of the component's type */
    boolean hold(Object value) {
        return (range.min().isEmpty() || compare(value, range.min()) >= 0)
                && (range.above().isEmpty() || compare(value, range.above()) > 0)
                && (range.max().isEmpty() || compare(value, range.max()) <= 0);
    }

    @SuppressWarnings(
            "unchecked") // A range stands on numbers, durations, sizes and amounts: each compares with its own kind.
    private int compare(Object value, String end) {
        return ((Comparable<Object>) value).compareTo(Scalars.kind(type).parse().apply(end));
    }

    /** {@code 1 to 10}, {@code 1 or more}, {@code above 0 to 1}. */
    @Override
    public String toString() {
        String least = range.above().isEmpty() ? range.min() : "above " + range.above();
        if (range.max().isEmpty()) {
            return range.above().isEmpty() ? least + " or more" : least;
        }
        return least.isEmpty() ? "up to " + range.max() : least + " to " + range.max();
    }
}
