package dev.tollgate.audit;

import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import io.vertx.core.Future;

/** A log that takes what people do and passes over calls: {@code audit.durability: off}. */
public final class SilentLog implements AuditLog {
    private final AuditLog log;

    public SilentLog(AuditLog log) {
        this.log = log;
    }

    @Override
    public Future<Void> append(AuditRecord record) {
        return record instanceof Received || record instanceof Ended ? Future.succeededFuture() : log.append(record);
    }
}
