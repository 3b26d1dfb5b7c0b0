package dev.tollgate.http;

import dev.tollgate.wire.RelayedText;
import io.vertx.core.Future;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many tokens of output have passed: counted up to somewhere, and from there bounded by their bytes. Counts nothing until asked to,
 * since most replies tell their usage. Used on the event loop of its exchange.
 */
final class OutputCount {
    private static final Logger LOG = LoggerFactory.getLogger(OutputCount.class);
    /** Text that is kept uncounted, in bytes as JSON writes them. */
    static final int MAX_KEPT_BYTES = 256 << 10;

    private final RelayedText output;
    private final Function<RelayedText.Piece, Future<Long>> counter;
    private long counted;
    private long underWay;
    private Future<Void> counting = Future.succeededFuture();

    /** @param counter counts the tokens of texts elsewhere and yields them here */
    OutputCount(RelayedText output, Function<RelayedText.Piece, Future<Long>> counter) {
        this.output = output;
        this.counter = counter;
    }

    /** No tokenizer makes more tokens than this of what has passed. */
    long most() {
        return counted + underWay + output.bytes();
    }

    /** To be called after each piece: counts what has come where too much of it would be kept. */
    void limit() {
        if (output.bytes() > MAX_KEPT_BYTES) {
            countKept();
        }
    }

    /** Counts what has passed by now. Where that fails, its bytes stand for it. */
    Future<Long> count() {
        countKept();
        return counting.map(done -> counted);
    }

    private void countKept() {
        long bytes = output.bytes();
        if (bytes == 0) {
            return;
        }
        underWay += bytes;
        Future<Void> kept = counter.apply(output.take())
                .otherwise(fault -> {
                    LOG.error("{} bytes of output could not be counted", bytes, fault);
                    return bytes;
                })
                .map(tokens -> {
                    underWay -= bytes;
                    counted += tokens;
                    return null;
                });
        Future<Void> before = counting;
        counting = kept.compose(done -> before);
    }
}
