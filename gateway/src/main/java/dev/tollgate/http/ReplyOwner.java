package dev.tollgate.http;

import dev.tollgate.approval.GrantUses;
import dev.tollgate.exchange.Verdict;
import io.vertx.core.http.HttpServerResponse;

/** The exchange that a reply belongs to, at the turns of its relay. */
interface ReplyOwner {
    /** What the call has taken from standing grants. */
    GrantUses grantUses();

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
     */
    record End(String result, String code, long bytes) {
        /** The result of a reply that came whole. */
        static final String COMPLETED = "completed";
        /** The result of a stream that a budget ended. */
        static final String CUT = "cut";
    }
}
