package dev.tollgate.http;

import static dev.tollgate.ScriptedProvider.COMPLETION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.MemoryGateway.Shared;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.identity.Key;
import dev.tollgate.store.mongo.MongoNodes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that wait for hours, by a clock that is moved: what ends meanwhile, and what does not. */
class HeldForHoursTest {
    private static final String POLICY = GatewayFixture.providers() + """
            identity: {key_cache: 0s}
            approval:
              quiet: 10m
              patience: PATIENCE
              holds: [{id: ask, when: "true", reason: a person decides, deadline: 24h}]
            """;

    private static final Call CALL = Call.OPENAI_CHAT;

    private static GatewayFixture start(String patience) throws Exception {
        return new GatewayFixture(POLICY.replace("PATIENCE", patience));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 23})
    void clientThatStays_isServed_whenAPersonComesHoursLater(int hours) throws Exception {
        try (GatewayFixture gateway = start("30d")) {
            CompletableFuture<Answer> waiting = ask(gateway);
            Ticket asked = ticket(gateway);
            gateway.gateway.ahead = Duration.ofHours(hours);

            decide(gateway, asked, State.APPROVED);

            assertThat(get(waiting).body()).isEqualTo(COMPLETION);
            assertThat(gateway.provider.bodies).hasSize(1);
            gateway.assertNothingLeft();
        }
    }

    @Test
    void clientThatComesBack_hoursLater_joinsItsTicket_untilTheDeadline() throws Exception {
        try (GatewayFixture gateway = start("100ms")) {
            String first = post(gateway).header("x-tollgate-ticket");
            for (int hours = 1; hours < 24; hours += 7) {
                gateway.gateway.ahead = Duration.ofHours(hours);
                assertThat(post(gateway).header("x-tollgate-ticket")).isEqualTo(first);
            }

            gateway.gateway.ahead = Duration.ofHours(24).plusSeconds(1);

            Answer late = post(gateway);
            assertThat(late.header("x-tollgate-ticket")).as("a new question").isNotEqualTo(first);
            assertThat(gateway.provider.bodies).isEmpty();
        }
    }

    @Test
    void clientThatStays_isToldAfterTheDeadline_inHours() throws Exception {
        try (GatewayFixture gateway = start("30d")) {
            CompletableFuture<Answer> waiting = ask(gateway);
            var unused = ticket(gateway);

            gateway.gateway.ahead = Duration.ofHours(24).plusSeconds(1);

            assertThat(get(waiting).body()).contains("nobody approved the call within 24 h");
        }
    }

    @Test
    void approval_isKeptForAClientThatComesBack_andLostAfterAQuarterOfAnHour() throws Exception {
        try (GatewayFixture gateway = start("100ms")) {
            Answer parked = post(gateway);
            gateway.gateway.ahead = Duration.ofHours(9);
            decide(gateway, ticket(gateway), State.APPROVED);

            gateway.gateway.ahead = Duration.ofHours(9).plusMinutes(14);
            assertThat(post(gateway).body()).isEqualTo(COMPLETION);

            String second = post(gateway).header("x-tollgate-ticket");
            assertThat(second).isNotEqualTo(parked.header("x-tollgate-ticket"));
            decide(gateway, ticket(gateway), State.APPROVED);
            gateway.gateway.ahead = Duration.ofHours(9).plusMinutes(30);
            assertThat(post(gateway).header("x-tollgate-ticket")).isNotEqualTo(second);
            assertThat(gateway.provider.bodies).hasSize(1);
        }
    }

    @Test
    void approval_isKeptAsLongAsThePolicySays() throws Exception {
        try (GatewayFixture gateway = new GatewayFixture(
                POLICY.replace("PATIENCE", "100ms").replace("approval:", "approval:\n  approval_lasts: 12h"))) {
            Answer parked = post(gateway);
            decide(gateway, ticket(gateway), State.APPROVED);
            gateway.gateway.ahead = Duration.ofHours(11);

            assertThat(post(gateway).body()).isEqualTo(COMPLETION);
            assertThat(parked.status()).isEqualTo(400);
            assertThat(gateway.provider.bodies).hasSize(1);
        }
    }

    /** Through nodes that come and go: the ticket lives in the store. */
    @Test
    void ticket_outlivesItsNode_andIsApprovedOnTheNext() throws Exception {
        try (MongoNodes mongo = new MongoNodes()) {
            String asked;
            Shared next;
            try (GatewayFixture first = new GatewayFixture(POLICY.replace("PATIENCE", "2s"), mongo.shared(null))) {
                asked = post(first).header("x-tollgate-ticket");
                next = mongo.shared(first.gateway);
            }
            try (GatewayFixture second = new GatewayFixture(POLICY.replace("PATIENCE", "30d"), next)) {
                second.gateway.ahead = Duration.ofHours(8);
                CompletableFuture<Answer> waiting = ask(second);
                Ticket found = ticket(second);
                assertThat(found.id().toString()).isEqualTo(asked);
                awaitWaiting(second);

                second.gateway.ahead = Duration.ofHours(16);
                decide(second, found, State.APPROVED);

                assertThat(get(waiting).body()).isEqualTo(COMPLETION);
                assertThat(second.provider.bodies).hasSize(1);
            }
        }
    }

    @Test
    void keyRevoked_whileItsCallWaits_isNotServed() throws Exception {
        try (GatewayFixture gateway = start("30d")) {
            CompletableFuture<Answer> waiting = ask(gateway);
            Ticket asked = ticket(gateway);
            var unused = gateway.gateway
                    .keys
                    .revoke(key(gateway).id(), Instant.now())
                    .await(10, TimeUnit.SECONDS);

            decide(gateway, asked, State.APPROVED);

            assertRefused(gateway, get(waiting), "revoked_key");
        }
    }

    /** Keys of sessions live for hours; calls may wait longer. */
    @Test
    void keyExpired_whileItsCallWaits_isNotServed() throws Exception {
        try (GatewayFixture gateway = start("30d")) {
            CompletableFuture<Answer> waiting = ask(gateway);
            Ticket asked = ticket(gateway);
            Instant end = Instant.now().plus(Duration.ofHours(1));
            var unused = gateway.gateway.keys.endBy(key(gateway).id(), end).await(10, TimeUnit.SECONDS);
            gateway.gateway.ahead = Duration.ofHours(2);

            decide(gateway, asked, State.APPROVED);

            assertRefused(gateway, get(waiting), "expired_key");
        }
    }

    @Test
    void policyThatCameMeanwhile_decidesAboutTheCall() throws Exception {
        try (GatewayFixture gateway = start("30d")) {
            CompletableFuture<Answer> waiting = ask(gateway);
            Ticket asked = ticket(gateway);
            gateway.reload(POLICY.replace("PATIENCE", "30d") + """
                    budget: {budgets: [{id: none, scope: all, limit: 0.000001}]}
                    """);

            decide(gateway, asked, State.APPROVED);

            assertRefused(gateway, get(waiting), "budget_exceeded");
        }
    }

    @Test
    void policyThatCameMeanwhile_andLetsTheCallPass_isTheOneOnTheRecord() throws Exception {
        try (GatewayFixture gateway = start("30d")) {
            CompletableFuture<Answer> waiting = ask(gateway);
            Ticket asked = ticket(gateway);
            gateway.reload(POLICY.replace("PATIENCE", "31d"));

            decide(gateway, asked, State.APPROVED);

            assertThat(get(waiting).body()).isEqualTo(COMPLETION);
            assertThat(gateway.newest().policy()).isEqualTo(gateway.gateway.policy());
        }
    }

    @Test
    void money_isTakenFromTheDayOnWhichTheCallGoesOn() throws Exception {
        String budget = "budget: {budgets: [{id: daily, scope: all, limit: 5, period: day}]}\n";
        try (GatewayFixture gateway = new GatewayFixture(
                POLICY.replace("PATIENCE", "30d").replace("deadline: 24h", "deadline: 72h") + budget)) {
            CompletableFuture<Answer> waiting = ask(gateway);
            Ticket asked = ticket(gateway);
            gateway.gateway.ahead = Duration.ofDays(2);
            decide(gateway, asked, State.APPROVED);

            assertThat(get(waiting).body()).isEqualTo(COMPLETION);
            String day = Instant.now().plus(Duration.ofDays(2)).toString().substring(0, 10);
            assertThat(Objects.requireNonNull(gateway.newest().reservation()).counters())
                    .singleElement()
                    .asString()
                    .contains(day);
            gateway.assertNothingLeft();
        }
    }

    private static void assertRefused(GatewayFixture gateway, Answer answer, String code) throws Exception {
        assertThat(answer.status()).isGreaterThanOrEqualTo(400);
        assertThat(gateway.ended(answer.header("x-tollgate-exchange-id")).code())
                .isEqualTo(code);
        assertThat(gateway.provider.bodies).as("nothing is sent").isEmpty();
        gateway.assertNothingLeft();
    }

    private static Key key(GatewayFixture gateway) throws Exception {
        return gateway.gateway.keys.list(1).await(10, TimeUnit.SECONDS).getFirst();
    }

    private static CompletableFuture<Answer> ask(GatewayFixture gateway) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return post(gateway);
                    } catch (Exception failed) { // a supplier may throw none
                        throw new AssertionError(failed);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    private static Answer post(GatewayFixture gateway) throws Exception {
        return gateway.post(CALL.path, CALL.body("hello"));
    }

    private static Answer get(CompletableFuture<Answer> answer) throws Exception {
        return answer.get(20, TimeUnit.SECONDS);
    }

    private static void awaitWaiting(GatewayFixture gateway) throws Exception {
        for (int i = 0; i < 2000 && gateway.gateway.desk.waiting() == 0; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static Ticket ticket(GatewayFixture gateway) throws Exception {
        for (int i = 0; i < 2000; i++) {
            List<Ticket> pending = tickets(gateway, State.PENDING);
            if (!pending.isEmpty()) {
                return pending.getFirst();
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        throw new AssertionError("no ticket");
    }

    private static List<Ticket> tickets(GatewayFixture gateway, State state) throws Exception {
        return gateway.gateway.tickets.list(state, 10).await(10, TimeUnit.SECONDS);
    }

    /** By the gateway's clock, as the console does. */
    private static void decide(GatewayFixture gateway, Ticket ticket, State decision) throws Exception {
        var unused =
                gateway.gateway.desk.decide(ticket.id(), decision, "alice", "").await(10, TimeUnit.SECONDS);
    }
}
