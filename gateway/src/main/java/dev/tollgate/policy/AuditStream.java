package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where records of this node's journal go as they happen, each at least once and in order: a SIEM, a file, a log collector.
 *
 * @param id names it in messages, and the file that keeps how far it has come; 1 to 64 letters, digits, {@code _} and {@code -}
 * @param to {@code https://…} or {@code http://…}: batches as JSON by POST; {@code syslog://host:port} and {@code syslogs://host:port}: RFC
 *     5424 over TCP or TLS; anything else is the path of a file that gets one line of JSON per record
 * @param format how a record is written
 * @param types which records; all where this is empty
 * @param authorization value of the header {@code Authorization}, for {@code http} and {@code https}
 */
public record AuditStream(
        @Required String id,
        @Required @SecretText String to,
        Format format,
        List<Type> types,
        @SecretText @Nullable String authorization) {
    /** How a record is written. */
    public enum Format {
        /** CloudEvents 1.0 in JSON; the record is the event's data. */
        CLOUDEVENTS,
        /** OCSF 1.3 in JSON: API Activity, Authentication, Entity Management and Application Lifecycle. */
        OCSF
    }

    /** Kinds of records. */
    public enum Type {
        /** A call came in and was decided on. */
        RECEIVED,
        /** A call ended. */
        ENDED,
        /** People or the gateway itself did something. */
        ADMINISTRATIVE,
        /** The log was sealed up to here. */
        CHECKPOINT
    }

    public AuditStream {
        format = or(format, Format.CLOUDEVENTS);
        types = List.copyOf(or(types, List.of()));
    }

    /** Whether it wants records of a type, as the record tells it: {@code received}, {@code ended}, … */
    public boolean wants(String type) {
        return types.isEmpty()
                || types.stream().anyMatch(wanted -> wanted.name().equalsIgnoreCase(type));
    }

    @Override
    public String toString() {
        return "AuditStream[" + id + ", redacted]";
    }
}
