package dev.tollgate.audit.event;

import dev.tollgate.audit.JournalEntry;
import dev.tollgate.policy.AuditStream;
import java.io.IOException;

/** Writes a record as an event. */
public interface EventFormat {
    /**
     * The event as one line of JSON, without a line break.
     *
     * @throws IOException if the entry holds no record that this program knows
     */
    String write(JournalEntry entry) throws IOException;

    /** The media type of a JSON array of such events. */
    String batchType();

    static EventFormat of(AuditStream.Format format) {
        return switch (format) {
            case CLOUDEVENTS -> new CloudEvents();
            case OCSF -> new OcsfEvents();
        };
    }
}
