package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.wire.AwsMessages;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A held stream of Amazon's binary events: announced as what it will be, with nothing in it that is none of its messages. */
class HeldMessagesTest {
    private static final String PATH = "/v1/bedrock/model/amazon.nova-2-lite-v1:0/converse-stream";
    private static final String BODY =
            "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hello\"}]}],\"inferenceConfig\":{\"maxTokens\":50}}";
    private static final String TYPE = "application/vnd.amazon.eventstream";
    private static final String POLICY = GatewayFixture.providers() + """
              bedrock: {base_url: "PROVIDER", auth: bearer, credential: "sk-test"}
            approval:
              quiet: 10ms
              drip: 10ms
              holds: [{id: ask, when: "true", reason: needs a person, deadline: 1m}]
            """;

    private static byte[] stream() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(AwsMessages.event("messageStart", "{\"role\":\"assistant\"}"));
        all.writeBytes(AwsMessages.event("messageStop", "{\"stopReason\":\"end_turn\"}"));
        all.writeBytes(
                AwsMessages.event("metadata", "{\"usage\":{\"inputTokens\":4,\"outputTokens\":1,\"totalTokens\":5}}"));
        return all.toByteArray();
    }

    private static Answer decided(GatewayFixture fixture, State decision) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Answer> held = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return fixture.post(PATH, BODY);
                    } catch (Exception failed) { // a supplier may throw none
                        throw new AssertionError(failed);
                    } finally {
                        begun.countDown();
                    }
                },
                task -> Thread.ofVirtual().start(task));
        Ticket ticket = ticket(fixture);
        assertThat(begun.await(100, TimeUnit.MILLISECONDS))
                .as("it waits, with ten drips")
                .isFalse();
        fixture.gateway.desk.decide(ticket.id(), decision, "alice", "").await(5, TimeUnit.SECONDS);
        return held.get(20, TimeUnit.SECONDS);
    }

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

    @Test
    void approved_isTheProvidersStream_byteForByte() throws Exception {
        try (GatewayFixture fixture = new GatewayFixture(POLICY)) {
            fixture.provider.on("", turn -> {
                turn.streamHead(TYPE);
                turn.chunk(stream());
                turn.send("0\r\n\r\n");
            });

            Answer answer = decided(fixture, State.APPROVED);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type")).isEqualTo(TYPE);
            assertThat(answer.bytes()).isEqualTo(stream());
            fixture.assertNothingLeft();
        }
    }

    @Test
    void denied_isOneMessageWithTheReason() throws Exception {
        try (GatewayFixture fixture = new GatewayFixture(POLICY)) {
            Answer answer = decided(fixture, State.DENIED);

            assertThat(answer.header("content-type")).isEqualTo(TYPE);
            assertThat(answer.bytes().length)
                    .as("the length that it begins with")
                    .isEqualTo(java.nio.ByteBuffer.wrap(answer.bytes()).getInt());
            assertThat(answer.body()).contains(":exception-type", "accessDeniedException", "was not approved");
        }
    }
}
