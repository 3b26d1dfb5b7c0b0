package dev.tollgate.http;

import dev.tollgate.exchange.Steps;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;

/** Reads an answer to its end for its bill only: its client has gone. Bounded like an answer that is relayed. */
final class ReplyDrain implements Stall.Listener {
    private final HttpClientResponse answer;
    private final Intake intake;
    private final Steps steps;
    private final Runnable whenOver;
    private final Stall stall;
    private boolean over;

    /**
     * @param idle how long the provider may send nothing
     * @param whenOver called once, however it ended
     */
    ReplyDrain(HttpClientResponse answer, Intake intake, Duration idle, Steps steps, Runnable whenOver) {
        this.answer = answer;
        this.intake = intake;
        this.steps = steps;
        this.whenOver = whenOver;
        this.stall = new Stall(idle, steps, this);
    }

    void start() {
        answer.exceptionHandler(steps.each(broken -> end()));
        answer.handler(steps.each(this::onPiece));
        answer.endHandler(steps.each(ignored -> {
            intake.finish(Buffer.buffer());
            end();
        }));
        stall.start();
        answer.resume();
    }

    private void onPiece(Buffer piece) {
        if (over) {
            return;
        }
        stall.moved();
        intake.count(piece);
        boolean isDone = intake.isTooLarge() || intake.take(piece, Buffer.buffer()) >= 0;
        if (isDone) {
            cut();
        }
    }

    private void cut() {
        var unused = answer.request().reset();
        end();
    }

    private void end() {
        if (!over) {
            over = true;
            stall.stop();
            whenOver.run();
        }
    }

    @Override
    public void providerStalled() {
        cut();
    }

    @Override
    public void clientStalled() {
        throw new IllegalStateException("there is no client any more");
    }
}
