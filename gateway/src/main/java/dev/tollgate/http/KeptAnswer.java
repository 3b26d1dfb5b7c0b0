package dev.tollgate.http;

import dev.tollgate.approval.KeptReply;
import dev.tollgate.audit.Spend;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Route;
import dev.tollgate.exchange.Target;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.pipeline.StageId;
import dev.tollgate.provider.Reply;
import dev.tollgate.wire.Problem;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpFrame;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamPriority;
import io.vertx.core.net.NetSocket;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A kept reply in the form in which a provider answers: paused at first, then one piece and its end. Belongs to one event loop. */
final class KeptAnswer implements HttpClientResponse {
    private static final int OK = 200;
    private static final String ERASED = "kept_reply_erased";

    private final Buffer body;
    private final MultiMap headers;
    private final Promise<Void> ended = Promise.promise();
    private @Nullable Handler<Buffer> onPiece;
    private @Nullable Handler<Void> onEnd;
    private boolean isPaused = true;
    private boolean isGiven;

    private KeptAnswer(KeptReply reply) {
        this.body = Buffer.buffer(reply.body());
        this.headers =
                MultiMap.caseInsensitiveMultiMap().add(HttpHeaderNames.CONTENT_TYPE.toString(), reply.contentType());
    }

    /** A kept reply as a provider's to this exchange. It is paid for already. */
    static Reply of(KeptReply reply, Exchange exchange) {
        return new Reply(new KeptAnswer(reply), servedBy(reply, exchange.route()), exchange.facts(), 0);
    }

    private void flow() {
        if (!isPaused && !isGiven && onPiece != null) {
            isGiven = true;
            onPiece.handle(body);
        }
        if (!isPaused && isGiven && ended.tryComplete() && onEnd != null) {
            onEnd.handle(null);
        }
    }

    @Override
    public HttpClientResponse fetch(long amount) {
        return amount > 0 ? resume() : this;
    }

    @Override
    public HttpClientResponse resume() {
        isPaused = false;
        flow();
        return this;
    }

    @Override
    public HttpClientResponse pause() {
        isPaused = true;
        return this;
    }

    @Override
    public HttpClientResponse exceptionHandler(@Nullable Handler<Throwable> handler) {
        return this;
    }

    @Override
    public HttpClientResponse handler(@Nullable Handler<Buffer> handler) {
        onPiece = handler;
        return this;
    }

    @Override
    public HttpClientResponse endHandler(@Nullable Handler<Void> handler) {
        onEnd = handler;
        return this;
    }

    @Override
    public HttpVersion version() {
        return HttpVersion.HTTP_1_1;
    }

    @Override
    public int statusCode() {
        return OK;
    }

    @Override
    public String statusMessage() {
        return "OK";
    }

    @Override
    public MultiMap headers() {
        return headers;
    }

    @Override
    public @Nullable String getHeader(String name) {
        return headers.get(name);
    }

    @Override
    public @Nullable String getHeader(CharSequence name) {
        return headers.get(name);
    }

    @Override
    public @Nullable String getTrailer(String name) {
        return null;
    }

    @Override
    public MultiMap trailers() {
        return MultiMap.caseInsensitiveMultiMap();
    }

    @Override
    public List<String> cookies() {
        return List.of();
    }

    @Override
    public Future<Buffer> body() {
        return Future.succeededFuture(body);
    }

    @Override
    public Future<Void> end() {
        return ended.future();
    }

    @Override
    public NetSocket netSocket() {
        throw new UnsupportedOperationException("a kept reply has no connection");
    }

    @Override
    public HttpClientResponse customFrameHandler(@Nullable Handler<HttpFrame> handler) {
        return this;
    }

    @Override
    public HttpClientRequest request() {
        throw new UnsupportedOperationException("a kept reply has no request");
    }

    @Override
    public HttpClientResponse streamPriorityHandler(@Nullable Handler<StreamPriority> handler) {
        return this;
    }

    /** What the record says of who gets it. */
    static Verdict verdict(KeptReply kept) {
        return new Verdict(
                StageId.TOOLS.id(),
                "proceed",
                Spend.KEPT_REPLY,
                List.of(),
                "answered with the kept reply of exchange " + kept.exchange(),
                0);
    }

    /** What the record says where the reply was erased. */
    static Verdict erased(KeptReply kept) {
        return new Verdict(
                StageId.TOOLS.id(),
                "deny",
                ERASED,
                List.of(),
                "the kept reply of exchange " + kept.exchange() + " was erased",
                0);
    }

    /** What its client is told then. */
    static Problem gone(KeptReply kept) {
        return Problem.of(
                Problem.Kind.POLICY,
                ERASED,
                "the reply to this call was kept for you while a person decided about it, and has been erased since (exchange "
                        + kept.exchange() + "); from " + kept.until().truncatedTo(ChronoUnit.SECONDS)
                        + " on the same call is a new one");
    }

    /** The target that gave the reply; the first of the route where that is in the route no more. */
    private static Target servedBy(KeptReply kept, Route route) {
        return route.targets().stream()
                .filter(target -> target.toString().equals(kept.target()))
                .findFirst()
                .orElse(route.targets().getFirst());
    }
}
