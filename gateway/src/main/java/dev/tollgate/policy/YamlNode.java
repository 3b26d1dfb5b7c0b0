package dev.tollgate.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A YAML value that remembers where it was written. Scalars keep their text: what {@code off} means is up to the type it is bound to. */
sealed interface YamlNode {
    Mark mark();

    /** Whether nothing was written, or {@code null} in so many letters. */
    default boolean isNull() {
        return false;
    }

    /**
     * Where something was written.
     *
     * @param source file name as the operator knows it, or the override
     * @param line line in the file from 1 on; 0 for an override
     */
    record Mark(String source, int line) {
        @Override
        public String toString() {
            return line == 0 ? source : source + ":" + line;
        }
    }

    /**
     * @param text the value without quotes
     * @param isPlain whether it was written without quotes
     */
    record Scalar(String text, boolean isPlain, Mark mark) implements YamlNode {
        @Override
        public boolean isNull() {
            return isPlain && (text.isEmpty() || text.equals("~") || text.equals("null"));
        }

        @Override
        public String toString() {
            return "Scalar[redacted at " + mark + "]";
        }
    }

    record Sequence(List<YamlNode> items, Mark mark) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /** Members in the order in which they were written. */
    record Mapping(Map<String, Member> members, Mark mark) implements YamlNode {
        public Mapping {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        /** What is said under a key; null if nothing is. */
        @Nullable
        YamlNode get(String key) {
            Member member = members.get(key);
            return member == null || member.value().isNull() ? null : member.value();
        }

        Mapping with(String key, Member member) {
            Map<String, Member> changed = new LinkedHashMap<>(members);
            changed.put(key, member);
            return new Mapping(changed, mark);
        }
    }

    /**
     * @param key where the key stands
     * @param value what is said under it
     */
    record Member(Mark key, YamlNode value) {}
}
