package dev.tollgate.http;

import dev.tollgate.policy.LimitsPolicy;
import dev.tollgate.wire.AwsMessageReader;
import dev.tollgate.wire.JsonArrayReader;
import dev.tollgate.wire.Problem;
import dev.tollgate.wire.ReplyMeter;
import dev.tollgate.wire.SseReader;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes the pieces of a provider's answer: counts them, reads usage from them, and hands on what the client is to get. */
final class Intake {
    /** Documents up to this size are read for usage. */
    private static final int MAX_READ_BYTES = 8 << 20;
    /** Searching more takes more than a millisecond. */
    private static final int LONG_BYTES = 32 * 1024;

    private final AnswerForm form;
    private final ReplyMeter meter;
    private final OutputCount count;
    private final long maxBytes;
    private final int maxEventBytes;
    private final Review review;
    private @Nullable EventCutter events;
    /** Whether what comes is kept to be read at the end. */
    private boolean isRead;
    /** What came of it so far; dropped when it is not read after all. */
    private @Nullable Pieces read = new Pieces();

    private boolean isUndecided;
    private long received;

    Intake(AnswerForm form, ReplyMeter meter, OutputCount count, LimitsPolicy limits, Review review) {
        this.review = review;
        this.form = form;
        this.meter = meter;
        this.count = count;
        this.maxBytes = limits.reply().bytes();
        this.maxEventBytes = limits.sseEvent().toInt();
        this.isUndecided = form.isArray();
        if (form.isEvents()) {
            events = new EventCutter(new SseReader(maxEventBytes), meter, review);
        } else if (form.isMessages()) {
            events = new EventCutter(new AwsMessageReader(maxEventBytes), meter, review);
        } else if (form.isJson()) {
            isRead = true;
        }
    }

    /** What the answer's head says of its body. */
    AnswerForm form() {
        return form;
    }

    /** Whether more has come, or is announced, than a reply may have. */
    boolean isTooLarge() {
        return received > maxBytes || (form.length() > maxBytes && !form.isEmpty());
    }

    /** Whether nothing is missing of a document that announced its length. */
    boolean isLastPiece() {
        return events == null && form.length() >= 0 && received >= form.length();
    }

    void count(Buffer piece) {
        received += piece.length();
    }

    /**
     * Reads a piece and adds to {@code to} what the client gets of it.
     *
     * @return where in {@code to} the event begins that ends the answer; -1 if it did not come with this piece
     */
    int take(Buffer piece, Buffer to) {
        if (isUndecided) {
            decide(piece);
        }
        if (events != null) {
            boolean isLast = events.take(piece, to);
            count.limit();
            return isLast ? events.lastEventAt() : -1;
        }
        if (isRead) {
            keep(piece);
        }
        to.appendBuffer(piece);
        return -1;
    }

    private void keep(Buffer piece) {
        isRead = read != null && read.length() + piece.length() <= MAX_READ_BYTES;
        if (isRead && read != null) {
            read.add(piece);
        } else {
            read = null;
        }
    }

    /** Whether a stream that should be an array is one shows at its first byte. */
    private void decide(Buffer piece) {
        int at = 0;
        while (at < piece.length() && piece.getByte(at) <= ' ') {
            at++;
        }
        if (at < piece.length()) {
            isUndecided = false;
            if (piece.getByte(at) == '[') {
                events = new EventCutter(new JsonArrayReader(maxEventBytes), meter, review);
                isRead = false;
                read = null;
            } else {
                review.cannotRead();
            }
        }
    }

    /** The answer is over: hands on what is left, and reads what is read at the end. */
    void finish(Buffer to) {
        if (events != null) {
            events.finish(to);
        }
        if (isRead) {
            meter.onBody(read == null ? new byte[0] : read.take());
            isRead = false;
            read = null;
        }
    }

    /** The answer broke off: hands on what came whole. */
    void breakOff(Buffer to) {
        if (events != null) {
            events.breakOff(to);
        }
    }

    /** Whether a stream ended without having told that the model was done. */
    boolean isCutShort() {
        return events != null && form.isSuccess() && !meter.sawEnd();
    }

    /** Whether all of a document must be there before any of it may go out. */
    boolean isSearchedWhole() {
        return review.guard() != null && events == null && form.isJson();
    }

    /** Looks at what the answer says; null where nobody does. */
    @Nullable
    ReplyGuard guard() {
        return review.guard();
    }

    /** Judges the calls of tools in it; null where nobody does. */
    @Nullable
    ToolReview tools() {
        return review.tools();
    }

    /** Why the answer must not go on; null as long as it may. */
    @Nullable
    Problem blocked() {
        ReplyGuard guard = review.guard();
        return guard == null ? null : guard.problem();
    }

    /** The answer is over: looks through a document before any of it goes out, on a worker where that would hold the event loop up. */
    Future<Void> search(Outlet outlet) {
        ReplyGuard searching = review.guard();
        if (searching == null || !isSearchedWhole() || !form.isSuccess() || outlet.size() == 0) {
            return Future.succeededFuture();
        }
        byte[] document = outlet.gathered().getBytes();
        Future<Optional<byte[]>> passed = document.length > LONG_BYTES
                ? review.workers().run(() -> searching.document(document))
                : Future.succeededFuture(searching.document(document));
        return passed.map(bytes -> {
            outlet.replace(bytes.orElseGet(() -> new byte[0]));
            return null;
        });
    }
}
