package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the journal is written, and how far its copy in MongoDB may lag. Read once at start.
 *
 * @param durability whether an acknowledged record has been forced to the disk
 * @param segment size at which a journal segment is closed and the next begun
 * @param backlog most bytes waiting to be written before calls are refused with 503
 * @param unshipped most bytes of the journal that MongoDB has not taken before {@code whenUnshipped} decides; without MongoDB nothing is shipped
 * @param whenUnshipped what happens to new calls while more than that is not shipped
 * @param streams where records go besides, as they happen
 * @param anchors where the newest signed checkpoint goes besides
 * @param keep how long records are kept, by whole segments of the journal; without it for ever
 */
public record AuditPolicy(
        Durability durability,
        @Range(min = "4KiB") ByteSize segment,
        @Range(min = "4KiB") ByteSize backlog,
        @Range(min = "4KiB") ByteSize unshipped,
        WhenUnshipped whenUnshipped,
        List<AuditStream> streams,
        AnchorPolicy anchors,
        @Range(min = "1d", max = "36500d") @Nullable Duration keep) {
    public static final AuditPolicy DEFAULT = new AuditPolicy(
            Durability.STRICT,
            ByteSize.mebibytes(64),
            ByteSize.mebibytes(64),
            ByteSize.mebibytes(1024),
            WhenUnshipped.CLOSED,
            List.of(),
            AnchorPolicy.DEFAULT,
            null);

    /** When a record counts as acknowledged. */
    public enum Durability {
        /** Written and forced to the disk: survives power loss. */
        STRICT,
        /** Written to the operating system: survives a kill of the process. */
        FAST,
        /**
         * Calls are not recorded at all: no evidence, no reports, and money counted in memory begins at zero with each start. What people do is recorded as
         * always.
         */
        OFF
    }

    /** What happens to new calls while too much of the journal is not shipped. */
    public enum WhenUnshipped {
        /** They are refused with 503; those under way end as always. */
        CLOSED,
        /** They pass, and the journal grows on. */
        OPEN
    }

    /** One whose records go nowhere besides. */
    public AuditPolicy(
            Durability durability,
            ByteSize segment,
            ByteSize backlog,
            ByteSize unshipped,
            WhenUnshipped whenUnshipped) {
        this(durability, segment, backlog, unshipped, whenUnshipped, List.of(), AnchorPolicy.DEFAULT, null);
    }

    /** Whether calls are recorded. */
    public boolean recordsCalls() {
        return durability != Durability.OFF;
    }

    public AuditPolicy {
        durability = or(durability, Durability.STRICT);
        segment = or(segment, ByteSize.mebibytes(64));
        backlog = or(backlog, ByteSize.mebibytes(64));
        unshipped = or(unshipped, ByteSize.mebibytes(1024));
        whenUnshipped = or(whenUnshipped, WhenUnshipped.CLOSED);
        streams = List.copyOf(or(streams, List.of()));
        anchors = or(anchors, AnchorPolicy.DEFAULT);
    }
}
