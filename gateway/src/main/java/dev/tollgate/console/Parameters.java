package dev.tollgate.console;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Fields of a query string or form. A field given twice counts with its first value; a missing one is empty. Prints names only. */
final class Parameters {
    static final Parameters NONE = new Parameters(Map.of());

    private final Map<String, List<String>> values;

    private Parameters(Map<String, List<String>> values) {
        this.values = values;
    }

    /**
     * @param encoded {@code a=1&b=2}
     * @throws Refused if it is not encoded well
     */
    static Parameters parse(String encoded) {
        try {
            return new Parameters(
                    new QueryStringDecoder(encoded, StandardCharsets.UTF_8, false, Limits.MAX_PARAMETERS).parameters());
        } catch (IllegalArgumentException malformed) {
            throw Refused.badRequest("the fields of the request are not percent-encoded well");
        }
    }

    String get(String name) {
        List<String> given = values.get(name);
        return given == null || given.isEmpty() ? "" : given.get(0).strip();
    }

    /** Every value of a field, in order; none where it is missing. */
    List<String> all(String name) {
        return values.getOrDefault(name, List.of()).stream().map(String::strip).toList();
    }

    /** The same with the blanks around them. */
    List<String> wholes(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** A field with the blanks around it. */
    String whole(String name) {
        List<String> given = values.get(name);
        return given == null || given.isEmpty() ? "" : given.get(0);
    }

    /** A whole number within bounds, or the default where none is given. */
    int number(String name, int otherwise, int min, int max) {
        String given = get(name);
        if (given.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(given);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Told below, with the bounds.
        }
        throw Refused.badRequest(name + " must be a whole number from " + min + " to " + max);
    }

    @Override
    public String toString() {
        return "Parameters" + values.keySet();
    }
}
