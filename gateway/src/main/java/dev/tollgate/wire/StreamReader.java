package dev.tollgate.wire;

import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into its events, keeping the exact bytes of each: whatever is handed to the sink, put together again, is the stream. Takes
 * chunks of any size. Each byte is looked at once. Not thread-safe.
 */
public interface StreamReader {
    /** Takes what was cut. */
    interface Sink {
        /**
         * One event, or what stands between events.
         *
         * @param raw its bytes, with those that part it from the one before or behind
         * @param name its name; null if it has none
         * @param data its content; null if it has none
         */
        void event(byte[] raw, @Nullable String name, byte @Nullable [] data);

        /** A part of an event that is larger than the limit: to be passed on unread. */
        void piece(byte[] raw);
    }

    /**
     * An event with other content.
     *
     * @param raw its bytes, as the sink got them
     * @param data its content, as the sink got it
     * @param changed what its content is to be
     */
    byte[] with(byte[] raw, byte[] data, byte[] changed);

    /** Takes the next bytes of the stream. They are copied. */
    void feed(byte[] chunk, int offset, int length, Sink sink);

    /** The stream has ended: what is left is handed over. */
    void finish(Sink sink);
}
