package dev.tollgate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.value.ExchangeId;
import org.junit.jupiter.api.Test;

class FailureLogTest {
    private static final ExchangeId EXCHANGE = new ExchangeId("ex_1");
    private long nanos;

    @Test
    void failures_ofAStoreThatIsAway_areToldOnceInAWhile() {
        FailureLog log = new FailureLog(() -> nanos);
        RuntimeException failure = new IllegalStateException("away, in a test");

        assertThat(log.say(StageId.IDENTIFY, EXCHANGE, failure)).isTrue();
        for (int i = 0; i < 100; i++) {
            assertThat(log.say(StageId.IDENTIFY, EXCHANGE, failure)).isFalse();
        }

        nanos += FailureLog.PAUSE_NANOS;
        assertThat(log.say(StageId.IDENTIFY, EXCHANGE, failure)).isTrue();
    }
}
