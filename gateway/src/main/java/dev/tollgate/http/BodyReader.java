package dev.tollgate.http;

import dev.tollgate.exchange.Body;
import dev.tollgate.exchange.BodySource;
import dev.tollgate.exchange.Steps;
import dev.tollgate.policy.LimitsPolicy;
import dev.tollgate.value.TimeSpan;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Locale;

/**
 * Takes a request body from its connection, which is paused until somebody asks. Refuses what is too large before taking it, and what
 * comes too slowly.
 */
final class BodyReader implements BodySource {
    private static final int TIMED_OUT = 408;
    private static final int TOO_LARGE = 413;
    private static final int UNSUPPORTED = 415;
    private static final int BAD_REQUEST = 400;
    private static final int UNAVAILABLE = 503;
    private static final int MIN_BYTES_PER_SECOND = 1024;
    private static final long GRACE_MILLIS = 15_000;

    /** What of a body may have come before somebody asks for it and reading stops: two or three reads from a connection. */
    private static final long AHEAD_BYTES = 128 * 1024;

    private final HttpServerRequest request;
    private final LimitsPolicy limits;
    private final Admission.Pass pass;
    private final Promise<Body> whole = Promise.promise();
    private final Steps steps;
    private final Pieces received = new Pieces();
    private long startedAt;
    private long lastAt;

    BodyReader(Vertx vertx, HttpServerRequest request, LimitsPolicy limits, Admission.Pass pass) {
        this.steps = new Steps(vertx, whole::tryFail);
        this.request = request;
        this.limits = limits;
        this.pass = pass;
    }

    /** How many bytes of a body may be in memory before it is read. */
    static long ahead(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            return Math.min(Long.parseLong(length), AHEAD_BYTES);
        }
        boolean mayHaveBody = request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
                || (request.version() == HttpVersion.HTTP_2 && !request.isEnded());
        return mayHaveBody ? AHEAD_BYTES : 0;
    }

    static String tooMany(LimitsPolicy limits) {
        return "the bodies of all calls under way exceed the limit bodies of " + limits.bodyBytes() + " bytes";
    }

    @Override
    public Future<Body> read() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null && Long.parseLong(length) > limits.body().bytes()) {
            return Future.failedFuture(tooLarge());
        }
        if (request.isEnded()) {
            pass.cameWhole();
            return Future.succeededFuture(Body.EMPTY);
        }
        startedAt = System.nanoTime() / 1_000_000;
        lastAt = startedAt;
        request.exceptionHandler(steps.each(
                broken -> whole.tryFail(new BodyRefused(BAD_REQUEST, "the body broke off or is malformed"))));
        request.endHandler(steps.each(ignored -> complete()));
        request.handler(steps.each(this::take));
        request.resume();
        // Most bodies come with their heads: for those a timer would cost more than taking them.
        steps.soon(this::startWatching);
        return whole.future();
    }

    private void startWatching() {
        if (!whole.future().isComplete()) {
            HeadGuard.watchBody(
                    request.connection(),
                    violation -> whole.tryFail(new BodyRefused(violation.status(), violation.message())));
            long watch = steps.every(1000, this::watch);
            steps.when(whole.future(), ignored -> {
                steps.cancel(watch);
                HeadGuard.forgetBody(request.connection());
            });
        }
    }

    private void take(Buffer piece) {
        lastAt = System.nanoTime() / 1_000_000;
        if (received.length() + (long) piece.length() > limits.body().bytes()) {
            stop(tooLarge());
            return;
        }
        if (!pass.came(piece.length(), limits.bodyBytes())) {
            stop(new BodyRefused(UNAVAILABLE, tooMany(limits)));
            return;
        }
        received.add(piece);
    }

    private void stop(BodyRefused refusal) {
        request.handler(null);
        request.pause();
        whole.tryFail(refusal);
    }

    private void watch() {
        long now = System.nanoTime() / 1_000_000;
        boolean idle = now - lastAt > limits.bodyIdle().toMillis();
        long seconds = (now - startedAt) / 1000;
        boolean crawls = now - startedAt > GRACE_MILLIS && received.length() < seconds * MIN_BYTES_PER_SECOND;
        if (idle || crawls) {
            request.pause();
            String limit = idle
                    ? "body_idle of " + TimeSpan.text(limits.bodyIdle())
                    : "body rate of " + MIN_BYTES_PER_SECOND + " bytes/s";
            whole.tryFail(new BodyRefused(TIMED_OUT, "the body came slower than the limit " + limit));
        }
    }

    private void complete() {
        List<String> codings = request.headers().getAll(HttpHeaders.CONTENT_ENCODING);
        String coding = codings.isEmpty() ? "" : codings.get(0).strip().toLowerCase(Locale.ROOT);
        if (codings.size() > 1 || coding.indexOf(',') >= 0) {
            whole.tryFail(new BodyRefused(UNSUPPORTED, "the body has more than one content coding, one is accepted"));
            return;
        }
        byte[] bytes = received.take();
        pass.cameWhole();
        whole.tryComplete(new Body(
                bytes,
                coding.equals("identity") || bytes.length == 0 ? "" : coding,
                new Body.CodingLimits(limits.body().toInt(), limits.decompressionRatio())));
    }

    private BodyRefused tooLarge() {
        return new BodyRefused(TOO_LARGE, "the body exceeds the limit body of " + limits.body());
    }
}
