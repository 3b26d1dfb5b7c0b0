package dev.tollgate.audit;

import dev.tollgate.exchange.Labels;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the log says. Holds no prompt text, no matched text and no credential. */
public sealed interface AuditRecord {
    Instant at();

    /**
     * A call came in and was decided on: written before the provider is called, or before a denial is answered.
     *
     * @param exchange names the call
     * @param at when its head was complete
     * @param policy version of the policy it was judged by
     * @param method HTTP method
     * @param endpoint provider and path, without query
     * @param wire id of the wire
     * @param key id of the key; empty where none was recognised
     * @param agent the agent; empty where unknown
     * @param team the team; empty where unknown
     * @param session the session; empty where none was named
     * @param model the model as asked for; empty where none was
     * @param targets where it may go, in order
     * @param requestBytes size of the decoded body
     * @param requestSha256 hash of the decoded body in lower-case hex; empty where the payload's salted hash stands in its place, or the
     *     policy keeps nothing of the call
     * @param notScanned what could not be read
     * @param verdicts what each stage said
     * @param reservation the money held; null where none is
     * @param estimate worst-case cost; null where it was not priced
     * @param labels what the client said of the call; what is empty is not written
     * @param payload what is kept of the request; null where the policy keeps nothing
     */
    record Received(
            ExchangeId exchange,
            Instant at,
            String policy,
            String method,
            String endpoint,
            String wire,
            String key,
            String agent,
            String team,
            String session,
            String model,
            List<String> targets,
            long requestBytes,
            String requestSha256,
            List<String> notScanned,
            List<Verdict> verdicts,
            @Nullable Reservation reservation,
            @Nullable NanoUsd estimate,
            Labels labels,
            @Nullable PayloadNote payload)
            implements AuditRecord {
        /** A call of which nothing is kept but this. */
        public Received(
                ExchangeId exchange,
                Instant at,
                String policy,
                String method,
                String endpoint,
                String wire,
                String key,
                String agent,
                String team,
                String session,
                String model,
                List<String> targets,
                long requestBytes,
                String requestSha256,
                List<String> notScanned,
                List<Verdict> verdicts,
                @Nullable Reservation reservation,
                @Nullable NanoUsd estimate,
                Labels labels) {
            this(
                    exchange,
                    at,
                    policy,
                    method,
                    endpoint,
                    wire,
                    key,
                    agent,
                    team,
                    session,
                    model,
                    targets,
                    requestBytes,
                    requestSha256,
                    notScanned,
                    verdicts,
                    reservation,
                    estimate,
                    labels,
                    null);
        }

        /** A call of which its client said nothing. */
        public Received(
                ExchangeId exchange,
                Instant at,
                String policy,
                String method,
                String endpoint,
                String wire,
                String key,
                String agent,
                String team,
                String session,
                String model,
                List<String> targets,
                long requestBytes,
                String requestSha256,
                List<String> notScanned,
                List<Verdict> verdicts,
                @Nullable Reservation reservation,
                @Nullable NanoUsd estimate) {
            this(
                    exchange,
                    at,
                    policy,
                    method,
                    endpoint,
                    wire,
                    key,
                    agent,
                    team,
                    session,
                    model,
                    targets,
                    requestBytes,
                    requestSha256,
                    notScanned,
                    verdicts,
                    reservation,
                    estimate,
                    Labels.NONE);
        }
    }

    /**
     * How a call ended: written before its last byte goes out.
     *
     * @param exchange names the call
     * @param at when it ended
     * @param result {@code completed}, {@code denied}, {@code provider_error}, {@code client_gone}, {@code cut} (a budget ended it),
     *     {@code blocked} (a rule about replies ended it), {@code aborted},
     *     {@code internal_error}
     * @param status HTTP status that the client got; 0 where it was gone before
     * @param code reason of a denial or error; empty where there is none
     * @param target provider and model that served it, or had it when it was given up unanswered; empty where none did
     * @param attempts how many times a provider was called
     * @param usage what was used
     * @param cost what it cost; null where no price is known
     * @param replyBytes bytes of the reply relayed
     * @param firstByteMicros from head to the first byte of the reply; 0 where none came
     * @param durationMicros from head to the end
     * @param savedNanos nano-dollars by which the provider's cache made it cheaper; negative where writing to it cost more than reading saved
     * @param payload what is kept of the reply; null where the policy keeps nothing
     * @param lost attempts at other targets before, which are part of the cost and not of the usage
     * @param verdicts what was said of the reply, or of the call after it had come in
     */
    record Ended(
            ExchangeId exchange,
            Instant at,
            String result,
            int status,
            String code,
            String target,
            int attempts,
            Usage usage,
            @Nullable NanoUsd cost,
            long replyBytes,
            long firstByteMicros,
            long durationMicros,
            long savedNanos,
            @Nullable PayloadNote payload,
            List<LostAttempt> lost,
            List<Verdict> verdicts)
            implements AuditRecord {
        public Ended {
            lost = List.copyOf(lost);
            verdicts = List.copyOf(verdicts);
        }

        /** A call of which nothing is kept but this. */
        public Ended(
                ExchangeId exchange,
                Instant at,
                String result,
                int status,
                String code,
                String target,
                int attempts,
                Usage usage,
                @Nullable NanoUsd cost,
                long replyBytes,
                long firstByteMicros,
                long durationMicros,
                long savedNanos) {
            this(
                    exchange,
                    at,
                    result,
                    status,
                    code,
                    target,
                    attempts,
                    usage,
                    cost,
                    replyBytes,
                    firstByteMicros,
                    durationMicros,
                    savedNanos,
                    null,
                    List.of(),
                    List.of());
        }

        /** A call for which no cache made a difference. */
        public Ended(
                ExchangeId exchange,
                Instant at,
                String result,
                int status,
                String code,
                String target,
                int attempts,
                Usage usage,
                @Nullable NanoUsd cost,
                long replyBytes,
                long firstByteMicros,
                long durationMicros) {
            this(
                    exchange,
                    at,
                    result,
                    status,
                    code,
                    target,
                    attempts,
                    usage,
                    cost,
                    replyBytes,
                    firstByteMicros,
                    durationMicros,
                    0);
        }
    }

    /**
     * A checkpoint: all records before this one, signed.
     *
     * @param at when it was made
     * @param key public key of the signer, {@code name+id+base64}
     * @param note the signed note, see {@link dev.tollgate.audit.seal.Checkpoint}
     */
    record Sealed(Instant at, String key, String note) implements AuditRecord {}

    /**
     * A record of a type that a newer version wrote.
     *
     * @param at when
     * @param type what it calls itself
     */
    record Other(Instant at, String type) implements AuditRecord {}

    /**
     * Something that people or the gateway itself did: start, policy load, key created or revoked, ticket opened, decided, consumed.
     *
     * @param at when
     * @param action stable lower_snake_case name, such as {@code policy_loaded} or {@code ticket_approved}
     * @param actor who did it; {@code gateway} for the gateway itself
     * @param subject what it was done to
     * @param details further facts, no secrets
     */
    record Administrative(Instant at, String action, String actor, String subject, Map<String, String> details)
            implements AuditRecord {
        /** More is held for a call that goes on; the subject is its exchange, the details what is held in each unit by now, {@code lost} included. */
        public static final String HOLD_RAISED = "hold_raised";

        /** People were told that a budget is filled to a percent; the details say of which counter and period. */
        public static final String BUDGET_REACHED = "budget_reached";
    }
}
