package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who outside is told of what happens here.
 *
 * @param webhooks addresses that get a POST for each event
 * @param email who is told by e-mail; without it nobody is
 * @param consoleUrl where people reach the console, for links to it; without it messages have none
 * @param tellSummary whether messages about held calls repeat what the call says, redacted
 */
public record NotifyPolicy(
        List<Webhook> webhooks,
        @Nullable EmailPolicy email,
        @Nullable String consoleUrl,
        Boolean tellSummary) {
    public static final NotifyPolicy DEFAULT = new NotifyPolicy(List.of(), null, null, false);

    /** How a webhook wants to be told. */
    public enum Format {
        /** {@code {"event", "at", "subject", "text", "facts"}}. */
        JSON,
        /** {@code {"text"}}, as Slack and those that are compatible with it take. */
        SLACK
    }

    /** What may be told. */
    public enum Event {
        /** A budget has reached one of its {@code notify_at}. */
        BUDGET,
        /** A call waits for a person. */
        APPROVAL,
        /** A guard has found a loop or a runaway. */
        GUARD
    }

    /**
     * One address.
     *
     * @param id names it in messages and logs
     * @param url where to, {@code http} or {@code https}; often a secret itself, so it is never shown
     * @param format how it wants to be told
     * @param events what it is told; everything where this is empty
     */
    public record Webhook(
            @Required String id, @Required @SecretText String url, Format format, List<Event> events) {
        public Webhook {
            format = or(format, Format.JSON);
            events = List.copyOf(or(events, List.of()));
        }

        public boolean wants(Event event) {
            return events.isEmpty() || events.contains(event);
        }

        @Override
        public String toString() {
            return "Webhook[" + id + ", redacted]";
        }
    }

    public NotifyPolicy {
        webhooks = List.copyOf(or(webhooks, List.of()));
        tellSummary = or(tellSummary, false);
        if (consoleUrl != null && !consoleUrl.matches("https?://[^\\s?#]+")) {
            throw new IllegalArgumentException("console_url is not http(s)://host[:port][/path]");
        }
    }
}
