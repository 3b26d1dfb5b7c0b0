package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

/**
 * How the journal is written. Read once at start.
 *
 * @param durability whether an acknowledged record has been forced to the disk
 * @param segment size at which a journal segment is closed and the next begun
 * @param backlog most bytes waiting to be written before calls are refused with 503
 */
public record AuditPolicy(Durability durability, ByteSize segment, ByteSize backlog) {
    public static final AuditPolicy DEFAULT =
            new AuditPolicy(Durability.STRICT, ByteSize.mebibytes(64), ByteSize.mebibytes(64));

    /** When a record counts as acknowledged. */
    public enum Durability {
        /** Written and forced to the disk: survives power loss. */
        STRICT,
        /** Written to the operating system: survives a kill of the process. */
        FAST
    }

    public AuditPolicy {
        durability = or(durability, Durability.STRICT);
        segment = or(segment, ByteSize.mebibytes(64));
        backlog = or(backlog, ByteSize.mebibytes(64));
    }
}
