package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import dev.tollgate.policy.NotifyPolicy.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is told by e-mail.
 *
 * @param host name of the SMTP server
 * @param port its port
 * @param tls how the connection is protected
 * @param user signs in there; without it nobody does
 * @param password of the user
 * @param from address of the sender
 * @param to addresses; each gets a message of its own
 * @param events what they are told; everything where this is empty
 */
public record EmailPolicy(
        @Required String host,
        @Range(min = "1", max = "65535") Integer port,
        Tls tls,
        @Nullable String user,
        @SecretText @Nullable String password,
        @Required String from,
        @Required List<String> to,
        List<Event> events) {
    private static final int SUBMISSION = 587;

    /** How a connection is protected. */
    public enum Tls {
        /** Not at all: for a server on the same machine. */
        NONE,
        /** From the first command on, or not at all ({@code STARTTLS}, required). */
        STARTTLS,
        /** From its beginning. */
        TLS
    }

    public EmailPolicy {
        port = or(port, SUBMISSION);
        tls = or(tls, Tls.STARTTLS);
        to = List.copyOf(to);
        events = List.copyOf(or(events, List.of()));
    }

    public boolean wants(Event event) {
        return events.isEmpty() || events.contains(event);
    }

    @Override
    public String toString() {
        return "EmailPolicy[" + host + ", redacted]";
    }
}
