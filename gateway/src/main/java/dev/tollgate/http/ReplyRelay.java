package dev.tollgate.http;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Steps;
import dev.tollgate.policy.LimitsPolicy;
import dev.tollgate.policy.RoutingPolicy.ClientGone;
import dev.tollgate.provider.Reply;
import io.vertx.core.buffer.Buffer;
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
final class ReplyRelay implements Outlet.Source, Stall.Listener, ReplyEnding.Relay {
    private final Exchange exchange;
    private final Reply reply;
    private final AnswerSource source;
    private final AnswerForm form;
    private final ClientReply client;
    private final ReplyOwner owner;
    private final Steps steps;
    private final ReplyProblems problems;
    private final Intake intake;
    private final Outlet outlet;
    private final StreamCover cover;
    private final ReplyRecord record;
    private final ReplyEnding ending;
    private final Stall stall;
    private final ReplyChecks checks;
    private boolean isJudging;
    private boolean whole;
    private boolean over;

    /**
     * @param watch what the stream may come to; null where nothing limits it
     */
    ReplyRelay(
            Exchange exchange,
            Reply reply,
            Intake intake,
            @Nullable SpendWatch watch,
            ClientReply client,
            ReplyOwner owner,
            Steps steps) {
        this.exchange = exchange;
        this.reply = reply;
        this.intake = intake;
        this.form = intake.form();
        this.source = new AnswerSource(reply.response(), steps);
        this.client = client;
        this.owner = owner;
        this.steps = steps;
        LimitsPolicy limits = exchange.policy().bundle().server().limits();
        this.problems = new ReplyProblems(reply.target(), limits);
        this.outlet = new Outlet(client, this, steps);
        this.cover = new StreamCover(watch, reply.response(), steps);
        this.record = new ReplyRecord(owner, client, outlet, intake.guard());
        ReplyWords words = new ReplyWords(exchange, client, intake, outlet);
        this.ending = new ReplyEnding(this, record, words, outlet);
        this.checks = new ReplyChecks(intake, outlet, ending);
        this.stall = new Stall(limits.replyIdle(), steps, this);
        // What is to be judged as a whole is not passed on in parts.
        this.whole = form.isDocument() || checks.wantWhole();
    }

    void start() {
        if (intake.isTooLarge()) {
            ending.breakOff(problems.tooLarge());
            return;
        }
        if (checks.stop()) {
            return;
        }
        source.listen(this::onPiece, this::onEnd, () -> ending.breakOff(problems.brokeOff()));
        if (!whole) {
            begin();
        }
        source.resume();
        // Small answers come with their heads: for those a timer would cost more than passing them on.
        steps.soon(() -> {
            if (!source.isOver() && !over && !isJudging) {
                stall.start();
            }
        });
    }

    /** The client has gone: nothing more is passed on. The answer is read to its end where the policy says so. */
    void abandon() {
        if (over) {
            return;
        }
        checks.abandon();
        if (!record.isBegun()
                && !source.isOver()
                && exchange.policy().bundle().routing().clientGone() == ClientGone.DRAIN) {
            over = true;
            stall.stop();
            source.drain(intake, problems.limits().replyIdle(), () -> record.clientGone(""));
            return;
        }
        abort();
        record.clientGone("");
    }

    @Override
    public void abort() {
        over = true;
        checks.abandon();
        letGo();
    }

    @Override
    public void letGo() {
        stall.stop();
        source.drop();
    }

    @Override
    public void close() {
        over = true;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public boolean isWhole() {
        return whole;
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
        checks.came(piece);
        if (intake.isTooLarge()) {
            ending.breakOff(problems.tooLarge());
            return;
        }
        int lastEventAt = intake.take(piece, outlet.gathered());
        if (checks.stop()) {
            return;
        }
        if (whole && form.isArray() && !intake.isSearchedWhole()) {
            // It has turned out to be a stream.
            whole = false;
            begin();
        }
        if (lastEventAt >= 0) {
            // The event that ends the answer: what it says may be acted on, so its record comes first.
            source.pause();
            outlet.flushBefore(lastEventAt);
            judged(() -> record.completed(this::passTail));
            return;
        }
        cover.look(this::drained, problem -> ending.cut(ReplyOwner.End.CUT, problem));
        if (whole && checks.isTooLongToWait()) {
            if (checks.stop()) {
                return;
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
        source.pause();
        stall.waitsForClient(true);
    }

    @Override
    public void drained() {
        stall.waitsForClient(false);
        if (!over && (!record.isBegun() || record.isDone()) && !cover.isWaiting()) {
            source.resume();
        }
    }

    private void passTail() {
        if (over) {
            return;
        }
        if (source.isOver()) {
            finish();
        } else {
            outlet.flush();
            if (!client.response().writeQueueFull()) {
                source.resume();
            }
        }
    }

    private void onEnd() {
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
                ending.breakOff(problems.notSearched());
            }
        });
    }

    private void ended(int endOfEvents) {
        if (over || checks.stop()) {
            return;
        }
        if (record.isDone()) {
            finish();
        } else if (!record.isBegun() && intake.isCutShort()) {
            ending.cutShort(problems.cutShort(), endOfEvents);
        } else if (!record.isBegun()) {
            judged(() -> record.completed(this::finish));
        }
    }

    /** Goes on when the calls of tools that were kept back are judged. */
    private void judged(Runnable then) {
        if (!checks.isToJudge(whole)) {
            then.run();
        } else if (!checks.stop()) {
            // Nobody stalls while a person thinks, for hours perhaps.
            isJudging = true;
            stall.stop();
            checks.judge(whole, owner, () -> {
                isJudging = false;
                if (!over && !checks.stop()) {
                    stall.moved();
                    if (!source.isOver()) {
                        stall.start();
                    }
                    then.run();
                }
            });
        }
    }

    @Override
    public void finish() {
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

    @Override
    public void providerStalled() {
        ending.breakOff(problems.stalled());
    }

    @Override
    public void clientStalled() {
        if (!over) {
            abort();
            client.reset();
            record.clientGone("client_stalled");
        }
    }
}
