package dev.tollgate.policy;

import org.jspecify.annotations.Nullable;

/** What stands where a YAML file says nothing. */
final class Defaults {
    private Defaults() {}

    static <T> T or(@Nullable T said, T otherwise) {
        return said == null ? otherwise : said;
    }

    static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
