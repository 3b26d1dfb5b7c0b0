package dev.tollgate.store.memory;

import dev.tollgate.exchange.Allowance.Share;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.RateLimit;
import java.util.HashSet;
import java.util.Set;

/** One counter of a rate limit. Not safe for use by several threads at once. Times are milliseconds since 1970. */
abstract sealed class RateCounter {
    /** A slot comes free when a call ends, and nobody knows when that is. */
    static final long SLOT_WAIT_MILLIS = 1_000;

    static RateCounter of(RateLimit.Shape shape) {
        return switch (shape) {
            case BUCKET -> new Bucket();
            case WINDOW -> new Window();
            case SLOTS -> new Slots();
        };
    }

    /** Goes on to that time; yields how long until the amount fits, 0 where it does. */
    abstract long waitMillis(RateLimit limit, long amount, long now);

    abstract void take(ExchangeId exchange, long amount);

    /** What may be taken now. */
    abstract long remaining(RateLimit limit);

    /** Until all is free again. */
    abstract long resetMillis(RateLimit limit, long now);

    /** Which window it counts; 0 for those that have none. */
    long stamp() {
        return 0;
    }

    abstract void correct(ExchangeId exchange, Share share, long delta);

    /** Holds what was taken and has not come back yet. */
    private static final class Bucket extends RateCounter {
        private double level;
        private long at;

        @Override
        long waitMillis(RateLimit limit, long amount, long now) {
            double perMilli = (double) limit.most() / limit.perMillis();
            if (now > at) {
                level = Math.max(0, level - (now - at) * perMilli);
                at = now;
            }
            double over = level + amount - limit.capacity();
            return over <= 0 ? 0 : (long) Math.ceil(over / perMilli);
        }

        @Override
        void take(ExchangeId exchange, long amount) {
            level += amount;
        }

        @Override
        long remaining(RateLimit limit) {
            return Math.max(0, (long) Math.floor(limit.capacity() - level));
        }

        @Override
        long resetMillis(RateLimit limit, long now) {
            return (long) Math.ceil(level * limit.perMillis() / limit.most());
        }

        @Override
        void correct(ExchangeId exchange, Share share, long delta) {
            level = Math.max(0, level + delta);
        }
    }

    private static final class Window extends RateCounter {
        private long index = -1;
        private long count;

        @Override
        long waitMillis(RateLimit limit, long amount, long now) {
            long current = now / limit.perMillis();
            if (current != index) {
                index = current;
                count = 0;
            }
            return count + amount <= limit.capacity() ? 0 : resetMillis(limit, now);
        }

        @Override
        void take(ExchangeId exchange, long amount) {
            count += amount;
        }

        @Override
        long remaining(RateLimit limit) {
            return Math.max(0, limit.capacity() - count);
        }

        @Override
        long resetMillis(RateLimit limit, long now) {
            return limit.perMillis() - now % limit.perMillis();
        }

        @Override
        long stamp() {
            return index;
        }

        @Override
        void correct(ExchangeId exchange, Share share, long delta) {
            if (index == share.stamp()) {
                count = Math.max(0, count + delta);
            }
        }
    }

    private static final class Slots extends RateCounter {
        private final Set<ExchangeId> taken = new HashSet<>();

        @Override
        long waitMillis(RateLimit limit, long amount, long now) {
            return taken.size() + amount <= limit.capacity() ? 0 : SLOT_WAIT_MILLIS;
        }

        @Override
        void take(ExchangeId exchange, long amount) {
            taken.add(exchange);
        }

        @Override
        long remaining(RateLimit limit) {
            return Math.max(0, limit.capacity() - taken.size());
        }

        @Override
        long resetMillis(RateLimit limit, long now) {
            return 0;
        }

        @Override
        void correct(ExchangeId exchange, Share share, long delta) {
            taken.remove(exchange);
        }
    }
}
