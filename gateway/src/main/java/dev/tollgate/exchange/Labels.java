package dev.tollgate.exchange;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a client says of a call beside its session. Asserted, never authentication: what must hold against a client that lies is bound to its
 * key.
 *
 * @param user the end user for whom the agent works; empty where nobody is named
 * @param tags values by name, sorted by name; at most {@link #MAX_TAGS}
 * @param subAgent the helper of the agent that makes the call; empty for the agent itself
 * @param parent the helper that started that one; empty where the agent itself did
 * @param depth how many agents stand above: 0 for the agent itself, 1 for a helper, 2 for a helper's helper
 */
public record Labels(String user, SortedMap<String, String> tags, String subAgent, String parent, int depth) {
    /** Most tags of a call. */
    public static final int MAX_TAGS = 16;
    /** Longest name of a tag, in characters. */
    public static final int MAX_TAG_NAME = 64;
    /** Longest value of a tag, in characters. */
    public static final int MAX_TAG_VALUE = 128;

    private static final SortedMap<String, String> NO_TAGS = Collections.unmodifiableSortedMap(new TreeMap<>());
    public static final Labels NONE = new Labels("", NO_TAGS, "", "", 0);

    public Labels {
        tags = tags.isEmpty() ? NO_TAGS : Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }

    /** The labels of a call by the agent itself. */
    public static Labels of(String user, SortedMap<String, String> tags) {
        return user.isEmpty() && tags.isEmpty() ? NONE : new Labels(user, tags, "", "", 0);
    }

    /** Whether a tag may have this name: letters, digits, dots, dashes and underscores. */
    public static boolean isTagName(String name) {
        if (name.isEmpty() || name.length() > MAX_TAG_NAME) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!plain && c != '_' && c != '-' && c != '.') {
                return false;
            }
        }
        return true;
    }

    public Labels withUser(String named) {
        return new Labels(named, tags, subAgent, parent, depth);
    }

    /** The value of a tag; empty where it is not set. */
    public String tag(String name) {
        return tags.getOrDefault(name, "");
    }

    public boolean isEmpty() {
        return user.isEmpty() && tags.isEmpty() && subAgent.isEmpty();
    }
}
