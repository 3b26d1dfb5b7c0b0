package dev.tollgate.http;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How much one node takes on at once, over all its event loops. What is beyond is refused before it costs anything: a node that took it would
 * run out of memory, and with it every call under way. Safe on any thread.
 */
public final class Admission {
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger exchanges = new AtomicInteger();
    private final AtomicLong bodyBytes = new AtomicLong();

    /** Counts a connection; false if there are {@code most} already. */
    boolean connect(int most) {
        return raise(connections, most);
    }

    void disconnect() {
        connections.decrementAndGet();
    }

    /** Lets an exchange in; null if {@code most} are under way already. */
    @Nullable
    Pass enter(int most) {
        return raise(exchanges, most) ? new Pass() : null;
    }

    private static boolean raise(AtomicInteger count, int most) {
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            return false;
        }
        return true;
    }

    /** The place of one exchange. Used on its event loop. */
    final class Pass {
        private long taken;
        private boolean left;

        /** Makes room for so many more bytes of its body; false if all bodies together would then have more than {@code most}. */
        boolean take(int bytes, long most) {
            if (left) {
                return false;
            }
            if (bodyBytes.addAndGet(bytes) > most) {
                bodyBytes.addAndGet(-bytes);
                return false;
            }
            taken += bytes;
            return true;
        }

        /** Gives everything back. Further calls do nothing. */
        void leave() {
            if (!left) {
                left = true;
                bodyBytes.addAndGet(-taken);
                exchanges.decrementAndGet();
            }
        }
    }
}
