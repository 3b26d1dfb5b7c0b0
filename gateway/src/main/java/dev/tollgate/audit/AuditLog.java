package dev.tollgate.audit;

import io.vertx.core.Future;

/** The append-only log. */
public interface AuditLog {
    /**
     * Appends a record. The future completes when the record is acknowledged (written, and forced to the disk under {@code strict}); it
     * fails when it cannot be, and then the call it belongs to must not go on.
     */
    Future<Void> append(AuditRecord record);
}
