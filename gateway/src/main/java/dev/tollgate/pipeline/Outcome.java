package dev.tollgate.pipeline;

import dev.tollgate.exchange.Exchange;

/** How the stages ended. Every case carries the exchange as far as it came: whoever ends it gives back what it holds. */
public sealed interface Outcome {
    Exchange exchange();

    /** Every stage agreed. */
    record Passed(Cleared cleared) implements Outcome {
        @Override
        public Exchange exchange() {
            return cleared.exchange();
        }
    }

    /**
     * A stage denied it.
     *
     * @param exchange as far as it came
     * @param stage the stage that denied
     * @param denial why
     */
    record Denied(Exchange exchange, StageId stage, Denial denial) implements Outcome {}

    /**
     * It waits for a person.
     *
     * @param exchange as far as it came
     * @param hold what it waits for
     */
    record Held(Exchange exchange, Decision.Hold hold) implements Outcome {}
}
