package dev.tollgate;

import dev.tollgate.audit.AuditLog;
import dev.tollgate.audit.AuditRecord;
import dev.tollgate.policy.PolicyError;
import dev.tollgate.policy.PolicyListener;
import dev.tollgate.policy.PolicySnapshot;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts on the audit log which policy came into force when, and which was refused. */
final class PolicyRecords implements PolicyListener {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyRecords.class);

    private final AuditLog log;
    private final String source;

    /** @param source where the bundle is from, for people */
    PolicyRecords(AuditLog log, String source) {
        this.log = log;
        this.source = source;
    }

    @Override
    public void onLoad(PolicySnapshot snapshot) {
        append(snapshot.loadedAt(), "policy_loaded", snapshot.version(), Map.of("source", source));
    }

    @Override
    public void onFailure(Failure failure) {
        PolicyError first = failure.cause().errors().get(0);
        append(
                failure.at(),
                "policy_refused",
                source,
                Map.of(
                        "faults", Integer.toString(failure.cause().errors().size()),
                        "first", first.toString()));
    }

    private void append(Instant at, String action, String subject, Map<String, String> details) {
        log.append(new AuditRecord.Administrative(at, action, "gateway", subject, details))
                .onFailure(failure -> LOG.error("{} could not be recorded: {}", action, failure.toString()));
    }
}
