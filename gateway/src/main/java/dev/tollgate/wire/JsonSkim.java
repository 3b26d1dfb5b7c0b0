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

    /** The string value as written, escapes and all. */
    String valueText() {
        return new String(json, value + 1, Math.max(0, stringEnd(value) - value - 1), StandardCharsets.UTF_8);
    }

    /**
     * About how many thirds of a token the string value has; 0 if it is none. Three characters of English, code or numbers are taken for a
     * token, which is more than most tokenizers make of them, and one character of any other script.
     */
    int valueThirds() {
        if (!valueIsString()) {
            return 0;
        }
        int end = stringEnd(value);
        int thirds = 0;
        for (int i = value + 1; i < end; i++) {
            byte b = json[i];
            if (b == '\\') {
                boolean isCode = i + 1 < end && json[i + 1] == 'u';
                i += isCode ? 5 : 1;
                thirds += isCode ? 3 : 1;
            } else if (b >= 0) {
                thirds++;
            } else if ((b & 0xC0) != 0x80) {
                thirds += 3;
            }
        }
        return thirds;
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
