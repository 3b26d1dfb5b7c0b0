package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.store.memory.MemoryLedger;
import dev.tollgate.store.memory.MemoryRateLimiter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What the guard does beyond single calls: it tells people outside, learns what is usual, and asks once for a whole session. */
class GuardTest {
    private static final String PAUSE = GatewayFixture.providers() + """
            approval: {quiet: 20ms, drip: 20ms}
            guard: {deadline: 20s, continue_for: 30m, spend: [{id: pause, limit: 0.000001, within: 24h}]}
            """;

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    private static Answer call(GatewayFixture fixture, String session, String text) throws Exception {
        return fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body(text), "x-tollgate-session", session);
    }

    private static CompletableFuture<Answer> calling(GatewayFixture fixture, String session, String text) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return call(fixture, session, text);
                    } catch (Exception failed) { // a supplier may throw none
                        throw new AssertionError(failed);
                    }
                },
                Thread::startVirtualThread);
    }

    private static List<Ticket> tickets(GatewayFixture fixture, State state) {
        return fixture.gateway.tickets.list(state, 100).await();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Test
    void findings_areToldToWebhooks_onceForASubject() throws Exception {
        try (GatewayFixture fixture = new GatewayFixture(GatewayFixture.providers() + """
                        guard: {repeated_calls: {action: notify, times: 2}}
                        notifications:
                          webhooks:
                            - {id: ops, url: "PROVIDER/ops", events: [guard]}
                            - {id: money, url: "PROVIDER/money", events: [budget]}
                        """)) {
            for (int i = 0; i < 5; i++) {
                assertThat(call(fixture, "s", "hello").status()).isEqualTo(200);
            }
            await(() -> told(fixture).size() == 1);
            for (int i = 0; i < 3; i++) {
                assertThat(call(fixture, "t", "hello").status()).isEqualTo(200);
            }
            await(() -> told(fixture).size() == 2);

            assertThat(told(fixture).get(0))
                    .contains("\"event\":\"guard\"", "\"rule\":\"guard.repeated_calls\"", "\"action\":\"notify\"")
                    .contains("\"agent\":\"tester\"", "\"session\":\"s\"", "the same turn came 3 times")
                    .doesNotContain("hello");
            assertThat(told(fixture).get(1)).contains("\"session\":\"t\"");
            assertThat(fixture.provider.heads).noneMatch(head -> head.startsWith("POST /money"));
        }
    }

    private static List<String> told(GatewayFixture fixture) {
        return fixture.provider.bodies.stream()
                .filter(body -> body.contains("\"facts\""))
                .toList();
    }

    @Test
    void spendFarAboveTheUsual_isRefused_andWhatIsUsualIsLearned() throws Exception {
        try (GatewayFixture fixture = new GatewayFixture(
                GatewayFixture.providers()
                        + "guard: {spend: [{id: usual, scope: agent, times_usual: 3, at_least: 0.000001, within: 1h, action: deny}]}")) {
            for (int hour = 0; hour < 6; hour++) {
                assertThat(call(fixture, "s", "hello").status()).isEqualTo(200);
                fixture.assertNothingLeft();
                await(() -> fixture.gateway.openExchanges() == 0);
                fixture.gateway.ahead = fixture.gateway.ahead.plusHours(1);
            }
            for (int i = 0; i < 4; i++) {
                assertThat(call(fixture, "s", "hello").status())
                        .as("call %s", i)
                        .isEqualTo(200);
                await(() -> fixture.gateway.openExchanges() == 0);
            }
            Answer tooMuch = call(fixture, "s", "hello");
            fixture.gateway.ahead = fixture.gateway.ahead.plusHours(1);
            Answer next = call(fixture, "s", "hello");

            assertThat(tooMuch.status()).isEqualTo(400);
            assertThat(tooMuch.body())
                    .contains("policy_denied", "guard.spend.usual")
                    .contains(
                            "$0.000018 was spent in 60 min, more than 3.0 times the usual $0.0000045 by agent tester");
            assertThat(next.status()).isEqualTo(200);
        }
    }

    @Test
    void callsOfAPausedSession_waitForOneLeave_whichLetsAllOfThemGoOn() throws Exception {
        InstantSource clock = () -> Instant.now().plus(ahead.get());
        try (GatewayFixture fixture =
                new GatewayFixture(PAUSE, new MemoryLedger(InstantSource.system()), new MemoryRateLimiter(clock))) {
            spend(fixture, "s");
            spend(fixture, "other");
            List<CompletableFuture<Answer>> waiting = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                waiting.add(calling(fixture, "s", "number " + i));
            }
            CompletableFuture<Answer> stranger = calling(fixture, "other", "number 6");
            await(() -> fixture.gateway.desk.waiting() == 6);
            await(() -> tickets(fixture, State.PENDING).size() == 2);

            assertThat(tickets(fixture, State.PENDING))
                    .extracting(Ticket::session)
                    .containsExactlyInAnyOrder("s", "other");
            decide(fixture, "s", State.APPROVED);

            for (CompletableFuture<Answer> one : waiting) {
                assertThat(one.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
                assertThat(one.get().body()).contains("fine");
            }
            assertThat(call(fixture, "s", "one more").status()).as("unasked").isEqualTo(200);
            assertThat(tickets(fixture, State.CONSUMED)).hasSize(1);
            assertThat(stranger).isNotDone();
            decide(fixture, "other", State.APPROVED);
            assertThat(stranger.get(20, TimeUnit.SECONDS).body()).contains("fine");

            // Leave lasts as long as the policy says, however many calls waited for it.
            ahead.set(Duration.ofMinutes(31));
            CompletableFuture<Answer> later = calling(fixture, "s", "later");
            await(() -> tickets(fixture, State.PENDING).size() == 1);
            decide(fixture, "s", State.DENIED);
            assertThat(later.get(20, TimeUnit.SECONDS).body()).contains("the call was not approved");
        }
    }

    @Test
    void callsOfAPausedSession_areAllRefused_whereAPersonSaysNo() throws Exception {
        try (GatewayFixture fixture = new GatewayFixture(PAUSE)) {
            spend(fixture, "s");
            CompletableFuture<Answer> one = calling(fixture, "s", "one");
            CompletableFuture<Answer> two = calling(fixture, "s", "two");
            await(() -> fixture.gateway.desk.waiting() == 2);
            await(() -> tickets(fixture, State.PENDING).size() == 1);

            decide(fixture, "s", State.DENIED);

            assertThat(one.get(20, TimeUnit.SECONDS).body()).contains("the call was not approved");
            assertThat(two.get(20, TimeUnit.SECONDS).body()).contains("the call was not approved");
            assertThat(call(fixture, "s", "three").body()).contains("the call was not approved");
            assertThat(tickets(fixture, State.PENDING)).isEmpty();
        }
    }

    private static void spend(GatewayFixture fixture, String session) throws Exception {
        assertThat(call(fixture, session, "hello").status()).isEqualTo(200);
        await(() -> fixture.gateway.openExchanges() == 0);
    }

    private static void decide(GatewayFixture fixture, String session, State decision) throws Exception {
        Ticket ticket = tickets(fixture, State.PENDING).stream()
                .filter(pending -> pending.session().equals(session))
                .findFirst()
                .orElseThrow();
        assertThat(fixture.gateway
                        .desk
                        .decide(ticket.id(), decision, "alice", "")
                        .await(10, TimeUnit.SECONDS))
                .isPresent();
    }
}
