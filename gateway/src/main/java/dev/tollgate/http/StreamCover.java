package dev.tollgate.http;

import dev.tollgate.exchange.Steps;
import dev.tollgate.wire.Problem;
import io.vertx.core.http.HttpClientResponse;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps a stream waiting while more is held for it, and ends it where no more can be. */
final class StreamCover {
    private final @Nullable SpendWatch watch;
    private final HttpClientResponse answer;
    private final Steps steps;
    private boolean waiting;

    /** @param watch null for an answer that nothing limits */
    StreamCover(@Nullable SpendWatch watch, HttpClientResponse answer, Steps steps) {
        this.watch = watch;
        this.answer = answer;
        this.steps = steps;
    }

    /** Whether the answer may not be read on for now. */
    boolean isWaiting() {
        return waiting;
    }

    /**
     * To be called after each piece.
     *
     * @param goOn called where the answer was kept waiting and may be read on
     * @param cut called where it may not, with what the client is told
     */
    void look(Runnable goOn, Consumer<Problem> cut) {
        SpendWatch watching = watch;
        if (watching == null || waiting || !watching.mayBeSpent()) {
            return;
        }
        waiting = true;
        answer.pause();
        steps.when(watching.cover(), more -> {
            waiting = false;
            if (more.succeeded() && more.result()) {
                goOn.run();
            } else {
                cut.accept(watching.cut());
            }
        });
    }
}
