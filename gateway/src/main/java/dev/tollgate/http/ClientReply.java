package dev.tollgate.http;

import dev.tollgate.exchange.Allowance;
import dev.tollgate.wire.Dialect;
import dev.tollgate.wire.ErrorReply;
import dev.tollgate.wire.Problem;
import dev.tollgate.wire.Spoken;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The way back to one client: says problems in its own wire, whatever has gone out before. Used on its event loop only. */
final class ClientReply {
    private static final int OK = 200;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Dialect dialect;
    private final String exchangeId;
    private ReplyForm form = ReplyForm.OPEN;
    private boolean gone;
    private @Nullable Runnable onGone;
    private long bytes;
    private int status;
    private boolean saysSomething;
    private boolean atLineStart = true;
    private @Nullable Allowance rates;
    private final ArrayProgress array = new ArrayProgress();
    private @Nullable ReplyCapture capture;
    /** The form of the answer in which problems are told; null where they are told as errors. */
    private @Nullable ReplyForm words;

    ClientReply(HttpServerRequest request, Dialect dialect, String exchangeId) {
        this.request = request;
        this.response = request.response();
        this.dialect = dialect;
        this.exchangeId = exchangeId;
        response.exceptionHandler(ignored -> lost());
        response.closeHandler(ignored -> lost());
        // HTTP/1.1: a connection lost while the response has not begun shows here only.
        request.connection().exceptionHandler(ignored -> {});
    }

    private void lost() {
        if (!gone && !response.ended()) {
            gone = true;
            if (onGone != null) {
                onGone.run();
            }
        }
    }

    /** Calls back once if the client leaves before its reply has ended. */
    void onGone(Runnable callback) {
        onGone = callback;
    }

    boolean isGone() {
        return gone;
    }

    boolean hasBegun() {
        return form != ReplyForm.OPEN;
    }

    HttpServerResponse response() {
        return response;
    }

    /** Keeps what goes out from now on. */
    void captureWith(@Nullable ReplyCapture keeping) {
        capture = keeping;
    }

    /** Keeps what is about to go out as the last of it. */
    void captureTail(Buffer tail) {
        if (capture != null) {
            capture.take(tail);
            capture.close();
        }
    }

    /** Status sent or about to be sent; 0 if none is decided. */
    int status() {
        return status;
    }

    /** Bytes of body written so far. */
    long bytes() {
        return bytes;
    }

    /** Sets what every reply carries. To be called before {@link #begin}. */
    void identify() {
        response.putHeader("x-tollgate-exchange-id", exchangeId);
    }

    /** The reply tells which ticket the call waits or waited for, while its head is not sent. */
    void ticket(String id) {
        if (!response.headWritten()) {
            response.putHeader("x-tollgate-ticket", id);
        }
    }

    /** What every reply from now on tells of the rate limits. */
    void limitedBy(@Nullable Allowance taken) {
        rates = taken;
    }

    /** Sets the headers of the rate limits, in place of the provider's own of these names: the agent meets ours. */
    void tellRates() {
        if (rates != null) {
            dialect.rates(rates).forEach(response::putHeader);
        }
    }

    /** The media type in which this client expects a stream. */
    String streamType() {
        return dialect.streamType();
    }

    void begin(int withStatus, ReplyForm promised) {
        status = withStatus;
        form = promised;
        response.setStatusCode(withStatus);
    }

    Future<Void> write(Buffer piece) {
        saysSomething = true;
        if (form == ReplyForm.ARRAY) {
            array.feed(piece.getBytes());
        }
        if (piece.length() > 0) {
            byte last = piece.getByte(piece.length() - 1);
            atLineStart = last == '\n' || last == '\r';
        }
        return send(piece);
    }

    private Future<Void> send(Buffer piece) {
        bytes += piece.length();
        if (capture != null) {
            capture.take(piece);
        }
        return response.write(piece);
    }

    /** Ends a reply that has begun. */
    void end() {
        if (!gone && !response.ended()) {
            var unused = response.end();
        }
    }

    void end(Buffer whole) {
        bytes += whole.length();
        if (capture != null) {
            capture.take(whole);
        }
        if (!gone && !response.ended()) {
            var unused = response.end(whole);
        }
    }

    /** Breaks the connection off, so that the end does not look clean. */
    void reset() {
        if (!gone && !response.ended()) {
            gone = true;
            if (request.version() == HttpVersion.HTTP_2) {
                var unused = response.reset();
            } else {
                var unused = request.connection().close();
            }
        }
    }

    /**
     * From now on a problem is told as an answer whose text it is, where the wire has such a thing.
     *
     * @param answer the form in which the client expects it
     */
    void sayInWords(ReplyForm answer) {
        words = answer;
    }

    /** The status that a problem would get. */
    int statusOf(Problem problem) {
        if (hasBegun()) {
            return status;
        }
        boolean isSaid = words != null && dialect.spoken(problem, exchangeId).isPresent();
        return isSaid ? OK : dialect.error(problem, exchangeId).status();
    }

    /** Promises a good answer in this form. */
    void promise(ReplyForm answer) {
        identify();
        begin(OK, answer);
        boolean isEvents = answer == ReplyForm.STREAM || answer == ReplyForm.MESSAGES;
        response.putHeader(HttpHeaders.CONTENT_TYPE, isEvents ? streamType() : "application/json");
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    }

    /** Tells a problem and ends the reply, in whatever form has been promised. */
    void problem(Problem problem) {
        if (gone || response.ended()) {
            return;
        }
        Optional<Spoken> spoken = words == null ? Optional.empty() : dialect.spoken(problem, exchangeId);
        if (words != null && spoken.isPresent()) {
            say(spoken.get(), words);
            return;
        }
        switch (form) {
            case OPEN -> error(dialect.error(problem, exchangeId));
            case STREAM -> {
                Buffer last = Buffer.buffer(atLineStart ? "" : "\n\n");
                if (!saysSomething) {
                    last.appendBytes(dialect.streamOpening(exchangeId));
                }
                end(last.appendBytes(dialect.streamEnd(problem, exchangeId)));
            }
            case MESSAGES -> end(Buffer.buffer(dialect.messagesEnd(problem)));
            case ARRAY -> closeArray(dialect.arrayEnd(problem, exchangeId));
            case DOCUMENT -> {
                if (saysSomething) {
                    // No JSON document can be turned into an error half-way.
                    reset();
                } else {
                    // Under a good status an error is read as an answer without content.
                    end(Buffer.buffer(dialect.spoken(problem, exchangeId)
                            .map(Spoken::document)
                            .orElseGet(() -> dialect.error(problem, exchangeId).body())));
                }
            }
        }
    }

    private void say(Spoken spoken, ReplyForm answer) {
        if (form == ReplyForm.OPEN) {
            promise(answer);
            tellRates();
        }
        switch (form) {
            case STREAM -> end(Buffer.buffer(atLineStart ? "" : "\n\n").appendBytes(spoken.events()));
            case ARRAY -> closeArray(spoken.document());
            case DOCUMENT -> {
                if (saysSomething) {
                    reset();
                } else {
                    end(Buffer.buffer(spoken.document()));
                }
            }
            // No wire with binary events has answers in words.
            case MESSAGES, OPEN -> reset();
        }
    }

    private void closeArray(byte[] element) {
        String joint = array.joint();
        if (joint == null) {
            reset();
        } else {
            end(Buffer.buffer(joint).appendBytes(element).appendString("]"));
        }
    }

    /** Says that the gateway itself failed, or breaks the connection off where part of an answer has gone out. */
    void fail(Problem problem) {
        if (saysSomething) {
            reset();
        } else {
            problem(problem);
        }
    }

    private void error(ErrorReply error) {
        identify();
        // What SDKs put into their errors: OpenAI's read the one, Anthropic's the other.
        response.putHeader("x-request-id", exchangeId);
        response.putHeader("request-id", exchangeId);
        begin(error.status(), ReplyForm.DOCUMENT);
        response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        tellRates();
        error.headers().forEach(response::putHeader);
        // Over HTTP/2 the field would make the answer malformed (RFC 9113 §8.2.2).
        if (!request.isEnded() && request.version() != HttpVersion.HTTP_2) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        end(Buffer.buffer(error.body()));
        UnreadBody.leave(request);
    }

    /** Bytes that keep a held reply alive, in the form that was promised. */
    void heartbeat() {
        if (gone || response.ended()) {
            return;
        }
        boolean isEvents = form == ReplyForm.STREAM || form == ReplyForm.MESSAGES;
        var unused = send(isEvents ? Buffer.buffer(dialect.heartbeat()) : Buffer.buffer(" "));
    }
}
