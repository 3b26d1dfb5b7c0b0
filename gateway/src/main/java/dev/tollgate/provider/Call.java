package dev.tollgate.provider;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.LimitsPolicy;
import dev.tollgate.policy.RoutingPolicy;
import dev.tollgate.wire.Problem;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on its way to a provider: attempts on the first target, then on its fallbacks, until an answer begins. What has begun to
 * answer is never tried again, nor is a request of which the provider may have taken note without answering.
 */
public final class Call {
    private static final Set<Integer> WORTH_RETRYING = Set.of(429, 500, 502, 503, 504, 529);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(2);
    private static final int MAX_BACKOFF_DOUBLINGS = 6;
    private static final int MAX_DRAINED_BYTES = 64 * 1024;

    private final Vertx vertx;
    private final ConnectionPools pools;
    private final Breakers breakers;
    private final Exchange exchange;
    private final RoutingPolicy routing;
    private final LimitsPolicy limits;
    private final Promise<Reply> reply = Promise.promise();
    private int targetIndex;
    private int attemptsOnTarget;
    private int attempts;
    private boolean cancelled;
    private @Nullable HttpClientRequest inFlight;

    Call(Vertx vertx, ConnectionPools pools, Breakers breakers, Exchange exchange) {
        this.vertx = vertx;
        this.pools = pools;
        this.breakers = breakers;
        this.exchange = exchange;
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

    /** Ends whatever is in flight: the client has gone, or has heard enough. Safe to call at any time. */
    public void cancel() {
        cancelled = true;
        if (inFlight != null) {
            // Only what is in flight: the connection may serve somebody else by now.
            var unused = inFlight.reset();
            inFlight = null;
        }
        reply.tryFail(failure(Problem.Kind.UPSTREAM, "cancelled", "the client has gone"));
    }

    /** The answer has been taken whole: nothing is in flight any more. */
    public void finished() {
        inFlight = null;
    }

    void start() {
        Target target = exchange.route().targets().get(targetIndex);
        Optional<CircuitBreaker> breaker = breakers.of(target, routing);
        if (breaker.isPresent() && !breaker.get().tryAcquirePermission()) {
            giveUpOn(Problem.of(
                    Problem.Kind.UPSTREAM,
                    "provider_unavailable",
                    target + " has failed " + routing.breakerFailures() + " times in a row and is left out for "
                            + routing.breakerPause().toSeconds() + " s"));
            return;
        }
        attempts++;
        attemptsOnTarget++;
        long startedAt = System.nanoTime();
        UpstreamRequest request;
        try {
            request = UpstreamRequest.of(exchange, target);
        } catch (RuntimeException unsendable) {
            breaker.ifPresent(CircuitBreaker::releasePermission);
            reply.tryFail(unsendable);
            return;
        }
        send(request).onComplete(answered -> {
            long nanos = System.nanoTime() - startedAt;
            if (answered.succeeded()) {
                onAnswer(target, answered.result(), breaker, nanos);
            } else {
                // A client that leaves says nothing about the provider.
                breaker.ifPresent(known -> {
                    if (cancelled) {
                        known.releasePermission();
                    } else {
                        known.onError(nanos, TimeUnit.NANOSECONDS, answered.cause());
                    }
                });
                onFailure(target, answered.cause());
            }
        });
    }

    private Future<HttpClientResponse> send(UpstreamRequest request) {
        return request.authorised().compose(headers -> {
            RequestOptions options = new RequestOptions()
                    .setMethod(request.method())
                    .setHost(request.upstream().host())
                    .setPort(request.upstream().port())
                    .setSsl(request.upstream().tls())
                    .setURI(request.uri())
                    .setHeaders(headers);
            return pools.forTls(request.upstream().tls())
                    .request(options)
                    .compose(open -> exchangeHeads(open, request.body()), NotConnected::failed);
        });
    }

    private Future<HttpClientResponse> exchangeHeads(HttpClientRequest open, byte[] body) {
        if (cancelled) {
            var unused = open.reset();
            return Future.failedFuture("cancelled");
        }
        inFlight = open;
        Promise<HttpClientResponse> head = Promise.promise();
        long deadline = vertx.setTimer(limits.firstByte().toMillis(), ignored -> {
            if (head.tryFail(new TookTooLong())) {
                var unused = open.reset();
            }
        });
        Future<HttpClientResponse> response = body.length == 0 ? open.send() : open.send(Buffer.buffer(body));
        response.onComplete(answered -> {
            vertx.cancelTimer(deadline);
            if (answered.succeeded()) {
                // Nothing reads it yet.
                answered.result().pause();
                head.tryComplete(answered.result());
            } else {
                head.tryFail(answered.cause());
            }
        });
        return head.future();
    }

    private void onAnswer(Target target, HttpClientResponse response, Optional<CircuitBreaker> breaker, long nanos) {
        int status = response.statusCode();
        boolean failed = status >= 500;
        breaker.ifPresent(known -> {
            if (failed) {
                known.onError(nanos, TimeUnit.NANOSECONDS, new TookTooLong());
            } else {
                known.onSuccess(nanos, TimeUnit.NANOSECONDS);
            }
        });
        Optional<Problem> unusable = ResponseChecks.problem(response, target, routing);
        if (unusable.isPresent()) {
            drop(response);
            giveUpOn(unusable.get());
        } else if (WORTH_RETRYING.contains(status) && (mayRetry() || mayFallBack())) {
            discard(response);
            next();
        } else {
            reply.tryComplete(new Reply(response, target, attempts));
        }
    }

    private void onFailure(Target target, Throwable cause) {
        inFlight = null;
        if (cancelled) {
            return;
        }
        boolean neverSent = cause instanceof NotConnected;
        if (neverSent && mayRetry()) {
            next();
            return;
        }
        Problem problem = switch (cause) {
            case TookTooLong late ->
                Problem.of(
                        Problem.Kind.UPSTREAM_TIMEOUT,
                        "provider_timeout",
                        target + " did not begin to answer within the limit first_byte of "
                                + limits.firstByte().toSeconds() + " s");
            case NotConnected refused ->
                Problem.of(
                                Problem.Kind.UPSTREAM,
                                "provider_unreachable",
                                target + " cannot be reached (" + refused.reason() + ")")
                        .withRetryAfter(TRY_AGAIN);
            default ->
                Problem.of(
                        Problem.Kind.UPSTREAM,
                        "provider_broke_off",
                        target + " closed the connection before it answered");
        };
        giveUpOn(problem);
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
        return attemptsOnTarget < routing.attempts();
    }

    private boolean mayFallBack() {
        return routing.fallback()
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
            vertx.setTimer(pauseMillis, ignored -> startUnlessCancelled());
        } else {
            startUnlessCancelled();
        }
    }

    private void startUnlessCancelled() {
        if (!cancelled) {
            start();
        }
    }

    /** Reads a small answer to its end, so that its connection can be used again; cuts a large one off. */
    private void discard(HttpClientResponse response) {
        inFlight = null;
        String length = response.getHeader("content-length");
        if (length != null && length.length() < 6 && Integer.parseInt(length) <= MAX_DRAINED_BYTES) {
            response.exceptionHandler(ignored -> {});
            response.handler(ignored -> {});
            response.resume();
        } else {
            drop(response);
        }
    }

    private void drop(HttpClientResponse response) {
        inFlight = null;
        response.exceptionHandler(ignored -> {});
        var unused = response.request().reset();
    }

    private ProviderFailure failure(Problem.Kind kind, String code, String message) {
        return new ProviderFailure(Problem.of(kind, code, message), attempts);
    }

    /** No connection came about: nothing was sent, so trying again costs nothing. */
    private static final class NotConnected extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotConnected(Throwable cause) {
            super(cause);
        }

        static <T> Future<T> failed(Throwable cause) {
            return Future.failedFuture(new NotConnected(cause));
        }

        String reason() {
            Throwable cause = getCause();
            return cause == null ? "unknown" : cause.getClass().getSimpleName();
        }
    }

    private static final class TookTooLong extends RuntimeException {
        private static final long serialVersionUID = 1;

        TookTooLong() {
            super("no answer in time", null, false, false);
        }
    }
}
