package dev.tollgate.http;

import org.jspecify.annotations.Nullable;

/**
 * Who looks at a reply before its client gets it.
 *
 * @param guard looks for secrets and personal data; null where nobody does
 * @param tools judges the calls of tools; null where nobody does
 */
record Review(@Nullable ReplyGuard guard, @Nullable ToolReview tools) {
    /** What came cannot be read for calls of tools. */
    void cannotRead() {
        if (tools != null) {
            tools.cannotRead();
        }
    }
}
