package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.approval.HeldOriginals;
import dev.tollgate.approval.HeldOriginals.Original;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What held calls say as it came, kept for reviewers only where the policy keeps that. */
final class HeldOriginalTest {
    private static final String SECRET = "AKIA" + "Q3ZT7PLW2VKD5YHN";

    @ParameterizedTest
    @CsvSource({"full, true", "redacted, false", "metadata, false", "none, false"})
    void original_isKeptWhileTheCallWaits_onlyWhereAllIs(String capture, boolean isKept) throws Exception {
        try (GatewayFixture fixture = new GatewayFixture(
                GatewayFixture.providers() + "scan: {secrets: hold}\npayloads: {capture: " + capture + "}\n")) {
            CompletableFuture<Answer> held = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("log in with " + SECRET));
                        } catch (Exception failed) { // a supplier may throw none
                            throw new AssertionError(failed);
                        }
                    },
                    task -> Thread.ofVirtual().start(task));

            Ticket ticket = ticket(fixture);
            Optional<Original> original = original(fixture, ticket);
            for (int i = 0; i < 4000 && isKept && original.isEmpty(); i++) {
                // It is kept just after the ticket was opened.
                TimeUnit.MILLISECONDS.sleep(5);
                original = original(fixture, ticket);
            }
            fixture.gateway.desk.decide(ticket.id(), State.DENIED, "alice", "").await(5, TimeUnit.SECONDS);

            assertThat(held.get(20, TimeUnit.SECONDS).status()).isEqualTo(400);
            assertThat(ticket.summary()).doesNotContain(SECRET);
            assertThat(original.isPresent()).isEqualTo(isKept);
            assertThat(original(fixture, ticket).isPresent()).as("afterwards").isEqualTo(isKept);
            original.ifPresent(kept -> {
                assertThat(kept.isRequest()).isTrue();
                assertThat(new String(kept.bytes(), StandardCharsets.UTF_8)).contains(SECRET);
            });
        }
    }

    private static Optional<Original> original(GatewayFixture fixture, Ticket ticket) throws Exception {
        return new HeldOriginals(fixture.gateway.replies, InstantSource.system())
                .find(ticket)
                .await(5, TimeUnit.SECONDS)
                .kept();
    }

    private static Ticket ticket(GatewayFixture fixture) throws Exception {
        for (int i = 0; i < 4000; i++) {
            List<Ticket> pending =
                    fixture.gateway.tickets.list(State.PENDING, 1).await(5, TimeUnit.SECONDS);
            if (!pending.isEmpty()) {
                return pending.get(0);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        throw new AssertionError("no ticket");
    }
}
