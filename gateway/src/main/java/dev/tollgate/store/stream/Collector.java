package dev.tollgate.store.stream;

import java.io.IOException;
import java.util.List;

/** Takes events. Blocks; used by one thread. */
interface Collector extends AutoCloseable {
    /**
     * Hands over some events, each one line of JSON.
     *
     * @throws IOException if they were not taken, as far as can be told; they are handed over again then
     */
    void take(List<String> events) throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
