package dev.tollgate.http;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.policy.LimitsPolicy;
import dev.tollgate.policy.RoutingPolicy.StreamFailure;
import dev.tollgate.provider.Reply;
import dev.tollgate.wire.Problem;
import dev.tollgate.wire.ReplyMeter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes one answer of a provider to the client as it comes, reads its usage on the way, and keeps its last bytes back until its end is on
 * the record.
 *
 * <pre>
 *   WAITING ──document, small──▶ whole ─────────────────▶ recorded ──▶ head with cost, body, end
 *      └────stream or large──▶ head, pieces … last piece ─▶ recorded ──▶ last piece, end
 * </pre>
 */
final class ReplyRelay {
    private static final Logger LOG = LoggerFactory.getLogger(ReplyRelay.class);
    /** Documents up to this size are passed on whole, so that their head can tell their cost. */
    private static final int MAX_WHOLE_BYTES = 1 << 20;
    /** Documents up to this size are read for usage. */
    private static final int MAX_READ_BYTES = 8 << 20;

    /** What the owner does at the turns of a relay. */
    interface Owner {
        /** The reply is over, one way or other: settle and record it, then continue. Called once. */
        void ended(String result, String code, Runnable recorded);

        /** Headers that tell what the exchange cost, set before the head goes out. */
        void describe(HttpServerResponse response, boolean isFinal);
    }

    private final Exchange exchange;
    private final Reply reply;
    private final HttpClientResponse answer;
    private final ClientReply client;
    private final ReplyMeter meter;
    private final Owner owner;
    private final Context context;
    private final LimitsPolicy limits;
    private final @Nullable EventCutter events;
    private final boolean isJson;
    private Buffer held = Buffer.buffer();
    private @Nullable Buffer read;
    private boolean whole;
    private boolean flushPending;
    private boolean recording;
    private boolean recorded;
    private boolean answered;
    private boolean over;
    private long received;
    private long announced = -1;
    private long lastAt = System.nanoTime();
    private @Nullable Long idleTimer;

    ReplyRelay(Exchange exchange, Reply reply, ClientReply client, ReplyMeter meter, Owner owner, Context context) {
        this.exchange = exchange;
        this.reply = reply;
        this.answer = reply.response();
        this.client = client;
        this.meter = meter;
        this.owner = owner;
        this.context = context;
        this.limits = exchange.policy().bundle().server().limits();
        String type = header("content-type").toLowerCase(Locale.ROOT);
        boolean isStream = type.startsWith("text/event-stream");
        boolean isCoded = !header("content-encoding").isEmpty();
        this.isJson = type.contains("json") && !isCoded;
        this.events = isStream && !isCoded ? new EventCutter(limits.sseEvent().toInt(), meter) : null;
        this.whole = !isStream && !exchange.facts().streams() && (isJson || hasNoBody());
        // Bedrock tells its usage in a binary stream of events, which the meter reads at its end.
        boolean isBinaryEvents = type.startsWith("application/vnd.amazon.eventstream") && !isCoded;
        this.read = isJson || isBinaryEvents ? Buffer.buffer() : null;
    }

    void start() {
        String length = header("content-length");
        if (!length.isEmpty()) {
            announced = Long.parseLong(length);
        }
        if (announced > limits.reply().bytes()) {
            breakOff(tooLarge());
            return;
        }
        answer.exceptionHandler(broken -> safely(() -> breakOff(brokeOff())));
        answer.handler(piece -> safely(() -> onPiece(piece)));
        answer.endHandler(ignored -> safely(this::onEnd));
        if (!whole) {
            begin();
        }
        answer.resume();
        // Small answers come with their heads: for those a timer would cost more than passing them on.
        context.runOnContext(ignored -> startWatching());
    }

    /** A fault of ours must end the exchange, not leave its client waiting for ever. */
    private void safely(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException fault) {
            LOG.error("exchange {} ended by a fault of the gateway", exchange.id(), fault);
            over = true;
            stopWatching();
            var unused = answer.request().reset();
            client.reset();
        }
    }

    /** The client has gone: nothing more is passed on. */
    void abandon() {
        if (!over) {
            over = true;
            stopWatching();
            record("client_gone", "", () -> {});
        }
    }

    /** The provider's status. */
    int status() {
        return answer.statusCode();
    }

    private void onPiece(Buffer piece) {
        if (over) {
            return;
        }
        lastAt = System.nanoTime();
        received += piece.length();
        if (received > limits.reply().bytes()) {
            breakOff(tooLarge());
            return;
        }
        keepForReading(piece);
        if (events == null) {
            held.appendBuffer(piece);
        } else if (events.take(piece, held)) {
            // The event that ends the answer: what it says may be acted on, so its record comes first.
            answer.pause();
            flushBefore(events.lastEventAt());
            record("completed", "", this::passTail);
            return;
        }
        if (whole && held.length() > MAX_WHOLE_BYTES) {
            whole = false;
            begin();
        }
        if (!whole && !recording && !isFinalPiece()) {
            flushSoon();
        }
    }

    private boolean isFinalPiece() {
        return announced >= 0 && received >= announced;
    }

    private void keepForReading(Buffer piece) {
        if (read != null) {
            if (read.length() + piece.length() > MAX_READ_BYTES) {
                read = null;
            } else {
                read.appendBuffer(piece);
            }
        }
    }

    /** Pieces that arrive in one turn of the event loop leave in one write: alone, each costs twice the CPU. */
    private void flushSoon() {
        if (!flushPending && held.length() > 0) {
            flushPending = true;
            context.runOnContext(ignored -> {
                flushPending = false;
                if (!recording && !over && !(isFinalPiece() && events == null)) {
                    flush();
                }
            });
        }
    }

    private void flush() {
        if (held.length() == 0 || client.isGone()) {
            return;
        }
        Buffer out = held;
        held = Buffer.buffer();
        var unused = client.write(out);
        HttpServerResponse response = client.response();
        if (response.writeQueueFull()) {
            answer.pause();
            response.drainHandler(ignored -> {
                if (!recording || recorded) {
                    answer.resume();
                }
            });
        }
    }

    private void flushBefore(int position) {
        Buffer tail = held.getBuffer(position, held.length());
        held = held.getBuffer(0, position);
        flush();
        held = tail;
    }

    private void passTail() {
        if (client.isGone() || over) {
            return;
        }
        flush();
        if (answered) {
            finish();
        } else {
            answer.resume();
        }
    }

    private void onEnd() {
        answered = true;
        stopWatching();
        if (over) {
            return;
        }
        if (events != null) {
            events.finish(held);
        }
        if (read != null) {
            meter.onBody(read.getBytes());
            read = null;
        }
        if (recorded) {
            flush();
            finish();
        } else if (!recording) {
            record("completed", "", this::finish);
        }
    }

    private void finish() {
        if (over) {
            return;
        }
        over = true;
        if (whole) {
            begin();
            sendWhole();
        } else if (held.length() > 0) {
            client.end(held);
        } else {
            client.end();
        }
    }

    private void sendWhole() {
        if (hasNoBody()) {
            if (announced >= 0) {
                client.response().putHeader("content-length", Long.toString(announced));
            }
            client.end();
        } else {
            client.end(held);
        }
    }

    private void begin() {
        HttpServerResponse response = client.response();
        if (client.hasBegun()) {
            // A held call has promised its form already; this answer continues it.
            return;
        }
        client.identify();
        client.begin(answer.statusCode(), events != null);
        ReplyHeaders.copy(answer, response.headers(), exchange.policy().bundle().routing());
        response.putHeader("x-tollgate-model", reply.target().toString());
        owner.describe(response, whole);
        if (!whole) {
            if (announced >= 0 && events == null) {
                response.putHeader("content-length", Long.toString(announced));
            } else {
                response.setChunked(true);
            }
            var unused = response.writeHead();
        }
    }

    private void breakOff(Problem problem) {
        if (over) {
            return;
        }
        stopWatching();
        over = true;
        answer.request().reset();
        boolean explain = exchange.policy().bundle().routing().streamFailure() == StreamFailure.EXPLAIN;
        if (recorded || recording) {
            // Its end is on the record already: what is missing was only the provider's way to close.
            client.end(held);
            return;
        }
        record("provider_error", problem.code(), () -> {
            if (!client.hasBegun()) {
                client.problem(problem);
            } else {
                flush();
                if (events != null && explain) {
                    client.problem(problem);
                } else {
                    client.reset();
                }
            }
        });
    }

    private void record(String result, String code, Runnable then) {
        recording = true;
        owner.ended(result, code, () -> {
            recorded = true;
            then.run();
        });
    }

    private void watchIdle(long millis) {
        if ((System.nanoTime() - lastAt) / 1_000_000 > millis
                && !client.response().writeQueueFull()) {
            breakOff(Problem.of(
                    Problem.Kind.UPSTREAM_TIMEOUT,
                    "provider_stalled",
                    reply.target() + " sent nothing for the limit reply_idle of "
                            + limits.replyIdle().toSeconds() + " s"));
        }
    }

    private void startWatching() {
        if (!answered && !over) {
            long millis = limits.replyIdle().toMillis();
            idleTimer = vertx().setPeriodic(Math.max(1, millis / 4), ignored -> watchIdle(millis));
        }
    }

    private void stopWatching() {
        if (idleTimer != null) {
            vertx().cancelTimer(idleTimer);
        }
    }

    private boolean hasNoBody() {
        int status = answer.statusCode();
        return HttpMethod.HEAD.name().equals(exchange.inbound().method()) || status == 204 || status == 304;
    }

    private Problem tooLarge() {
        return Problem.of(
                Problem.Kind.UPSTREAM,
                "reply_too_large",
                reply.target() + " sent more than the limit reply of " + limits.reply());
    }

    private Problem brokeOff() {
        return Problem.of(
                Problem.Kind.UPSTREAM, "provider_broke_off", reply.target() + " broke off in the middle of its answer");
    }

    private String header(String name) {
        String value = answer.getHeader(name);
        return value == null ? "" : value;
    }

    private Vertx vertx() {
        return context.owner();
    }
}
