package dev.tollgate.value;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Names, {@code *} in one standing for any characters, none included. Immutable. */
public final class NamePattern {
    private final Set<String> exact = new HashSet<>();
    private final List<String[]> globs = new ArrayList<>();

    public NamePattern(List<String> names) {
        for (String name : names) {
            if (name.indexOf('*') < 0) {
                exact.add(name);
            } else {
                globs.add(name.split("\\*", -1));
            }
        }
    }

    /** Whether one of them is this name. */
    public boolean matches(String name) {
        if (exact.contains(name)) {
            return true;
        }
        for (String[] parts : globs) {
            if (matches(parts, name)) {
                return true;
            }
        }
        return false;
    }

    /** The parts between the stars, each found as early as it can be, the first at the start and the last at the end. */
    private static boolean matches(String[] parts, String name) {
        String last = parts[parts.length - 1];
        if (!name.startsWith(parts[0])) {
            return false;
        }
        int at = parts[0].length();
        for (int i = 1; i < parts.length - 1; i++) {
            int found = name.indexOf(parts[i], at);
            if (found < 0) {
                return false;
            }
            at = found + parts[i].length();
        }
        return name.length() - last.length() >= at && name.endsWith(last);
    }
}
