package dev.tollgate.http;

import dev.tollgate.stage.Offload;
import org.jspecify.annotations.Nullable;

/**
 * Who looks at a reply before its client gets it.
 *
 * @param guard looks for secrets and personal data; null where nobody does
 * @param tools judges the calls of tools; null where nobody does
 * @param workers where long documents are searched
 */
record Review(@Nullable ReplyGuard guard, @Nullable ToolReview tools, Offload workers) {
    /** What came cannot be read for calls of tools. */
    void cannotRead() {
        if (tools != null) {
            tools.cannotRead();
        }
    }
}
