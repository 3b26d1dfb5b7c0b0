package dev.tollgate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Exchanges;
import dev.tollgate.exchange.Headers;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.pipeline.Outcome.Denied;
import dev.tollgate.pipeline.Outcome.Passed;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.PolicySnapshot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How stages follow each other, and that no call goes around one that cannot decide. */
final class PipelineTest {
    private final Exchange received = Exchanges.received(Headers.NONE, null);
    /** How often the last stage was asked. */
    private final AtomicInteger asked = new AtomicInteger();

    /** A stage that decides as it is told. */
    private record Told(StageId id, Mode mode, Function<Exchange, Future<Decision>> decision) implements Stage {
        @Override
        public Mode mode(PolicySnapshot policy) {
            return mode;
        }

        @Override
        public Future<Decision> decide(Exchange exchange) {
            return decision.apply(exchange);
        }
    }

    /** A stage that cannot even tell whether it is needed, or how. */
    private record Torn(boolean isNeeded) implements Stage {
        @Override
        public StageId id() {
            return StageId.SCAN;
        }

        @Override
        public boolean isNeeded(PolicySnapshot policy) {
            if (isNeeded) {
                return true;
            }
            throw new IllegalStateException("no view");
        }

        @Override
        public Mode mode(PolicySnapshot policy) {
            throw new IllegalStateException("no mode");
        }

        @Override
        public Future<Decision> decide(Exchange exchange) {
            throw new AssertionError("asked all the same");
        }
    }

    static Stream<Stage> undecided() {
        Stream<Stage> torn = Stream.of(new Torn(false), new Torn(true));
        Stream<Stage> told = Stream.of(Mode.ENFORCE, Mode.OBSERVE)
                .flatMap(mode -> Stream.of(
                        new Told(StageId.SCAN, mode, call -> Future.failedFuture("away")),
                        new Told(StageId.SCAN, mode, call -> late().compose(waited -> Future.failedFuture("away"))),
                        new Told(StageId.SCAN, mode, call -> {
                            throw new IllegalStateException("bug");
                        }),
                        new Told(StageId.SCAN, mode, call -> {
                            throw new StackOverflowError("deep");
                        }),
                        new Told(StageId.SCAN, mode, call -> Future.succeededFuture(null)),
                        new Told(StageId.SCAN, mode, call -> late().map(waited -> null))));
        return Stream.concat(torn, told);
    }

    @ParameterizedTest
    @MethodSource("undecided")
    void stageThatCannotDecide_denies_andNobodyBehindItIsAsked(Stage undecided) throws Exception {
        Outcome outcome = run(proceeding(StageId.ROUTE), undecided, counting());

        assertThat(outcome).isInstanceOfSatisfying(Denied.class, denied -> {
            assertThat(denied.stage()).isEqualTo(StageId.SCAN);
            assertThat(denied.denial().problem().code()).isEqualTo("enforcement_unavailable");
            assertThat(denied.exchange().verdicts()).extracting(Verdict::result).containsExactly("proceed", "failed");
        });
        assertThat(asked).hasValue(0);
    }

    @Test
    void stagesFollowEachOther_atOnceOrLate_andOnesThatAreOffLeaveATrace() throws Exception {
        Outcome outcome = run(
                proceeding(StageId.ROUTE),
                new Told(StageId.SCAN, Mode.ENFORCE, call -> late().map(waited -> new Proceed(call))),
                new Told(StageId.DETECT, Mode.OFF, call -> Future.failedFuture("asked all the same")),
                counting());

        assertThat(outcome).isInstanceOf(Passed.class);
        assertThat(outcome.exchange().verdicts())
                .extracting(Verdict::result)
                .containsExactly("proceed", "proceed", "off", "proceed");
        assertThat(asked).hasValue(1);
    }

    private Outcome run(Stage... stages) throws Exception {
        return new Pipeline(List.of(stages), System::nanoTime).run(received).await(10, TimeUnit.SECONDS);
    }

    private static Stage proceeding(StageId id) {
        return new Told(id, Mode.ENFORCE, call -> Future.succeededFuture(new Proceed(call)));
    }

    private Stage counting() {
        return new Told(StageId.APPROVE, Mode.ENFORCE, call -> {
            asked.incrementAndGet();
            return Future.succeededFuture(new Proceed(call));
        });
    }

    /** Completes on another thread, after the caller has gone on. */
    private static Future<Void> late() {
        Promise<Void> late = Promise.promise();
        Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(20);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            late.complete();
        });
        return late.future();
    }
}
