package dev.tollgate.cli.replay;

import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.payload.Head;
import dev.tollgate.audit.payload.StoredPayload;
import dev.tollgate.budget.Ledger;
import dev.tollgate.exchange.Body;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Endpoint;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Headers;
import dev.tollgate.exchange.Inbound;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.exchange.Spend;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.identity.Key;
import dev.tollgate.pipeline.Outcome;
import dev.tollgate.policy.PayloadPolicy.Capture;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.SessionId;
import dev.tollgate.value.TeamId;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Judges stored calls by another policy. Nothing is sent, and no counter but those of a private ledger is touched: it begins empty, and takes what
 * each call that passes has really cost, as its record says.
 */
public final class Rehearsal {
    private final PolicySnapshot policy;
    private final Function<Exchange, Future<Outcome>> stages;
    private final Ledger ledger;
    private final Map<KeyId, Key> keys;

    /**
     * @param policy the other policy
     * @param stages those that can judge a stored call, over the private ledger
     * @param keys what keys may do, by id; a key that is not among them may do everything
     */
    public Rehearsal(
            PolicySnapshot policy, Function<Exchange, Future<Outcome>> stages, Ledger ledger, Map<KeyId, Key> keys) {
        this.policy = policy;
        this.stages = stages;
        this.ledger = ledger;
        this.keys = Map.copyOf(keys);
    }

    /** What came of judging one call. */
    public sealed interface Result {
        /**
         * @param before what the policy of its day decided
         * @param after what this one decides
         * @param cost what the call cost; null where that is not known
         * @param estimate what it may cost now; null where that is not known
         */
        record Judged(
                String exchange,
                Judgement before,
                Judgement after,
                @Nullable NanoUsd cost,
                @Nullable NanoUsd estimate) implements Result {
            public boolean isChanged() {
                return !before.isSameAs(after);
            }
        }

        /** @param why a stable reason in words */
        record NotJudged(String exchange, String why) implements Result {}
    }

    /** Judges one call. Calls are judged in the order in which they came in. */
    public Result judge(StoredPayload request, ExchangeRow row) throws IOException {
        Received received = row.received();
        String id = received.exchange().value();
        Optional<String> obstacle = obstacle(request, received);
        if (obstacle.isPresent()) {
            return new Result.NotJudged(id, obstacle.get());
        }
        Judgement before = Judgement.of(received.verdicts());
        Outcome outcome = await(stages.apply(exchange(request, received)));
        Judgement after = after(outcome, received);
        if (after.kind() == Judgement.Kind.FAILED || after.code().equals("provider_not_configured")) {
            release(outcome.exchange());
            return new Result.NotJudged(id, "a stage cannot decide here: " + after.code());
        }
        NanoUsd cost = row.ended().map(Ended::cost).orElse(null);
        NanoUsd estimate = outcome.exchange().estimate();
        boolean wasSent = row.ended().map(ended -> ended.attempts() > 0).orElse(false);
        settle(outcome, wasSent ? cost : estimate);
        return new Result.Judged(id, before, after, cost, estimate);
    }

    private static Optional<String> obstacle(StoredPayload request, Received received) {
        Judgement before = Judgement.of(received.verdicts());
        if (before.stage().equals("identify") || before.stage().equals("limit")) {
            return Optional.of("stopped by " + before.stage() + ", which is not rehearsed");
        }
        if (before.kind() == Judgement.Kind.FAILED) {
            return Optional.of("a stage could not decide then");
        }
        boolean isMasked = request.masked() > 0 || before.changes().contains("redacted");
        return request.level() == Capture.REDACTED && isMasked
                ? Optional.of("what the rules had found was kept masked")
                : Optional.empty();
    }

    private static Judgement after(Outcome outcome, Received received) {
        // What was found out before these stages stays as it was.
        List<Verdict> verdicts = new ArrayList<>();
        received.verdicts().stream()
                .filter(verdict -> verdict.stage().equals("identify"))
                .forEach(verdicts::add);
        verdicts.addAll(outcome.exchange().verdicts());
        return Judgement.of(verdicts);
    }

    private Exchange exchange(StoredPayload request, Received received) {
        Head head = request.head();
        List<Headers.Field> fields = new ArrayList<>();
        head.headers().forEach((name, value) -> fields.add(new Headers.Field(name, value)));
        String coding = head.headers().getOrDefault("content-encoding", "");
        var limits = policy.bundle().server().limits();
        Body body = new Body(
                request.bytes(), coding, new Body.CodingLimits(limits.body().toInt(), limits.decompressionRatio()));
        Inbound inbound = new Inbound(
                head.method(),
                "/" + head.path(),
                head.query().isEmpty() ? null : head.query(),
                new Headers(fields),
                "",
                () -> Future.succeededFuture(body));
        Endpoint endpoint = new Endpoint(
                head.provider().isEmpty() ? null : head.provider(), head.wire(), head.path(), inbound.query());
        return Exchange.received(received.exchange(), received.at(), inbound, endpoint, policy)
                .withCaller(caller(received));
    }

    private Caller caller(Received received) {
        KeyId id = new KeyId(received.key());
        Key key = keys.get(id);
        Optional<SessionId> session =
                received.session().isEmpty() ? Optional.empty() : Optional.of(new SessionId(received.session()));
        return new Caller(
                id,
                new AgentId(received.agent()),
                new TeamId(received.team()),
                key == null ? Scopes.ALL : key.scopes(),
                session,
                received.labels(),
                false);
    }

    private void settle(Outcome outcome, @Nullable NanoUsd cost) throws IOException {
        Exchange exchange = outcome.exchange();
        Reservation held = exchange.reservation();
        if (held == null) {
            return;
        }
        if (outcome instanceof Outcome.Denied) {
            release(exchange);
            return;
        }
        // A call that waits for a person is taken to be approved: its money then counts for the calls behind it.
        long nanos = cost == null ? held.amounts().nanos() : cost.nanos();
        Amounts amounts =
                new Amounts(nanos, held.amounts().tokens(), held.amounts().requests());
        String target = exchange.route().first().toString();
        var unused = await(ledger.settle(exchange.id(), held, new Spend(amounts, target)));
    }

    private void release(Exchange exchange) throws IOException {
        Reservation held = exchange.reservation();
        if (held != null) {
            var unused = await(ledger.release(exchange.id(), held));
        }
    }

    private static <T> T await(Future<T> answer) throws IOException {
        try {
            return answer.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException failure) {
            throw new IOException("a stored call cannot be judged: " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }
}
