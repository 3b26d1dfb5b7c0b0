package dev.tollgate;

import dev.tollgate.approval.TicketStore;
import dev.tollgate.audit.AuditLog;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.policy.PolicySource;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/**
 * Lets tickets go that ended longer ago than the policy keeps them, and records how many. Each node looks; what one of them has let go the others do
 * not find any more. Used on one event loop.
 */
final class TicketRetention {
    private static final Duration PACE = Duration.ofMinutes(10);

    private final PolicySource policies;
    private final TicketStore tickets;
    private final AuditLog log;
    private final InstantSource clock;
    private Instant nextLook = Instant.MIN;

    TicketRetention(PolicySource policies, TicketStore tickets, AuditLog log, InstantSource clock) {
        this.policies = policies;
        this.tickets = tickets;
        this.log = log;
        this.clock = clock;
    }

    /** Looks, if it is time to. */
    Future<Void> look() {
        Instant now = clock.instant();
        if (now.isBefore(nextLook)) {
            return Future.succeededFuture();
        }
        nextLook = now.plus(PACE);
        Duration keep = policies.current().bundle().approval().keep();
        return forget(now.minus(keep), 0)
                .compose(gone -> gone == 0
                        ? Future.succeededFuture()
                        : log.append(new Administrative(
                                now,
                                "tickets_dropped",
                                "gateway",
                                Long.toString(gone),
                                Map.of("keep_days", Long.toString(keep.toDays())))));
    }

    private Future<Long> forget(Instant before, long already) {
        return tickets.forget(before)
                .compose(gone -> gone == 0 ? Future.succeededFuture(already) : forget(before, already + gone));
    }
}
