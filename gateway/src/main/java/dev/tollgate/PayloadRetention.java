package dev.tollgate;

import dev.tollgate.audit.AuditLog;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.payload.PayloadStore;
import dev.tollgate.audit.payload.PayloadStore.Dropped;
import dev.tollgate.policy.PolicySource;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Drops payloads that are older than the policy keeps them, whole days at a time, and records each. Used on one event loop. */
final class PayloadRetention {
    private static final Duration PACE = Duration.ofMinutes(10);

    private final PolicySource policies;
    private final PayloadStore payloads;
    private final AuditLog log;
    private final InstantSource clock;
    private final @Nullable Duration keepRecords;
    private Instant nextLook = Instant.MIN;

    /** Payloads do not outlive the records that commit to them. */
    PayloadRetention(PolicySource policies, PayloadStore payloads, AuditLog log, InstantSource clock) {
        this.keepRecords = policies.current().bundle().audit().keep();
        this.policies = policies;
        this.payloads = payloads;
        this.log = log;
        this.clock = clock;
    }

    private static @Nullable Duration shorter(@Nullable Duration one, @Nullable Duration other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Looks, if it is time to. */
    Future<Void> look() {
        Duration keep = shorter(policies.current().bundle().payloads().keep(), keepRecords);
        Instant now = clock.instant();
        if (keep == null || now.isBefore(nextLook)) {
            return Future.succeededFuture();
        }
        nextLook = now.plus(PACE);
        // A day goes when its last call is old enough.
        LocalDate first = now.minus(keep).atOffset(ZoneOffset.UTC).toLocalDate();
        return payloads.dropBefore(first).compose(dropped -> {
            List<Future<Void>> records = new ArrayList<>();
            for (Dropped day : dropped) {
                records.add(log.append(new Administrative(
                        now,
                        "payloads_dropped",
                        "gateway",
                        day.day().toString(),
                        Map.of("bytes", Long.toString(day.bytes()), "keep_days", Long.toString(keep.toDays())))));
            }
            return Future.join(records).mapEmpty();
        });
    }
}
