package dev.tollgate.console;

import dev.tollgate.audit.Head;
import dev.tollgate.audit.Verification;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** This node's journal, and whether it is as it was written. */
public interface LogDesk {
    /** What the journal holds now. */
    Future<Look> look();

    /** Begins to verify the whole journal, unless that goes on already. Does not disturb the gateway. */
    void verify();

    /** How the last verification went, or goes. */
    Check check();

    /**
     * @param head the last acknowledged record; empty where there is none
     * @param bytes of the journal
     * @param folder where it lies
     * @param seal the newest checkpoint; empty where there is none
     */
    record Look(Optional<Head> head, long bytes, String folder, Optional<Seal> seal) {}

    /**
     * A checkpoint.
     *
     * @param note as it was signed (C2SP signed note)
     * @param at when
     * @param records that it covers
     * @param key the public key of this node's log as auditors are told it: {@code name+id+base64}
     */
    record Seal(String note, Instant at, long records, String key) {}

    /** A verification. */
    sealed interface Check {
        /** None was asked for since this node started. */
        record None() implements Check {}

        /**
         * @param bytes read by now
         * @param total to be read
         */
        record Running(Instant since, long bytes, long total) implements Check {
            int percent() {
                return Format.percent(bytes, Math.max(1, total));
            }
        }

        /** It was read whole. */
        record Done(Instant at, Duration took, Verification found) implements Check {}

        /** It could not be read. */
        record Failed(Instant at, String why) implements Check {}
    }
}
