package dev.tollgate.provider;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Steps;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.LimitsPolicy;
import dev.tollgate.policy.RoutingPolicy;
import dev.tollgate.policy.RoutingPolicy.ClientGone;
import dev.tollgate.value.TimeSpan;
import dev.tollgate.wire.Problem;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.netty.handler.codec.DecoderException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on its way to a provider: attempts on the first target, then on its fallbacks, until an answer begins. What has begun to
 * answer is never tried again, nor is a request of which the provider may have taken note without answering.
 */
public final class Call {
    /** Asked before a call goes on to another target. */
    public interface Cover {
        /**
         * Whether there is money for what a target may bill that had the call and did not answer in time, and for another one.
         *
         * @param lost the target that did not answer
         */
        Future<Boolean> mayGoOn(Target lost);
    }

    private static final Set<Integer> WORTH_RETRYING = Set.of(429, 500, 502, 503, 504, 529);
    private static final int MAX_BACKOFF_DOUBLINGS = 6;
    private static final int FIRST_FAULT_STATUS = 500;

    private final Steps steps;
    private final ConnectionPools pools;
    private final Breakers breakers;
    private final Exchange exchange;
    private final RoutingPolicy routing;
    private final LimitsPolicy limits;
    private final Cover cover;
    private final Promise<Reply> reply = Promise.promise();
    private int targetIndex;
    private int attemptsOnTarget;
    private int attempts;
    private boolean cancelled;
    private boolean abandoned;
    private boolean taken;
    private @Nullable Attempt underWay;
    /** The breaker that let the attempt under way pass and has not heard of it yet. */
    private @Nullable CircuitBreaker permit;

    Call(Vertx vertx, ConnectionPools pools, Breakers breakers, Exchange exchange, Cover cover) {
        this.steps = new Steps(vertx, this::onFault);
        this.pools = pools;
        this.breakers = breakers;
        this.exchange = exchange;
        this.cover = cover;
        this.routing = exchange.policy().bundle().routing();
        this.limits = exchange.policy().bundle().server().limits();
    }

    /** The answer's head, or a {@link ProviderFailure}. Completed on the exchange's event loop. */
    public Future<Reply> reply() {
        return reply.future();
    }

    /** How many times a provider was called so far. */
    public int attempts() {
        return attempts;
    }

    /** Whether a provider had the call when it was given up for good: nobody knows what it makes of it. */
    public boolean wasTaken() {
        return taken;
    }

    /** The target that was called last. */
    public Target target() {
        return exchange.route().targets().get(targetIndex);
    }

    /** The client has gone. Nothing more is tried; what is in flight goes on where the policy says so. */
    public void abandon() {
        if (routing.clientGone() == ClientGone.DRAIN && underWay != null && underWay.isInFlight()) {
            abandoned = true;
        } else {
            cancel();
        }
    }

    /** Ends whatever is in flight: the client has gone, or has heard enough. Safe to call at any time. */
    public void cancel() {
        cancelled = true;
        if (underWay != null) {
            taken |= underWay.isInFlight();
            underWay.cancel();
        }
        reply.tryFail(failure(Problem.Kind.UPSTREAM, "cancelled", "the client has gone"));
    }

    /** The answer has been taken whole: nothing is in flight any more. */
    public void finished() {
        if (underWay != null) {
            underWay.finished();
        }
    }

    void start() {
        steps.run(this::tryTarget);
    }

    private void tryTarget() {
        Target target = exchange.route().targets().get(targetIndex);
        Optional<CircuitBreaker> breaker = breakers.of(target, routing);
        if (breaker.isPresent() && !breaker.get().tryAcquirePermission()) {
            giveUpOn(Problem.of(
                    Problem.Kind.UPSTREAM,
                    "provider_unavailable",
                    target + " has failed " + routing.breakerFailures() + " times in a row and is left out for "
                            + TimeSpan.text(routing.breakerPause())));
            return;
        }
        permit = breaker.orElse(null);
        attempts++;
        attemptsOnTarget++;
        long startedAt = System.nanoTime();
        UpstreamRequest request = UpstreamRequest.of(exchange, target);
        Attempt attempt = new Attempt(pools, limits, steps);
        underWay = attempt;
        steps.when(attempt.send(request), answered -> {
            long nanos = System.nanoTime() - startedAt;
            CircuitBreaker asked = permit;
            permit = null;
            if (answered.succeeded()) {
                boolean fails = answered.result().statusCode() >= FIRST_FAULT_STATUS;
                tell(asked, fails ? new Attempt.Failed() : null, nanos);
                onAnswer(new Reply(answered.result(), target, request.facts(), attempts), attempt);
            } else {
                tell(asked, answered.cause(), nanos);
                onFailure(target, answered.cause());
            }
        });
    }

    private void tell(@Nullable CircuitBreaker breaker, @Nullable Throwable failure, long nanos) {
        if (breaker == null) {
            return;
        }
        if (cancelled) {
            // A client that leaves says nothing about the provider.
            breaker.releasePermission();
        } else if (failure != null) {
            breaker.onError(nanos, TimeUnit.NANOSECONDS, failure);
        } else {
            breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** A fault of ours: whoever waits for the answer hears of it, and the breaker gets its permission back. */
    private void onFault(Throwable fault) {
        cancelled = true;
        if (permit != null) {
            permit.releasePermission();
            permit = null;
        }
        if (underWay != null) {
            underWay.cancel();
        }
        reply.tryFail(fault);
    }

    private void onAnswer(Reply answer, Attempt attempt) {
        HttpClientResponse response = answer.response();
        if (cancelled) {
            attempt.drop(response);
            return;
        }
        Optional<Problem> unusable = ResponseChecks.problem(response, answer.target(), routing);
        if (unusable.isPresent()) {
            attempt.drop(response);
            giveUpOn(unusable.get());
        } else if (WORTH_RETRYING.contains(response.statusCode()) && (mayRetry() || mayFallBack())) {
            attempt.discard(response);
            next();
        } else {
            reply.tryComplete(answer);
        }
    }

    private void onFailure(Target target, Throwable cause) {
        if (underWay != null) {
            underWay.finished();
        }
        if (cancelled) {
            return;
        }
        boolean neverSent = cause instanceof Attempt.NotConnected;
        if (neverSent && mayRetry()) {
            next();
            return;
        }
        Problem problem = switch (cause) {
            case Attempt.TookTooLong late ->
                Problem.of(
                        Problem.Kind.UPSTREAM_TIMEOUT,
                        "provider_timeout",
                        target + " did not begin to answer within the limit first_byte of "
                                + TimeSpan.text(limits.firstByte()));
            case Attempt.NotConnected refused ->
                Problem.of(
                        Problem.Kind.UPSTREAM,
                        "provider_unreachable",
                        target + " cannot be reached (" + refused.reason() + ")");
            case IllegalArgumentException malformed -> refused(target);
            case DecoderException malformed -> refused(target);
            default ->
                Problem.of(
                        Problem.Kind.UPSTREAM,
                        "provider_broke_off",
                        target + " closed the connection before it answered");
        };
        if (cause instanceof Attempt.TookTooLong) {
            giveUpOnTaken(target, problem);
        } else {
            giveUpOn(problem);
        }
    }

    /** The target may bill the call all the same: another one is called only where both are paid for. */
    private void giveUpOnTaken(Target target, Problem problem) {
        if (!mayFallBack()) {
            taken = true;
            giveUpOn(problem);
            return;
        }
        steps.when(cover.mayGoOn(target), covered -> {
            if (cancelled) {
                return;
            }
            if (covered.succeeded() && covered.result()) {
                giveUpOn(problem);
            } else {
                reply.tryFail(new ProviderFailure(problem, attempts));
            }
        });
    }

    private static Problem refused(Target target) {
        return Problem.of(
                Problem.Kind.UPSTREAM,
                "provider_answer_refused",
                target + " sent an answer that is not well-formed HTTP");
    }

    private void giveUpOn(Problem problem) {
        if (mayFallBack()) {
            attemptsOnTarget = routing.attempts();
            next();
        } else {
            reply.tryFail(new ProviderFailure(problem, attempts));
        }
    }

    private boolean mayRetry() {
        return !abandoned && attemptsOnTarget < routing.attempts();
    }

    private boolean mayFallBack() {
        return !abandoned
                && routing.fallback()
                && targetIndex + 1 < exchange.route().targets().size();
    }

    private void next() {
        long pauseMillis = 0;
        if (mayRetry()) {
            int doublings = Math.min(attemptsOnTarget - 1, MAX_BACKOFF_DOUBLINGS);
            pauseMillis = routing.retryDelay().toMillis() << Math.max(0, doublings);
        } else {
            targetIndex++;
            attemptsOnTarget = 0;
        }
        if (pauseMillis > 0) {
            long unused = steps.after(pauseMillis, this::startUnlessCancelled);
        } else {
            startUnlessCancelled();
        }
    }

    private void startUnlessCancelled() {
        if (!cancelled) {
            start();
        }
    }

    private ProviderFailure failure(Problem.Kind kind, String code, String message) {
        return new ProviderFailure(Problem.of(kind, code, message), attempts);
    }
}
