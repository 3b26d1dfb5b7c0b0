package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of the requests and replies themselves, beside the log. {@code gateway/docs/payloads.md} explains what is stored where.
 *
 * @param capture how much of a call is kept where no entry of {@code captureFor} says otherwise
 * @param captureFor exceptions; the first that matches a call counts
 * @param reply most bytes of a reply that are kept; what is cut off is said
 * @param key key that payloads are encrypted with on the disk and in MongoDB: 32 random bytes in base64, from {@code openssl rand -base64 32};
 *     without one they are not encrypted. Several with blanks between: the first encrypts, the others still decrypt. Read once at start
 * @param keep how long payloads are kept, by whole days in UTC; without it for ever
 * @param backlog most bytes of payloads waiting to be written before {@code whenBehind} decides. Read once at start
 * @param whenBehind what happens to calls whose payload is to be kept while more than that waits
 */
public record PayloadPolicy(
        Capture capture,
        List<CaptureRule> captureFor,
        @Range(min = "1KiB", max = "64MiB") ByteSize reply,
        @SecretText @Nullable String key,
        @Range(min = "1d", max = "36500d") @Nullable Duration keep,
        @Range(min = "1MiB") ByteSize backlog,
        WhenBehind whenBehind) {
    public static final PayloadPolicy DEFAULT = new PayloadPolicy(
            Capture.METADATA, List.of(), ByteSize.mebibytes(1), null, null, ByteSize.mebibytes(64), WhenBehind.CLOSED);

    /** How much of a call is kept. */
    public enum Capture {
        /** Nothing, not even a hash of the request. */
        NONE,
        /** The record alone, with the hash of the request. */
        METADATA,
        /** Request and reply with a placeholder for everything that the rules for secrets and personal data find. */
        REDACTED,
        /** Request and reply as they came. */
        FULL;

        /** Whether there is anything to store. */
        public boolean keepsPayload() {
            return this == REDACTED || this == FULL;
        }
    }

    /**
     * A level for some calls. What is left out matches every call.
     *
     * @param teams teams; {@code *} at the end of a name stands for any rest
     * @param agents agents
     * @param endpoints provider and path, such as {@code anthropic/messages} or {@code openai/*}
     * @param models models as the client names them
     * @param capture how much is kept of such calls
     */
    public record CaptureRule(
            Names teams,
            Names agents,
            Names endpoints,
            Names models,
            @Required Capture capture) {
        public CaptureRule {
            teams = or(teams, Names.NONE);
            agents = or(agents, Names.NONE);
            endpoints = or(endpoints, Names.NONE);
            models = or(models, Names.NONE);
        }
    }

    /** What happens to calls whose payload cannot be kept in time. */
    public enum WhenBehind {
        /** They are refused with 503. */
        CLOSED,
        /** They pass, and their records say that the payload was not kept. */
        OPEN
    }

    public PayloadPolicy {
        capture = or(capture, Capture.METADATA);
        captureFor = List.copyOf(or(captureFor, List.of()));
        reply = or(reply, ByteSize.mebibytes(1));
        backlog = or(backlog, ByteSize.mebibytes(64));
        whenBehind = or(whenBehind, WhenBehind.CLOSED);
    }

    @Override
    public String toString() {
        return "PayloadPolicy[" + capture + ", encrypted=" + (key != null) + "]";
    }
}
