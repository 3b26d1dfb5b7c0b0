package dev.tollgate.pipeline;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.ToolCount;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Decision.Hold;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.policy.Mode;
import dev.tollgate.wire.Problem;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The stages, run in order.
 *
 * <pre>
 *   received ──▶ stage ──Proceed──▶ stage ──▶ … ──▶ Passed(Cleared)
 *                  ├──Deny──────────────────────▶ Denied
 *                  ├──Hold──────────────────────▶ Held ──approved──▶ resume at LIMIT
 *                  └──failed future or throw────▶ Denied (enforcement_unavailable)
 * </pre>
 */
public final class Pipeline {
    /** Before what a stage says it did to a call, where it did not. */
    private static final String OBSERVED = "only observed: ";

    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);
    private static final long NANOS_PER_MICRO = 1000;

    private final List<Stage> stages;
    private final LongSupplier nanoClock;
    private final FailureLog failures;

    /**
     * @param stages in the order in which a request meets them
     * @param nanoClock a monotonic clock in nanoseconds
     */
    public Pipeline(List<Stage> stages, LongSupplier nanoClock) {
        this.stages = List.copyOf(stages);
        this.nanoClock = nanoClock;
        this.failures = new FailureLog(nanoClock);
    }

    /** Runs every stage. The future always succeeds. */
    public Future<Outcome> run(Exchange exchange) {
        return runFrom(0, exchange);
    }

    /** Runs a released call again from the rate limits and the cost cap on: money and scans may have changed while it was held. */
    public Future<Outcome> resume(Exchange released) {
        return resume(released, StageId.LIMIT);
    }

    /** The same where the policy has changed, and with it perhaps where the call may go. */
    public Future<Outcome> resumeUnderNewPolicy(Exchange released) {
        return resume(released, StageId.ROUTE);
    }

    private Future<Outcome> resume(Exchange released, StageId from) {
        for (int i = 0; i < stages.size(); i++) {
            if (stages.get(i).id().compareTo(from) >= 0) {
                return runFrom(i, released);
            }
        }
        return runFrom(0, released);
    }

    /** What comes of a decision. */
    private sealed interface Next {
        /** The stages behind. */
        record GoOn(Exchange exchange) implements Next {}

        record End(Outcome outcome) implements Next {}
    }

    /** A stage that decides about an exchange. */
    private record Turn(int index, Stage stage, Exchange exchange, Mode mode, long startedAt) {}

    /** Stages that decide at once follow each other in this loop, not inside each other; behind one that takes its time it goes on later. */
    private Future<Outcome> runFrom(int index, Exchange received) {
        Exchange exchange = received;
        for (int i = index; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            long startedAt = nanoClock.getAsLong();
            Mode mode;
            try {
                if (!stage.isNeeded(exchange.policy())) {
                    continue;
                }
                mode = stage.mode(exchange.policy());
            } catch (RuntimeException bug) {
                return Future.succeededFuture(couldNotDecide(stage, exchange, bug, startedAt));
            }
            if (mode == Mode.OFF) {
                exchange = exchange.withVerdict(new Verdict(stage.id().id(), "off", "off", List.of(), "", 0));
                continue;
            }
            Turn turn = new Turn(i, stage, exchange, mode, startedAt);
            Future<Decision> decided = decide(stage, exchange);
            if (!decided.isComplete()) {
                return decided.transform(late -> goOn(turn, late));
            }
            switch (followed(turn, decided)) {
                case Next.GoOn(Exchange next) -> exchange = next;
                case Next.End(Outcome outcome) -> {
                    return Future.succeededFuture(outcome);
                }
            }
        }
        return Future.succeededFuture(new Outcome.Passed(new Cleared(exchange)));
    }

    private Future<Outcome> goOn(Turn turn, AsyncResult<Decision> decided) {
        return switch (followed(turn, decided)) {
            case Next.GoOn(Exchange next) -> runFrom(turn.index + 1, next);
            case Next.End(Outcome outcome) -> Future.succeededFuture(outcome);
        };
    }

    private Next followed(Turn turn, AsyncResult<Decision> decided) {
        // Without this a stage that cannot decide would let the call go unanswered or around it: fail closed.
        if (decided.failed()) {
            return new Next.End(couldNotDecide(turn.stage, turn.exchange, decided.cause(), turn.startedAt));
        }
        try {
            return follow(turn, decided.result());
        } catch (RuntimeException | StackOverflowError bug) {
            return new Next.End(couldNotDecide(turn.stage, turn.exchange, bug, turn.startedAt));
        }
    }

    private static Future<Decision> decide(Stage stage, Exchange exchange) {
        try {
            return stage.decide(exchange);
        } catch (RuntimeException | StackOverflowError bug) {
            return Future.failedFuture(bug);
        }
    }

    private Next follow(Turn turn, Decision decision) {
        StageId stage = turn.stage.id();
        Exchange exchange = turn.exchange;
        long startedAt = turn.startedAt;
        boolean observed = turn.mode == Mode.OBSERVE;
        return switch (decision) {
            case Proceed said -> {
                // Observing means that the call goes on as it came: what the stage would have changed is recorded only.
                Exchange kept = observed ? said.exchange().withoutChangesSince(exchange) : said.exchange();
                yield new Next.GoOn(kept.withVerdict(verdict(stage, said, observed, startedAt)));
            }
            case Deny(Denial denial, Exchange unenforced) -> {
                Verdict verdict = verdict(
                                stage,
                                observed ? "would_deny" : "deny",
                                denial.problem().code(),
                                denial.rules(),
                                denial.problem().message(),
                                startedAt)
                        .withScore(denial.score())
                        .withSearched(denial.searched());
                Exchange next = unenforced == null ? exchange : unenforced;
                yield observed
                        ? new Next.GoOn(next.withVerdict(verdict))
                        : new Next.End(new Outcome.Denied(exchange.withVerdict(verdict), stage, denial));
            }
            case Hold hold -> {
                Verdict verdict = verdict(
                        stage,
                        observed ? "would_hold" : "hold",
                        "approval_required",
                        List.of(hold.rule()),
                        hold.reason(),
                        startedAt);
                yield observed
                        ? new Next.GoOn(exchange.withVerdict(verdict))
                        : new Next.End(new Outcome.Held(exchange.withVerdict(verdict), hold));
            }
        };
    }

    private Outcome couldNotDecide(Stage stage, Exchange exchange, Throwable failure, long startedAt) {
        failures.say(stage.id(), exchange.id(), failure);
        Problem problem = Problem.of(
                        Problem.Kind.UNAVAILABLE,
                        "enforcement_unavailable",
                        "the call could not be checked: stage " + stage.id().id() + " is unavailable")
                .withRetryAfter(TRY_AGAIN);
        Verdict verdict = verdict(stage.id(), "failed", problem.code(), List.of(), problem.message(), startedAt);
        return new Outcome.Denied(exchange.withVerdict(verdict), stage.id(), new Denial(problem));
    }

    private Verdict verdict(StageId stage, Proceed said, boolean observed, long startedAt) {
        return new Verdict(
                stage.id(),
                "proceed",
                "ok",
                said.rules(),
                detail(said, observed),
                micros(startedAt),
                said.score(),
                said.searched(),
                observed ? List.of() : said.asking(),
                ToolCount.NONE);
    }

    private static String detail(Proceed said, boolean observed) {
        String detail = said.detail();
        return !observed || detail.isEmpty() || detail.startsWith(OBSERVED) ? detail : OBSERVED + detail;
    }

    private long micros(long startedAt) {
        return (nanoClock.getAsLong() - startedAt) / NANOS_PER_MICRO;
    }

    private Verdict verdict(
            StageId stage, String result, String code, List<String> rules, String detail, long startedAt) {
        return new Verdict(stage.id(), result, code, rules, detail, micros(startedAt));
    }
}
