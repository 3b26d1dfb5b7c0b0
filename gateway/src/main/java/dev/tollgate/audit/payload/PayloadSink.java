package dev.tollgate.audit.payload;

/** Takes payloads off event loops. Nothing here waits. */
public interface PayloadSink {
    /** Takes nothing. */
    PayloadSink NONE = new PayloadSink() {
        @Override
        public boolean reserve(long bytes) {
            return false;
        }

        @Override
        public void release(long bytes) {}

        @Override
        public void keep(Payload payload, long reserved) {}
    };

    /** Takes room for so many bytes among those that wait to be written; false where there is none. */
    boolean reserve(long bytes);

    /** Gives back room that is not used. */
    void release(long bytes);

    /**
     * Hands a payload over.
     *
     * @param reserved bytes reserved for it before; given back when it is written
     */
    void keep(Payload payload, long reserved);
}
