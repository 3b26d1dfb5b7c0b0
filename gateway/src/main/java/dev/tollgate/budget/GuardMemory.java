package dev.tollgate.budget;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the guard remembers on this node: bounded, the oldest forgotten first, since names of sessions and turns are the clients' own. Times
 * are milliseconds since 1970. Safe on any thread.
 */
final class GuardMemory {
    private static final int MAX_TURNS = 20_000;
    private static final int MAX_SESSIONS = 10_000;
    private static final int MAX_PACES = 10_000;
    private static final int MAX_TOLD = 10_000;
    /** What one period counts against those before. */
    private static final double WEIGHT = 0.2;

    private final Map<Long, Count> turns = bounded(MAX_TURNS);
    private final Map<Long, Helpers> sessions = bounded(MAX_SESSIONS);
    private final Map<Long, Pace> paces = bounded(MAX_PACES);
    private final Map<Long, Long> told = bounded(MAX_TOLD);

    private static <V> Map<Long, V> bounded(int max) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, V> eldest) {
                return size() > max;
            }
        };
    }

    /** Counts a turn; yields how often it came within that time, this time included. */
    @CanIgnoreReturnValue
    int comes(long turn, long withinMillis, long now) {
        synchronized (turns) {
            Count count = turns.get(turn);
            if (count == null || now - count.since > withinMillis) {
                count = new Count(now);
                turns.put(turn, count);
            }
            return ++count.times;
        }
    }

    /**
     * Notes a helper of a session.
     *
     * @param most how many different ones there may be within that time
     * @return whether this one is beyond
     */
    boolean isOneTooMany(long session, long helper, int most, long withinMillis, long now) {
        synchronized (sessions) {
            Helpers known = sessions.get(session);
            if (known == null || now - known.since > withinMillis) {
                known = new Helpers(now);
                sessions.put(session, known);
            }
            return !known.names.contains(helper) && (known.names.size() >= most || !known.names.add(helper));
        }
    }

    /** Adds what was spent. */
    void spent(long subject, long nanos, long withinMillis, long now) {
        synchronized (paces) {
            paces.computeIfAbsent(subject, unused -> new Pace(now / withinMillis))
                    .at(now / withinMillis)
                    .nanos += nanos;
        }
    }

    /** What was spent in this period, and what usually is; usual is 0 where there is too little history to tell. */
    Pace.Compared pace(long subject, long withinMillis, long now) {
        synchronized (paces) {
            Pace pace = paces.get(subject);
            return pace == null
                    ? Pace.Compared.NOTHING
                    : pace.at(now / withinMillis).compared();
        }
    }

    /** Whether nobody was told of this for that time. If so, they are now. */
    boolean isNews(long what, long pauseMillis, long now) {
        synchronized (told) {
            Long last = told.get(what);
            if (last != null && now - last < pauseMillis) {
                return false;
            }
            told.put(what, now);
            return true;
        }
    }

    private static final class Count {
        private final long since;
        private int times;

        Count(long since) {
            this.since = since;
        }
    }

    private static final class Helpers {
        private final long since;
        private final Set<Long> names = new HashSet<>();

        Helpers(long since) {
            this.since = since;
        }
    }

    /** Spend of the period under way, and a running mean of the periods before in which something was spent. */
    static final class Pace {
        /** Periods of history without which nothing is usual. */
        private static final int ENOUGH = 5;

        private long period;
        private long nanos;
        private double usual;
        private int periods;

        Pace(long period) {
            this.period = period;
        }

        record Compared(long nanos, long usual) {
            static final Compared NOTHING = new Compared(0, 0);
        }

        Pace at(long current) {
            if (current != period) {
                if (nanos > 0) {
                    usual = periods == 0 ? nanos : usual + WEIGHT * (nanos - usual);
                    periods++;
                }
                period = current;
                nanos = 0;
            }
            return this;
        }

        Compared compared() {
            return new Compared(nanos, periods < ENOUGH ? 0 : Math.round(usual));
        }
    }
}
