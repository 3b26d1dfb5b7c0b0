package dev.tollgate.wire;

import dev.tollgate.exchange.Allowance;
import dev.tollgate.exchange.Headers;
import java.util.Optional;

/** How a wire speaks to its clients when the gateway itself has something to say (DESIGN §7). */
public interface Dialect {
    /** The media type of a stream of Amazon's binary events. */
    String AMAZON_EVENTS = "application/vnd.amazon.eventstream";

    /** A whole error reply. */
    ErrorReply error(Problem problem, String requestId);

    /** What a stream of this wire must begin with, for one that ends before anything came; empty where nothing is needed. */
    default byte[] streamOpening(String requestId) {
        return new byte[0];
    }

    /** The bytes that end an already started stream of this wire with a reason, last event included. */
    byte[] streamEnd(Problem problem, String requestId);

    /** The element that ends an already started stream in the form of a JSON array with a reason. */
    default byte[] arrayEnd(Problem problem, String requestId) {
        return error(problem, requestId).body();
    }

    /** The message that ends an already started stream of Amazon's binary events with a reason. */
    default byte[] messagesEnd(Problem problem) {
        return BedrockDialect.lastMessage(problem);
    }

    /** Headers that tell how the rate limits stand. */
    default Headers rates(Allowance standing) {
        return RateHeaders.openAi(standing);
    }

    /** The media type of this wire's streams. */
    default String streamType() {
        return "text/event-stream; charset=utf-8";
    }

    /**
     * An answer of this wire whose text is the problem's message, for clients that would not show an error.
     *
     * @return empty where answers of the wire have no text
     */
    default Optional<Spoken> spoken(Problem problem, String requestId) {
        return Optional.empty();
    }

    /** Bytes that keep a held stream of this wire alive without meaning anything to its clients; empty where it knows none. */
    byte[] heartbeat();
}
