package dev.tollgate.http;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Steps;
import dev.tollgate.provider.Reply;
import dev.tollgate.stage.Offload;
import dev.tollgate.stage.ToolStage;
import dev.tollgate.wire.Wires;
import org.jspecify.annotations.Nullable;

/**
 * Who looks at a reply before its client gets it.
 *
 * @param guard looks for secrets and personal data; null where nobody does
 * @param tools judges the calls of tools; null where nobody does
 * @param workers where long documents are searched
 */
record Review(@Nullable ReplyGuard guard, @Nullable ToolReview tools, Offload workers) {
    /** Who looks at this reply, its head looked at. */
    static Review of(
            DataPlane plane, Exchange exchange, Reply reply, AnswerForm form, ClientReply client, Steps steps) {
        Review review = new Review(
                ReplyGuard.of(exchange, plane.inspector()),
                ToolReview.of(plane, exchange, reply, form, client, steps),
                plane.billing().workers());
        boolean isJudged = ToolStage.judges(exchange);
        review.look(
                form,
                isJudged,
                isJudged || Wires.isAnsweredInText(exchange.endpoint().path()));
        return review;
    }

    /**
     * Looks at the head of a reply. What is sent in a coding or a form that nobody reads passes no rule: not where a text is expected.
     *
     * @param isJudged whether calls of tools in replies of this API are read
     * @param isText whether the API of the call answers in texts
     */
    private void look(AnswerForm form, boolean isJudged, boolean isText) {
        boolean isRead = form.isEvents() || form.isJson() || form.isEmpty();
        if (isRead || !form.isSuccess()) {
            return;
        }
        if (isJudged) {
            cannotRead();
        }
        if (guard != null && isText && !form.isMessages()) {
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
