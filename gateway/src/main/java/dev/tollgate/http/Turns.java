package dev.tollgate.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Calls go on in turn, so many of them at once: more may come together, or be approved together, than a node takes on. Safe on any thread.
 */
final class Turns {
    private final Set<Place> line = new LinkedHashSet<>();
    private int taken;

    /** The place of one call in the line. */
    final class Place {
        private @Nullable Context context;
        private Promise<Void> turn = Promise.promise();
        private boolean isTaken;

        /**
         * Completes when it may go on, on the context of who asks. Asked again, it has the turn that it had.
         *
         * @param most how many may go on at once
         */
        Future<Void> turn(int most) {
            return Objects.requireNonNull(turn(most, Integer.MAX_VALUE));
        }

        /**
         * The same where the line has an end; null if it would have to wait and {@code queued} do already.
         *
         * @param queued how many may wait
         */
        @Nullable
        Future<Void> turn(int most, int queued) {
            synchronized (Turns.this) {
                if (isTaken) {
                    return Future.succeededFuture();
                }
                if (taken < most) {
                    taken++;
                    isTaken = true;
                    return Future.succeededFuture();
                }
                if (line.size() >= queued) {
                    return null;
                }
                context = Vertx.currentContext();
                turn = Promise.promise();
                line.add(this);
                return turn.future();
            }
        }

        /** Goes out of the line, or gives its turn to the next. */
        void leave() {
            Place next = null;
            synchronized (Turns.this) {
                if (!line.remove(this) && isTaken) {
                    isTaken = false;
                    next = next();
                }
            }
            if (next != null) {
                next.comes();
            }
        }

        private void comes() {
            if (context == null) {
                turn.tryComplete();
            } else {
                context.runOnContext(ignored -> turn.tryComplete());
            }
        }
    }

    /** Whose turn it is now that one has been given back; null where nobody waits. */
    private @Nullable Place next() {
        if (line.isEmpty()) {
            taken--;
            return null;
        }
        Place first = line.iterator().next();
        line.remove(first);
        first.isTaken = true;
        return first;
    }
}
