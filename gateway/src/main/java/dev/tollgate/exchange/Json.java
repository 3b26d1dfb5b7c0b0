package dev.tollgate.exchange;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value that remembers which bytes of the document it came from, so that a change replaces exactly those bytes and nothing is
 * ever written anew. {@code start} is the offset of the first byte, {@code end} one past the last (quotes and braces included).
 * Prints no content.
 */
public sealed interface Json {
    int start();

    int end();

    /** Members in document order; names are unique because duplicates are refused by the parser. */
    record Obj(Map<String, Json> members, int start, int end) implements Json {
        public @Nullable Json get(String name) {
            return members.get(name);
        }

        /** The member if it is a string, else null. */
        public @Nullable String string(String name) {
            return members.get(name) instanceof Str str ? str.value() : null;
        }

        /** The member if it is a whole number that fits a long, else null. */
        public @Nullable Long integer(String name) {
            return members.get(name) instanceof Num num ? num.asLong() : null;
        }

        /** True only if the member is {@code true}. */
        public boolean isTrue(String name) {
            return members.get(name) instanceof Bool bool && bool.value();
        }

        /** The member if it is an object, else null. */
        public @Nullable Obj object(String name) {
            return members.get(name) instanceof Obj obj ? obj : null;
        }

        /** The elements of the member if it is an array, else none. */
        public List<Json> elements(String name) {
            return members.get(name) instanceof Arr arr ? arr.elements() : List.of();
        }

        @Override
        public String toString() {
            return "Obj[" + start + ".." + end + "]";
        }
    }

    record Arr(List<Json> elements, int start, int end) implements Json {
        @Override
        public String toString() {
            return "Arr[" + start + ".." + end + "]";
        }
    }

    /**
     * @param value the decoded text
     */
    record Str(String value, int start, int end) implements Json {
        @Override
        public String toString() {
            return "Str[" + start + ".." + end + ", redacted]";
        }
    }

    /**
     * @param literal the number as written: 64-bit integers and long decimals survive
     */
    record Num(String literal, int start, int end) implements Json {
        public @Nullable Long asLong() {
            try {
                return Long.valueOf(literal);
            } catch (NumberFormatException notWhole) {
                return null;
            }
        }
    }

    record Bool(boolean value, int start, int end) implements Json {}

    record Null(int start, int end) implements Json {}
}
