package dev.tollgate.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a tree must hold: every key that is named, with what is said of it; a list item by item; {@code null} for a key that must not be there;
 * {@code /pattern/} for a text in which that is found. Keys that are not named may be anything.
 */
final class Expected {
    private Expected() {}

    /** Fails where the tree is not as expected, telling the path. */
    static void assertHolds(String what, JsonNode expected, JsonNode actual) {
        String fault = fault(what, expected, actual);
        if (!fault.isEmpty()) {
            throw new AssertionError(fault + "\nin " + actual.toPrettyString());
        }
    }

    /** Whether some of these trees are as expected, in this order; others may stand between. */
    static boolean holdInOrder(JsonNode expected, List<JsonNode> actual) {
        int next = 0;
        for (JsonNode one : actual) {
            if (next < expected.size() && fault("", expected.get(next), one).isEmpty()) {
                next++;
            }
        }
        return next == expected.size();
    }

    private static String fault(String path, JsonNode expected, JsonNode actual) {
        if (expected.isNull()) {
            return actual.isMissingNode() || actual.isNull() ? "" : path + " should not be there";
        }
        if (expected.isObject()) {
            return members(path, expected, actual);
        }
        if (expected.isArray()) {
            return items(path, expected, actual);
        }
        String text = expected.asText();
        boolean isPattern = text.length() > 2 && text.startsWith("/") && text.endsWith("/");
        boolean holds = actual.isValueNode()
                && (isPattern
                        ? Pattern.compile(text.substring(1, text.length() - 1))
                                .matcher(actual.asText())
                                .find()
                        : text.equals(actual.asText()));
        return holds ? "" : path + " should be " + text + " but is " + (actual.isMissingNode() ? "missing" : actual);
    }

    private static String members(String path, JsonNode expected, JsonNode actual) {
        for (Map.Entry<String, JsonNode> member : expected.properties()) {
            String fault = fault(path + "." + member.getKey(), member.getValue(), actual.path(member.getKey()));
            if (!fault.isEmpty()) {
                return fault;
            }
        }
        return actual.isObject() ? "" : path + " should have keys but is " + actual;
    }

    private static String items(String path, JsonNode expected, JsonNode actual) {
        if (!actual.isArray() || actual.size() != expected.size()) {
            return path + " should be a list of " + expected.size() + " but is "
                    + (actual.isArray() ? "one of " + actual.size() : actual.toString());
        }
        for (int i = 0; i < expected.size(); i++) {
            String fault = fault(path + "[" + i + "]", expected.get(i), actual.get(i));
            if (!fault.isEmpty()) {
                return fault;
            }
        }
        return "";
    }
}
