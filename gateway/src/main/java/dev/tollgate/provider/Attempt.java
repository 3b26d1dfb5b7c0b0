package dev.tollgate.provider;

import dev.tollgate.exchange.Steps;
import dev.tollgate.policy.LimitsPolicy;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.buffer.BufferInternal;
import org.jspecify.annotations.Nullable;

/** One request to one target, up to the head of its answer. */
final class Attempt {
    private static final int MAX_DRAINED_BYTES = 64 * 1024;

    private final ConnectionPools pools;
    private final LimitsPolicy limits;
    private final Steps steps;
    private final Promise<HttpClientResponse> head = Promise.promise();
    private @Nullable HttpClientRequest inFlight;
    private boolean cancelled;

    Attempt(ConnectionPools pools, LimitsPolicy limits, Steps steps) {
        this.pools = pools;
        this.limits = limits;
        this.steps = steps;
    }

    /**
     * Sends a request. Yields the answer, paused; fails with {@link NotConnected} where nothing was sent, with {@link TookTooLong} where no answer
     * began in time.
     */
    Future<HttpClientResponse> send(UpstreamRequest request) {
        return request.authorised().compose(headers -> {
            RequestOptions options = new RequestOptions()
                    .setMethod(request.method())
                    .setHost(request.upstream().host())
                    .setPort(request.upstream().port())
                    .setSsl(request.upstream().tls())
                    .setURI(request.uri())
                    .setHeaders(headers)
                    // Looking the name up and waiting for a place in the pool count too: either may take for ever.
                    .setConnectTimeout(limits.connect().toMillis());
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
        long deadline = steps.after(limits.firstByte().toMillis(), () -> {
            if (head.tryFail(new TookTooLong())) {
                var unused = open.reset();
            }
        });
        Future<HttpClientResponse> response = body.length == 0 ? open.send() : open.send(shared(body));
        steps.when(response, answered -> {
            steps.cancel(deadline);
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

    /** Bodies are never written to: nobody needs a copy of this one. */
    private static Buffer shared(byte[] body) {
        return BufferInternal.buffer(Unpooled.wrappedBuffer(body));
    }

    /** Whether the provider may have it and has not answered. */
    boolean isInFlight() {
        return inFlight != null;
    }

    /** Ends it, if it is in flight. */
    void cancel() {
        cancelled = true;
        if (inFlight != null) {
            // Only what is in flight: the connection may serve somebody else by now.
            var unused = inFlight.reset();
            inFlight = null;
        }
    }

    /** Nothing is in flight any more: the answer was taken whole, or is somebody else's to end. */
    void finished() {
        inFlight = null;
    }

    /** Reads a small answer to its end, so that its connection can be used again; cuts a large one off. */
    void discard(HttpClientResponse response) {
        String length = response.getHeader("content-length");
        if (length != null && length.length() < 6 && Integer.parseInt(length) <= MAX_DRAINED_BYTES) {
            inFlight = null;
            response.exceptionHandler(ignored -> {});
            response.handler(ignored -> {});
            response.resume();
        } else {
            drop(response);
        }
    }

    /** Cuts an answer off. */
    void drop(HttpClientResponse response) {
        inFlight = null;
        response.exceptionHandler(ignored -> {});
        var unused = response.request().reset();
    }

    /** No connection came about: nothing was sent, so trying again costs nothing. */
    static final class NotConnected extends RuntimeException {
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

    static final class TookTooLong extends RuntimeException {
        private static final long serialVersionUID = 1;

        TookTooLong() {
            super("no answer in time", null, false, false);
        }
    }

    /** The target answered that it could not answer. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Failed() {
            super("a status above 499", null, false, false);
        }
    }
}
