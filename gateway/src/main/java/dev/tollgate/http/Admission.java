package dev.tollgate.http;

import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How much one node takes on at once, over all its event loops. What comes beyond waits at the door, in a line that has an end; what is beyond
 * that is refused before it costs anything: a node that took it would run out of memory, and with it every call under way. Calls that wait for a person are no longer counted among those under way, nor are those
 * that have: of these as many go on at once as of the others, and the rest when one of them has ended. So neither kind takes the places of the
 * other. Safe on any thread.
 *
 * <pre>
 *   enter ──▶ (QUEUED ──turn──▶) UNDER WAY ──waits──▶ WAITING ──turn──▶ going on in turn ──leave──▶ gone
 *                │                     │                 ▲ ╰──leave──▶ gone    │
 *                ╰──leave──▶ gone      ╰──leave──▶ gone  ╰─────waits───────────╯
 * </pre>
 */
public final class Admission {
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong bodyBytes = new AtomicLong();
    private final AtomicInteger waiting = new AtomicInteger();
    /** Of calls that come. */
    private final Turns arrivals = new Turns();
    /** Of calls that have waited for a person. */
    private final Turns turns = new Turns();

    /** Counts a connection; false if there are {@code most} already. */
    boolean connect(int most) {
        return raise(connections, most);
    }

    void disconnect() {
        connections.decrementAndGet();
    }

    /**
     * Lets an exchange in, at once or when one that is under way gives its place up.
     *
     * @param most how many may be under way
     * @param queued how many may wait for a place
     * @return null if so many are under way, and wait, already
     */
    @Nullable
    Pass enter(int most, int queued) {
        Turns.Place entry = arrivals.new Place();
        Future<Void> entered = entry.turn(most, queued);
        return entered == null ? null : new Pass(entry, entered);
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
        private final Turns.Place entry;
        private final Future<Void> entered;
        private long taken;
        /** Of what was taken, what has not come yet. */
        private long ahead;

        private boolean left;
        private Turns.@Nullable Place place;
        private boolean isWaiting;

        private Pass(Turns.Place entry, Future<Void> entered) {
            this.entry = entry;
            this.entered = entered;
        }

        /** Completes when it has its place under way; complete already if there was one. */
        Future<Void> entered() {
            return entered;
        }

        /**
         * Makes room for what is about to come of its body, whoever reads it and when; false if all bodies together would then have more than
         * {@code most}.
         */
        boolean expect(long bytes, long most) {
            boolean fits = take(bytes, most);
            if (fits) {
                ahead += bytes;
            }
            return fits;
        }

        /** So many more bytes of its body have come; false if there was no room for them, and is none. */
        boolean came(int bytes, long most) {
            long expected = Math.min(bytes, ahead);
            ahead -= expected;
            return take(bytes - expected, most);
        }

        /** Nothing more will come: gives back the room for what did not. */
        void cameWhole() {
            giveBack(ahead);
            ahead = 0;
        }

        /** Makes room for so many more bytes; false if all calls together would then have more than {@code most}. */
        boolean take(long bytes, long most) {
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

        /** Gives back room that was made. */
        void giveBack(long bytes) {
            bodyBytes.addAndGet(-bytes);
            taken -= bytes;
        }

        /**
         * The call is held from now on: its place under way, or its turn, is free. Where {@code most} wait already it keeps that, for as long
         * as it takes to refuse it, or to find the standing grant that lets it pass.
         */
        void waits(int most) {
            if (left || isWaiting || !raise(waiting, most)) {
                return;
            }
            isWaiting = true;
            if (place == null) {
                place = turns.new Place();
                entry.leave();
            } else {
                place.leave();
            }
        }

        /**
         * Completes when a call that waited may go on; at once where it did not wait.
         *
         * @param most how many that waited may go on at once
         */
        Future<Void> turn(int most) {
            waitsNoMore();
            return place == null ? Future.succeededFuture() : place.turn(most);
        }

        private void waitsNoMore() {
            if (isWaiting) {
                isWaiting = false;
                waiting.decrementAndGet();
            }
        }

        /** Gives everything back. Further calls do nothing. */
        void leave() {
            if (!left) {
                left = true;
                waitsNoMore();
                giveBack(taken);
                entry.leave();
                if (place != null) {
                    place.leave();
                }
            }
        }
    }
}
