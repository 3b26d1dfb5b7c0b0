package dev.tollgate.http;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Steps;
import dev.tollgate.policy.LimitsPolicy;
import dev.tollgate.policy.RoutingPolicy.ClientGone;
import dev.tollgate.provider.Reply;
import dev.tollgate.wire.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import org.jspecify.annotations.Nullable;

/**
 * Passes one answer of a provider to the client as it comes, reads its usage on the way, and keeps its last bytes back until its end is on
 * the record.
 *
 * <pre>
 *   WAITING ──document, small──▶ whole ─────────────────▶ record.isDone() ──▶ head with cost, body, end
 *      └────stream or large──▶ head, pieces … last piece ─▶ record.isDone() ──▶ last piece, end
 * </pre>
 */
final class ReplyRelay implements Outlet.Source, Stall.Listener {
    /** Documents up to this size are passed on whole, so that their head can tell their cost. */
    private static final int MAX_WHOLE_BYTES = 1 << 20;

    private final Exchange exchange;
    private final Reply reply;
    private final HttpClientResponse answer;
    private final AnswerForm form;
    private final ClientReply client;
    private final ReplyOwner owner;
    private final Steps steps;
    private final ReplyProblems problems;
    private final Intake intake;
    private final Outlet outlet;
    private final StreamCover cover;
    private final ReplyRecord record;
    private final ReplyWords words;
    private final Stall stall;
    private final @Nullable ToolReview tools;
    private boolean whole;
    private boolean answered;
    private boolean over;

    /**
     * @param watch what the stream may come to; null where nothing limits it
     * @param tools judges the calls of tools in it; null where nobody does
     */
    ReplyRelay(
            Exchange exchange,
            Reply reply,
            Intake intake,
            @Nullable SpendWatch watch,
            ClientReply client,
            ReplyOwner owner,
            Steps steps,
            @Nullable ToolReview tools) {
        this.tools = tools;
        this.exchange = exchange;
        this.reply = reply;
        this.intake = intake;
        this.form = intake.form();
        this.answer = reply.response();
        this.client = client;
        this.owner = owner;
        this.steps = steps;
        LimitsPolicy limits = exchange.policy().bundle().server().limits();
        this.problems = new ReplyProblems(reply.target(), limits);
        this.outlet = new Outlet(client, this, steps);
        this.cover = new StreamCover(watch, answer, steps);
        this.record = new ReplyRecord(owner, client, outlet, intake.guard());
        this.words = new ReplyWords(exchange, client, intake, outlet);
        this.stall = new Stall(limits.replyIdle(), steps, this);
        // What is to be judged as a whole is not passed on in parts.
        this.whole =
                form.isDocument() || (tools != null && form.isJson() && !form.isArray()) || intake.isSearchedWhole();
    }

    void start() {
        if (intake.isTooLarge()) {
            breakOff(problems.tooLarge());
            return;
        }
        if (isStuck() || isBlocked()) {
            return;
        }
        answer.exceptionHandler(steps.each(broken -> breakOff(problems.brokeOff())));
        answer.handler(steps.each(this::onPiece));
        answer.endHandler(steps.each(ignored -> onEnd()));
        if (!whole) {
            begin();
        }
        answer.resume();
        // Small answers come with their heads: for those a timer would cost more than passing them on.
        steps.soon(() -> {
            if (!answered && !over) {
                stall.start();
            }
        });
    }

    /** The client has gone: nothing more is passed on. The answer is read to its end where the policy says so. */
    void abandon() {
        if (over) {
            return;
        }
        if (tools != null) {
            tools.abandon();
        }
        if (!record.isBegun()
                && !answered
                && exchange.policy().bundle().routing().clientGone() == ClientGone.DRAIN) {
            over = true;
            stall.stop();
            new ReplyDrain(answer, intake, problems.limits().replyIdle(), steps, () -> {
                        answered = true;
                        record.clientGone("");
                    })
                    .start();
            return;
        }
        abort();
        record.clientGone("");
    }

    /** Stops at once, without a word to anybody. */
    void abort() {
        over = true;
        if (tools != null) {
            tools.abandon();
        }
        stall.stop();
        drop();
    }

    /** The provider's status. */
    int status() {
        return form.status();
    }

    private void onPiece(Buffer piece) {
        if (over) {
            return;
        }
        stall.moved();
        intake.count(piece);
        if (tools != null) {
            tools.came(piece);
        }
        if (intake.isTooLarge()) {
            breakOff(problems.tooLarge());
            return;
        }
        int lastEventAt = intake.take(piece, outlet.gathered());
        if (isStuck() || isBlocked()) {
            return;
        }
        if (whole && form.isArray() && !intake.isSearchedWhole()) {
            // It has turned out to be a stream.
            whole = false;
            begin();
        }
        if (lastEventAt >= 0) {
            // The event that ends the answer: what it says may be acted on, so its record comes first.
            answer.pause();
            outlet.flushBefore(lastEventAt);
            judged(() -> record.completed(this::passTail));
            return;
        }
        cover.look(this::drained, this::cut);
        if (whole
                && !intake.isSearchedWhole()
                && outlet.size() > (tools == null ? MAX_WHOLE_BYTES : ToolReview.MAX_KEPT_BYTES)) {
            if (tools != null) {
                tools.cannotRead();
                if (isStuck()) {
                    return;
                }
            }
            whole = false;
            begin();
        }
        if (mayFlush()) {
            outlet.flushSoon();
        }
    }

    @Override
    public boolean mayFlush() {
        return !over && !whole && (record.isDone() || (!record.isBegun() && !intake.isLastPiece()));
    }

    @Override
    public void full() {
        answer.pause();
        stall.waitsForClient(true);
    }

    @Override
    public void drained() {
        stall.waitsForClient(false);
        if (!over && (!record.isBegun() || record.isDone()) && !cover.isWaiting()) {
            answer.resume();
        }
    }

    /** A part of the reply could call a tool, and cannot be judged: the client learns that instead. */
    private boolean isStuck() {
        boolean isStuck = tools != null && tools.isStuck();
        if (isStuck) {
            breakOff(ToolReview.stuck());
        }
        return isStuck;
    }

    /** A rule found what must not reach the client: it learns that instead. */
    private boolean isBlocked() {
        Problem problem = intake.blocked();
        if (problem != null) {
            end(ReplyOwner.End.BLOCKED, problem);
        }
        return problem != null;
    }

    /** No budget has anything left for more of the stream. */
    private void cut(Problem problem) {
        end(ReplyOwner.End.CUT, problem);
    }

    private void end(String result, Problem problem) {
        if (!over && !record.isBegun()) {
            abort();
            forgetDocument();
            record.cut(result, problem, () -> words.say(problem));
        }
    }

    private void passTail() {
        if (over) {
            return;
        }
        if (answered) {
            finish();
        } else {
            outlet.flush();
            if (!client.response().writeQueueFull()) {
                answer.resume();
            }
        }
    }

    private void onEnd() {
        answered = true;
        stall.stop();
        if (over) {
            return;
        }
        int endOfEvents = outlet.size();
        intake.finish(outlet.gathered());
        if (!intake.isSearchedWhole()) {
            ended(endOfEvents);
            return;
        }
        steps.when(intake.search(outlet), searched -> {
            if (searched.succeeded()) {
                ended(endOfEvents);
            } else {
                breakOff(problems.notSearched());
            }
        });
    }

    private void ended(int endOfEvents) {
        if (over || isStuck() || isBlocked()) {
            return;
        }
        if (record.isDone()) {
            finish();
        } else if (!record.isBegun() && intake.isCutShort()) {
            cutShort(endOfEvents);
        } else if (!record.isBegun()) {
            judged(() -> record.completed(this::finish));
        }
    }

    /** Goes on when the calls of tools that were kept back are judged. */
    private void judged(Runnable then) {
        if (tools == null || !(whole || tools.isKeeping())) {
            then.run();
            return;
        }
        if (isStuck()) {
            return;
        }
        stall.stop();
        tools.judge(whole, outlet, owner, () -> {
            if (!over && !isStuck()) {
                stall.moved();
                if (!answered) {
                    stall.start();
                }
                then.run();
            }
        });
    }

    /** The stream ended cleanly without its last event: clients take that for success, although the model was cut off. */
    private void cutShort(int endOfEvents) {
        Problem problem = problems.cutShort();
        if (words.explains()) {
            over = true;
            outlet.cutAt(endOfEvents);
            record.failed(problem, () -> words.tell(problem));
        } else {
            record.failed(problem, this::finish);
        }
    }

    private void finish() {
        if (over) {
            return;
        }
        over = true;
        if (whole) {
            begin();
        }
        outlet.end();
    }

    private void begin() {
        // A held call has promised its form already; this answer continues it.
        if (!client.hasBegun()) {
            ReplyHead.begin(exchange, reply, form, client, owner, whole);
        }
    }

    private void breakOff(Problem problem) {
        if (over) {
            return;
        }
        if (!record.isBegun()) {
            abort();
            forgetDocument();
            record.failed(problem, () -> words.tell(problem));
            return;
        }
        // Its end is on the record, or about to be: what is missing was only the provider's way to close.
        stall.stop();
        drop();
        if (record.isDone()) {
            finish();
        }
    }

    /** A part of a document is worth nothing, and nobody has judged it. */
    private void forgetDocument() {
        if (whole) {
            outlet.cutAt(0);
        }
    }

    @Override
    public void providerStalled() {
        breakOff(problems.stalled());
    }

    @Override
    public void clientStalled() {
        if (!over) {
            abort();
            client.reset();
            record.clientGone("client_stalled");
        }
    }

    /** Lets go of the provider: only while it answers, since later its connection may serve somebody else. */
    private void drop() {
        if (!answered) {
            answered = true;
            if (!(answer instanceof KeptAnswer)) {
                var unused = answer.request().reset();
            }
        }
    }
}
