package dev.tollgate.http;

import dev.tollgate.approval.GrantUses;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.wire.Problem;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/** The exchange that a reply belongs to, at the turns of its relay. */
interface ReplyOwner {
    /** What the call has taken from standing grants. */
    GrantUses grantUses();

    /** The place of the call on this node. */
    Admission.Pass pass();

    /** Where its reply is kept while a person decides about it. */
    KeptSearch kept();

    /** Something was said of the reply, for the record. */
    void judged(Verdict verdict);

    /** The reply is over, one way or other: settle and record it, then continue. Called once. */
    void ended(End end, Runnable recorded);

    /** Headers that tell what the exchange cost, set before the head goes out. */
    void describe(HttpServerResponse response, boolean isFinal);

    /**
     * How a reply ended.
     *
     * @param result as in the record
     * @param code reason; empty where there is none
     * @param bytes of body that the client gets, those kept back until the end is recorded included
     * @param told what the client is told where the provider's answer does not go on; null where it has all of it, or is gone
     */
    record End(
            String result,
            String code,
            long bytes,
            @Nullable Problem told) {
        /** The result of a reply that came whole. */
        static final String COMPLETED = "completed";
        /** The result of a stream that a budget ended. */
        static final String CUT = "cut";
        /** The result of a reply that a rule ended. */
        static final String BLOCKED = "blocked";

        End(String result, String code, long bytes) {
            this(result, code, bytes, null);
        }

        /** One of which the client learns why. */
        static End of(String result, Problem told, long bytes) {
            return new End(result, told.code(), bytes, told);
        }
    }
}
