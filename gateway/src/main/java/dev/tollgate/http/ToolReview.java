package dev.tollgate.http;

import dev.tollgate.approval.KeptReplies;
import dev.tollgate.approval.ToolRules;
import dev.tollgate.approval.ToolRules.Ruling;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Steps;
import dev.tollgate.exchange.Target;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.provider.Reply;
import dev.tollgate.wire.CalledTool;
import dev.tollgate.wire.Problem;
import dev.tollgate.wire.ToolGate;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges the calls of tools in one reply before its client sees them: passes them as they came, takes them out with the reason in their
 * place, or lets a person decide. What cannot be read is not passed.
 */
final class ToolReview {
    /** Most bytes of a reply that wait for their end to be judged. */
    static final int MAX_KEPT_BYTES = 8 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(ToolReview.class);
    private static final int NANOS_PER_MICRO = 1000;

    private final DataPlane plane;
    private final Exchange exchange;
    private final Target served;
    private final String contentType;
    private final Steps steps;
    private final boolean enforces;
    private final ToolGate gate;
    private final ToolOutcome outcome = new ToolOutcome();
    private final ToolQuestions questions;
    private ToolJudge judge;
    /** The reply as it came; null where there is too much of it to be kept. */
    private @Nullable Buffer raw = Buffer.buffer();

    private @Nullable Problem refusal;
    private boolean isKept;
    private boolean isAbandoned;
    private boolean isBlind;
    private long micros;

    private ToolReview(DataPlane plane, Exchange exchange, Reply reply, ClientReply client, Steps steps) {
        this.plane = plane;
        this.exchange = exchange;
        this.served = reply.target();
        this.contentType = Objects.requireNonNullElse(reply.response().getHeader("content-type"), "");
        this.steps = steps;
        this.judge = ToolJudge.of(exchange, served);
        this.enforces = judge.enforces();
        Caller caller = exchange.caller();
        ToolRules rules = judge.rules();
        this.gate = new ToolGate(tool -> rules.mayKeepBack(caller, tool));
        this.questions = new ToolQuestions(plane, client, steps, gate, outcome);
    }

    /** Null where no rule keeps calls back, or the reply is an error. */
    static @Nullable ToolReview of(
            DataPlane plane, Exchange exchange, Reply reply, AnswerForm form, ClientReply client, Steps steps) {
        ToolRules rules = exchange.policy().view(ToolRules.class);
        return rules.judgeCalls() && form.isSuccess() ? new ToolReview(plane, exchange, reply, client, steps) : null;
    }

    /** Takes down what came, before anything is done with it. */
    void came(Buffer piece) {
        if (raw != null) {
            raw = enforces && raw.length() + piece.length() <= KeptReplies.MAX_BYTES ? raw.appendBuffer(piece) : null;
        }
    }

    /** Whether an event is kept back until the reply has ended. */
    boolean keeps(byte[] raw, @Nullable String name, byte @Nullable [] data) {
        return gate.keeps(raw, name, data);
    }

    /** A part of the reply cannot be read, and could call a tool. */
    void cannotRead() {
        isBlind = true;
    }

    /** Whether the reply must not pass: a part of it cannot be judged, or too much waits. */
    boolean isStuck() {
        return enforces && (isBlind || gate.isUnreadable() || gate.keptBytes() > MAX_KEPT_BYTES);
    }

    /** What the client is told of a reply that must not pass. */
    static Problem stuck() {
        return Problem.of(
                // Made again, the call would be paid again and end the same way.
                Problem.Kind.POLICY,
                "unreadable_reply",
                "the calls of tools in the answer cannot be judged: a part of it cannot be read, or has more than "
                        + MAX_KEPT_BYTES + " bytes");
    }

    boolean isKeeping() {
        return gate.isKeeping();
    }

    /**
     * Judges the calls of a reply that has ended, and adds what may pass of what was kept back.
     *
     * @param whole whether the reply is a document that waits in the outlet
     * @param then called when everything is decided
     */
    void judge(boolean whole, Outlet outlet, ReplyOwner owner, Runnable then) {
        if (whole) {
            document(outlet, owner, then);
            return;
        }
        decide(gate.calls(), owner, () -> {
            if (refusal != null) {
                // What it kept back is not released: its client must not have it.
                outlet.cutAt(0);
                then.run();
                return;
            }
            outlet.gathered().appendBytes(gate.release(enforces ? outcome.instead() : Map.of(), outcome.edited()));
            then.run();
        });
    }

    private void document(Outlet outlet, ReplyOwner owner, Runnable then) {
        byte[] bytes = outlet.gathered().getBytes();
        List<CalledTool> calls = gate.readDocument(bytes);
        if (calls.isEmpty()) {
            then.run();
            return;
        }
        decide(calls, owner, () -> {
            if (enforces && outcome.changesAny()) {
                outlet.cutAt(0);
                outlet.gathered().appendBytes(gate.without(bytes, outcome.instead(), outcome.edited()));
            }
            then.run();
        });
    }

    /** Why a reply that waited must not go to its client any more; null where it may. */
    @Nullable
    Problem refusal() {
        return refusal;
    }

    /** The client has gone: nobody waits any more. */
    void abandon() {
        isAbandoned = true;
        questions.abandon();
    }

    /** Whoever makes the same call when the reply has passed must not find it again. */
    private void decide(List<CalledTool> calls, ReplyOwner owner, Runnable done) {
        judge(calls);
        if (!enforces) {
            tell(owner);
            done.run();
            return;
        }
        keep(
                owner,
                () -> ask(calls, owner, () -> {
                    tell(owner);
                    boolean isOnShelf = isKept || owner.kept().isFound();
                    if (!isOnShelf || outcome.isParked() || isUndecided()) {
                        done.run();
                        return;
                    }
                    steps.when(owner.kept().drop(exchange), dropped -> {
                        if (!isAbandoned) {
                            done.run();
                        }
                    });
                }));
    }

    /** Whether it is refused for now only, because its key cannot be looked at. */
    private boolean isUndecided() {
        return refusal != null && refusal.kind() == Problem.Kind.UNAVAILABLE;
    }

    private void judge(List<CalledTool> calls) {
        long startedAt = System.nanoTime();
        for (CalledTool call : calls) {
            if (outcome.isTakenOut(call)) {
                continue;
            }
            CalledTool asItIs = outcome.asChanged(call);
            Ruling ruling = judge.of(asItIs.tool(), asItIs.arguments());
            switch (ruling.permit()) {
                case ALLOW -> {}
                case DENY -> outcome.denied(asItIs, ruling);
                case HOLD -> hold(asItIs, ruling);
            }
        }
        micros += (System.nanoTime() - startedAt) / NANOS_PER_MICRO;
    }

    private void hold(CalledTool call, Ruling ruling) {
        if (!questions.hasPassed(call, ruling)) {
            outcome.asked(call, ruling);
            questions.add(call, ruling, judge);
        }
    }

    /** A client that leaves now must not make the call a second time. */
    private void keep(ReplyOwner owner, Runnable then) {
        Buffer whole = raw;
        raw = null;
        if (questions.isEmpty() || whole == null) {
            then.run();
            return;
        }
        isKept = true;
        Duration longest = questions.longest(exchange.policy().bundle().approval());
        Future<Void> kept = owner.kept().keep(exchange, served, contentType, whole.getBytes(), longest);
        steps.when(kept, done -> {
            // A client that has left meanwhile waits for nobody.
            if (!isAbandoned) {
                then.run();
            }
        });
    }

    private void ask(List<CalledTool> calls, ReplyOwner owner, Runnable then) {
        if (questions.isEmpty()) {
            then.run();
        } else {
            questions.ask(owner, () -> release(calls, owner, then));
        }
    }

    /** Hours may have passed: the key must still be good, and the rules are those in force by now. */
    private void release(List<CalledTool> calls, ReplyOwner owner, Runnable then) {
        steps.when(plane.identify().again(exchange, plane.clock().instant()), known -> {
            if (isAbandoned) {
                return;
            }
            if (known.failed()) {
                // Who cannot be known must not get it.
                LOG.error("the key of exchange {} cannot be looked at", exchange.id(), known.cause());
                refusal = HeldProblems.unavailable(
                        "the reply was decided about, but the key of its call cannot be looked at");
            } else if (known.result().isPresent()) {
                refusal = known.result().get().problem();
            } else {
                judgeAnew(calls, owner, then);
                return;
            }
            then.run();
        });
    }

    private void judgeAnew(List<CalledTool> calls, ReplyOwner owner, Runnable then) {
        PolicySnapshot now = plane.policies().current();
        if (now.version().equals(judge.policy().version())) {
            then.run();
            return;
        }
        judge = judge.by(now);
        if (judge.enforces()) {
            judge(calls);
        }
        ask(calls, owner, then);
    }

    private void tell(ReplyOwner owner) {
        Verdict verdict = outcome.verdict(enforces, micros);
        if (verdict != null) {
            owner.judged(verdict);
        }
    }
}
