package dev.tollgate;

import dev.tollgate.audit.AuditLog;
import dev.tollgate.audit.AuditRecord;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.PolicyChanges;
import dev.tollgate.policy.PolicyError;
import dev.tollgate.policy.PolicyListener;
import dev.tollgate.policy.PolicySnapshot;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts on the audit log which policy came into force when and what it changed, and which was refused. */
final class PolicyRecords implements PolicyListener {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyRecords.class);
    /** Most settings of one change that are told one by one. */
    private static final int MAX_TOLD = 100;

    private final AuditLog log;
    private final String source;
    private final LastPolicy last;
    private @Nullable Bundle before;

    /**
     * @param source where the bundle is from, for people
     * @param last what the policy was before this start
     */
    PolicyRecords(AuditLog log, String source, LastPolicy last) {
        this.log = log;
        this.source = source;
        this.last = last;
    }

    @Override
    public synchronized void onLoad(PolicySnapshot snapshot) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("source", source);
        List<String> changes = changes(snapshot.bundle());
        if (changes != null) {
            details.put("changed_settings", Integer.toString(changes.size()));
            for (int i = 0; i < Math.min(changes.size(), MAX_TOLD); i++) {
                details.put(String.format(java.util.Locale.ROOT, "change_%03d", i + 1), changes.get(i));
            }
        }
        before = snapshot.bundle();
        last.keep(snapshot.bundle());
        append(snapshot.loadedAt(), "policy_loaded", snapshot.version(), details);
    }

    /** What is other than before; null where nobody knows what was before. */
    private @Nullable List<String> changes(Bundle now) {
        if (before != null) {
            return PolicyChanges.between(before, now);
        }
        Map<String, String> kept = last.shown();
        return kept.isEmpty() ? null : PolicyChanges.between(kept, now);
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
