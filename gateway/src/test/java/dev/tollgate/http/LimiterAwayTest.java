package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.budget.RateLimiter;
import dev.tollgate.store.memory.MemoryLedger;
import dev.tollgate.store.memory.MemoryRateLimiter;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.RateLimit.Metric;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The leave that a person gives an agent lies in a store that is away: what becomes of its calls is what the policy says. */
class LimiterAwayTest {
    private static final String POLICY = GatewayFixture.providers() + """
            store: {when_away: AWAY}
            rate_limits: {limits: [{id: one, scope: key, concurrency: 1}]}
            guard: {deadline: 20s, sub_agents: {action: hold, depth: 1}}
            """;

    private static GatewayFixture fixture(String whenAway) throws Exception {
        return new GatewayFixture(
                POLICY.replace("AWAY", whenAway), new MemoryLedger(InstantSource.system()), new LeaveAway());
    }

    /** A call by a helper too deep, which the guard asks a person about. */
    private static Answer deep(GatewayFixture fixture) throws Exception {
        return fixture.post(
                Call.OPENAI_CHAT.path,
                Call.OPENAI_CHAT.body("hello"),
                "x-tollgate-session",
                "s",
                "x-tollgate-sub-agent",
                "a/b");
    }

    private static List<Ticket> pending(GatewayFixture fixture) throws Exception {
        return fixture.gateway.tickets.list(State.PENDING, 10).await(10, TimeUnit.SECONDS);
    }

    @Test
    void closed_refusesTheCall_andKeepsNoSlot() throws Exception {
        try (GatewayFixture fixture = fixture("closed")) {
            assertThat(deep(fixture).status()).isEqualTo(503);
            assertThat(deep(fixture).body()).contains("enforcement_unavailable");

            assertThat(fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"))
                            .status())
                    .isEqualTo(200);
            assertThat(fixture.provider.bodies).hasSize(1);
            assertThat(pending(fixture)).isEmpty();
        }
    }

    @Test
    void open_letsTheCallPass_andSaysSo() throws Exception {
        try (GatewayFixture fixture = fixture("open")) {
            assertThat(deep(fixture).status()).isEqualTo(200);
            assertThat(deep(fixture).status()).isEqualTo(200);

            assertThat(fixture.records(Received.class))
                    .hasSize(2)
                    .allSatisfy(received -> assertThat(received.verdicts()).anySatisfy(verdict -> {
                        assertThat(verdict.rules()).containsExactly("guard.sub_agents.depth", "limiter_away");
                        assertThat(verdict.detail()).contains("nobody was asked");
                    }));
        }
    }

    @Test
    void localShare_asksAPerson_andThisNodeRemembersTheAnswer() throws Exception {
        try (GatewayFixture fixture = fixture("local_share")) {
            CompletableFuture<Integer> held = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return deep(fixture).status();
                        } catch (Exception failed) { // a supplier may throw none
                            throw new AssertionError(failed);
                        }
                    },
                    Thread::startVirtualThread);
            for (int i = 0; i < 2000 && pending(fixture).isEmpty(); i++) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            assertThat(fixture.gateway
                            .desk
                            .decide(pending(fixture).get(0).id(), State.APPROVED, "alice", "")
                            .await(10, TimeUnit.SECONDS))
                    .isPresent();

            assertThat(held.get(20, TimeUnit.SECONDS)).isEqualTo(200);
            assertThat(deep(fixture).status()).isEqualTo(200);
            assertThat(pending(fixture)).isEmpty();
        }
    }

    /** Counts in memory; what people have given leave to, nobody can tell. */
    private static final class LeaveAway implements RateLimiter {
        private final RateLimiter counters = new MemoryRateLimiter(InstantSource.system());

        @Override
        public Future<RateLimiter.Answer> admit(ExchangeId exchange, List<Demand> demands) {
            boolean isLeave = demands.stream().anyMatch(demand -> demand.limit().metric() == Metric.LEAVE);
            return isLeave ? Future.failedFuture("away") : counters.admit(exchange, demands);
        }

        @Override
        public Future<Void> end(ExchangeId exchange, List<Correction> corrections) {
            return counters.end(exchange, corrections);
        }

        @Override
        public Future<Void> renew() {
            return counters.renew();
        }
    }
}
