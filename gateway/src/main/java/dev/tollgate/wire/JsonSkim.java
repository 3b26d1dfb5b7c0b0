package dev.tollgate.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks over the member names of a JSON text without building anything, so that the small events of a stream cost next to nothing.
 * Never fails: of bytes that are no JSON it finds what looks like members. Strings inside strings are not mistaken for members.
 */
final class JsonSkim {
    private final byte[] json;
    private int at;
    private int depth;
    private int nameStart;
    private int nameEnd;
    private int value;

    JsonSkim(byte[] json) {
        this.json = json;
    }

    /** Goes to the next member at any depth; false at the end. */
    boolean next() {
        byte[] bytes = json;
        int i = at;
        while (i < bytes.length) {
            byte b = bytes[i];
            if (b == '"') {
                int end = stringEnd(i);
                int colon = skipBlanks(end + 1);
                if (colon < bytes.length && bytes[colon] == ':') {
                    nameStart = i + 1;
                    nameEnd = end;
                    value = skipBlanks(colon + 1);
                    at = value;
                    return true;
                }
                i = end;
            } else if (b == '{' || b == '[') {
                depth++;
            } else if (b == '}' || b == ']') {
                depth--;
            }
            i++;
        }
        at = i;
        return false;
    }

    /** How many objects and arrays are around the member: 1 for a member of the top object. */
    int depth() {
        return depth;
    }

    int nameLength() {
        return nameEnd - nameStart;
    }

    boolean nameIs(byte[] name) {
        int length = name.length;
        return nameEnd - nameStart == length
                && json[nameStart] == name[0]
                && Arrays.equals(json, nameStart, nameEnd, name, 0, length);
    }

    /** First byte of the member's value; 0 if there is none. */
    byte valueStart() {
        return value < json.length ? json[value] : 0;
    }

    boolean valueIsString() {
        return valueStart() == '"';
    }

    /** Whether the value is the string. */
    boolean valueIs(byte[] text) {
        int end = value + 1 + text.length;
        return valueIsString()
                && end < json.length
                && json[end] == '"'
                && Arrays.equals(json, value + 1, end, text, 0, text.length);
    }

    /** Whether the value is a string that ends so. */
    boolean valueEndsWith(byte[] text) {
        int end = valueIsString() ? stringEnd(value) : 0;
        int start = end - text.length;
        return start > value && Arrays.equals(json, start, end, text, 0, text.length);
    }

    /** The string value as written, escapes and all. */
    String valueText() {
        return new String(json, value + 1, Math.max(0, stringEnd(value) - value - 1), StandardCharsets.UTF_8);
    }

    /** Keeps the string value as output of a choice. */
    void keepString(RelayedText output, int choice) {
        output.add(choice, json, value + 1, stringEnd(value));
    }

    /** Keeps the object as output of a choice, as it is written, and goes on behind it. */
    void keepObject(RelayedText output, int choice) {
        skipValue();
        output.add(choice, json, value, at);
    }

    /** Goes on behind the object or list that is the value. */
    void skipValue() {
        if (valueStart() != '{' && valueStart() != '[') {
            return;
        }
        int open = 0;
        int i = value;
        do {
            byte b = json[i];
            if (b == '"') {
                i = stringEnd(i);
            } else if (b == '{' || b == '[') {
                open++;
            } else if (b == '}' || b == ']') {
                open--;
            }
            i++;
        } while (open > 0 && i < json.length);
        at = Math.min(i, json.length);
    }

    /** The value as a number of up to four digits; 0 if it is none. */
    int smallNumber() {
        int number = 0;
        for (int i = value; i < json.length && i < value + 4 && json[i] >= '0' && json[i] <= '9'; i++) {
            number = 10 * number + json[i] - '0';
        }
        return number;
    }

    private int stringEnd(int quote) {
        byte[] bytes = json;
        int i = quote + 1;
        while (i < bytes.length && bytes[i] != '"') {
            i += bytes[i] == '\\' ? 2 : 1;
        }
        return Math.min(i, bytes.length);
    }

    private int skipBlanks(int from) {
        int i = from;
        while (i < json.length && (json[i] == ' ' || json[i] == '\n' || json[i] == '\r' || json[i] == '\t')) {
            i++;
        }
        return i;
    }
}
