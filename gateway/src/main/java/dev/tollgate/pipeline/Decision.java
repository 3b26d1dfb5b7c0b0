package dev.tollgate.pipeline;

import dev.tollgate.exchange.Asking;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Searched;
import dev.tollgate.policy.ReviewPolicy;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a stage says. */
public sealed interface Decision {
    /**
     * The exchange goes on, perhaps changed.
     *
     * @param exchange the exchange to go on with
     * @param rules ids of rules that fired without stopping it (marks, redactions)
     * @param detail one sentence for the record; empty where there is nothing to say
     * @param score as in {@link dev.tollgate.exchange.Verdict}
     * @param searched what was searched
     * @param asking what a person is to look at before it is sent
     */
    record Proceed(
            Exchange exchange, List<String> rules, String detail, double score, Searched searched, List<Asking> asking)
            implements Decision {
        public Proceed {
            rules = List.copyOf(rules);
            asking = List.copyOf(asking);
        }

        public Proceed(Exchange exchange, List<String> rules, String detail, double score) {
            this(exchange, rules, detail, score, Searched.NOTHING, List.of());
        }

        public Proceed(Exchange exchange, List<String> rules, String detail) {
            this(exchange, rules, detail, 0);
        }

        public Proceed(Exchange exchange) {
            this(exchange, List.of(), "");
        }
    }

    /**
     * The exchange ends here.
     *
     * @param observed the exchange to go on with where the stage only observes; null where it goes on as it came
     */
    record Deny(Denial denial, @Nullable Exchange observed) implements Decision {
        public Deny(Denial denial) {
            this(denial, null);
        }
    }

    /**
     * The exchange waits for a person. The ticket is made, or joined, by whoever keeps the client waiting.
     *
     * @param rule id of the condition that held it
     * @param reason what the reviewer reads
     * @param deadline how long the ticket may wait before it counts as denied
     * @param subject whose calls wait for one leave together, such as a session that is paused; null where leave is for this call alone
     * @param review who decides
     */
    record Hold(
            String rule,
            String reason,
            Duration deadline,
            @Nullable String subject,
            ReviewPolicy review) implements Decision {
        /** One that approvers and admins decide. */
        public Hold(String rule, String reason, Duration deadline, @Nullable String subject) {
            this(rule, reason, deadline, subject, ReviewPolicy.DEFAULT);
        }

        public Hold(String rule, String reason, Duration deadline) {
            this(rule, reason, deadline, null);
        }
    }
}
