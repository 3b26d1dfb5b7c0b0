package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.Numbered;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.audit.AuditRecord.Received;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a scan finds may wait for a person, who reads where it stands and not what it says. */
class ScanHoldTest {
    private static final String SECRET = "AKIA" + "Q3ZT7PLW2VKD5YHN";
    private static final String MAIL = "jane.porter@" + "acme-mail.com";

    private static Ticket ticket(GatewayFixture fixture) throws Exception {
        for (int i = 0; i < 1000; i++) {
            List<Ticket> pending =
                    fixture.gateway.tickets.list(State.PENDING, 1).await(5, TimeUnit.SECONDS);
            if (!pending.isEmpty()) {
                return pending.get(0);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        throw new AssertionError("no ticket");
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void finding_waits_andItsTicketShowsPlaceholders(Call call) throws Exception {
        try (GatewayFixture fixture = new GatewayFixture(GatewayFixture.providers() + "scan: {secrets: hold}\n")) {
            CompletableFuture<Answer> held = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return fixture.post(call.path, call.body("log in with " + SECRET + " as " + MAIL));
                        } catch (Exception failed) { // a supplier may throw none
                            throw new AssertionError(failed);
                        }
                    },
                    task -> Thread.ofVirtual().start(task));

            Ticket ticket = ticket(fixture);
            fixture.gateway
                    .desk
                    .decide(ticket.id(), State.APPROVED, "alice", "")
                    .await(5, TimeUnit.SECONDS);

            assertThat(held.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
            assertThat(ticket.rule()).isEqualTo("aws_access_key_id");
            assertThat(ticket.reason()).startsWith("rule aws_access_key_id found a secret at ");
            assertThat(Numbered.in(ticket.summary())).contains("log in with [AWS_KEY_ID_1] as [EMAIL_1]");
            assertThat(ticket.summary()).doesNotContain(SECRET).doesNotContain(MAIL);
            assertThat(fixture.provider.bodies.getLast()).contains(SECRET).doesNotContain(MAIL);
            assertThat(fixture.records(Received.class).getLast().verdicts())
                    .anySatisfy(verdict -> assertThat(verdict.asking()).hasSize(1));
            fixture.assertNothingLeft();
        }
    }
}
