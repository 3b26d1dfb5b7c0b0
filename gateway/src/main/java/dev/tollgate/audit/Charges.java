package dev.tollgate.audit;

import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.Usage;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the counters of a call are charged, by its records alone: so the ledger is told the same when the call ends, when a gateway starts again,
 * and when the counters are made anew from the log.
 */
public final class Charges {
    private static final String ABORTED = "aborted";
    private static final String INTERNAL_ERROR = "internal_error";
    private static final Set<String> NOT_SENT = Set.of("deny", "failed", "hold");

    private Charges() {}

    /** Whether a call that was decided on like this may have gone to a provider. */
    static boolean mayBeSent(List<Verdict> verdicts) {
        return verdicts.isEmpty() || !NOT_SENT.contains(verdicts.getLast().result());
    }

    /**
     * @param verdicts what the stages said of it
     * @param held what was held for it
     * @return empty where it reached no provider: everything is given back, the request included
     */
    public static Optional<Spend> of(List<Verdict> verdicts, Reservation held, Ended ended) {
        return of(mayBeSent(verdicts), held, ended);
    }

    static Optional<Spend> of(boolean mayBeSent, Reservation held, Ended ended) {
        boolean isAborted = ended.result().equals(ABORTED);
        if (ended.attempts() == 0 && !(isAborted && mayBeSent)) {
            return Optional.empty();
        }
        // The cost of the whole call has that of its lost attempts in it; the tokens have not.
        long nanos = ended.cost() == null
                ? 0
                : Math.max(
                        0, ended.cost().nanos() - LostAttempt.sum(ended.lost()).nanos());
        return Optional.of(new Spend(
                new Amounts(nanos, tokens(held, ended, isAborted), 1),
                ended.target(),
                LostAttempt.spend(ended.lost())));
    }

    /** A call of which nobody knows what it used is charged what was held: a fault must not make it free. */
    private static long tokens(Reservation held, Ended ended, boolean isAborted) {
        Usage usage = ended.usage();
        boolean isUnknown = usage.source() == Usage.Source.NONE
                && (isAborted || ended.result().equals(INTERNAL_ERROR));
        if (isUnknown) {
            return held.amounts().tokens();
        }
        return Math.addExact(usage.totalInput(), usage.totalOutput());
    }
}
