package dev.tollgate.http;

import dev.tollgate.exchange.Steps;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.function.Consumer;

/** A provider's answer as bytes that come, and are let go of where nobody reads them to their end. */
final class AnswerSource {
    private final HttpClientResponse answer;
    private final Steps steps;
    private boolean isOver;

    AnswerSource(HttpClientResponse answer, Steps steps) {
        this.answer = answer;
        this.steps = steps;
    }

    /** Tells of what comes. It does not come before {@link #resume}. */
    void listen(Consumer<Buffer> piece, Runnable end, Runnable broken) {
        answer.exceptionHandler(steps.each(cause -> broken.run()));
        answer.handler(steps.each(piece::accept));
        answer.endHandler(steps.each(ignored -> {
            isOver = true;
            end.run();
        }));
    }

    /** Whether all of it has come, or no more of it is wanted. */
    boolean isOver() {
        return isOver;
    }

    void pause() {
        answer.pause();
    }

    void resume() {
        answer.resume();
    }

    /** Reads the rest for its bill only. */
    void drain(Intake intake, Duration idle, Runnable whenOver) {
        new ReplyDrain(answer, intake, idle, steps, () -> {
                    isOver = true;
                    whenOver.run();
                })
                .start();
    }

    /** Lets go of the provider: only while it answers, since later its connection may serve somebody else. */
    void drop() {
        if (!isOver) {
            isOver = true;
            if (!(answer instanceof KeptAnswer)) {
                var unused = answer.request().reset();
            }
        }
    }
}
