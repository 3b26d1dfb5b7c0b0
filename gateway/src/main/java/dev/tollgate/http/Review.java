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
    /**
     * Looks at the head of a reply. What is sent in a coding or a form that nobody reads passes no rule: not where a text is expected.
     *
     * @param isText whether the API of the call answers in texts that are read otherwise
     */
    void look(AnswerForm form, boolean isText) {
        boolean isRead = form.isEvents() || form.isJson() || form.isEmpty();
        if (!isText || isRead || !form.isSuccess()) {
            return;
        }
        cannotRead();
        if (guard != null) {
            guard.unreadable("the reply has a form or a coding that cannot be scanned");
        }
    }

    /** What came cannot be read for calls of tools. */
    void cannotRead() {
        if (tools != null) {
            tools.cannotRead();
        }
    }
}
