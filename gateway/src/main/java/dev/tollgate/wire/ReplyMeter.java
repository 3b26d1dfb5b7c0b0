package dev.tollgate.wire;

import dev.tollgate.value.Extras;
import dev.tollgate.value.Usage;
import org.jspecify.annotations.Nullable;

/** Reads what a reply used while it passes. Bad or unknown content is ignored, never an error: a reply is passed on whatever it is. */
public interface ReplyMeter {
    /** What to do with an event of a stream. */
    enum Step {
        /** Pass it on. */
        PASS,
        /** Keep it from the client: it came only because we asked for usage. */
        DROP,
        /** Pass it on once another event or the end of the stream has come: it may be the one that ends the answer. */
        MAYBE_LAST,
        /** Pass it on, and nothing of the answer follows: the exchange is to be settled and recorded before it goes out. */
        LAST
    }

    /**
     * Takes one event of a server-sent stream.
     *
     * @param name the event's name; null if it has none
     * @param data its data lines joined by line feeds, UTF-8
     */
    Step onEvent(@Nullable String name, byte[] data);

    /** Takes a whole reply that was no stream. */
    void onBody(byte[] body);

    /** What the provider has told so far; null if nothing. A later, fuller telling replaces an earlier one. */
    @Nullable
    Usage reported();

    /** What is billed besides tokens, as far as the reply told it; also part of {@link #reported}, where that is told. */
    default Extras extras() {
        return Extras.NONE;
    }

    /** The output seen so far, to be counted: for replies that tell nothing, or not yet. */
    RelayedText output();

    /**
     * Whether a stream has told that the model was done: its last event, or a reason why the model stopped. True for wires that do not tell.
     */
    default boolean sawEnd() {
        return true;
    }

    /** Whether what was reported is all that will be, so that a stream which ends here has told everything. */
    default boolean toldAll() {
        return sawEnd();
    }

    /** The model that the reply says it is from; null if it says nothing. */
    @Nullable
    String servedModel();
}
