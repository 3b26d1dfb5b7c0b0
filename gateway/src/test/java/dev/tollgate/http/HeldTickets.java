package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The tickets of a gateway under test, as its people see and decide them. */
final class HeldTickets {
    /** Under which a person is asked about each call, and about what its reply wants to delete. */
    static final String POLICY = GatewayFixture.providers() + """
            approval:
              quiet: 10s
              patience: 1m
              holds: [{id: ask, when: "agent == 'tester'", reason: a person reads what it asks, deadline: 5m}]
            tools: {rules: [{id: shell, tools: Bash, commands: ["rm -r*"], call: hold, reason: it deletes, deadline: 5m}]}
            """;

    private static final int MOST = 10;
    private static final int ATTEMPTS = 2000;

    private HeldTickets() {}

    /** A call that is made beside the test, which goes on meanwhile. */
    static CompletableFuture<Answer> asking(GatewayFixture gateway, String path, String body, String... headers) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return gateway.post(path, body, headers);
            } catch (Exception failure) { // what a post throws, and a supplier may not: the future fails with it
                throw new IllegalStateException(failure);
            }
        });
    }

    /** Waits until so many clients wait on a node. */
    static void awaitWaiting(GatewayFixture gateway, int clients) throws Exception {
        for (int i = 0; i < ATTEMPTS && gateway.gateway.desk.waiting() != clients; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(gateway.gateway.desk.waiting()).isEqualTo(clients);
    }

    /** Waits until so many tickets are open. */
    static void awaitPending(GatewayFixture gateway, int tickets) throws Exception {
        for (int i = 0; i < ATTEMPTS && pending(gateway).size() != tickets; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(pending(gateway)).hasSize(tickets);
    }

    /** The oldest open ticket, once there is one. */
    static Ticket ticket(GatewayFixture gateway) throws Exception {
        for (int i = 0; i < ATTEMPTS; i++) {
            List<Ticket> pending = pending(gateway);
            if (!pending.isEmpty()) {
                return pending.getFirst();
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        throw new AssertionError("no ticket");
    }

    static List<Ticket> pending(GatewayFixture gateway) throws Exception {
        return gateway.gateway.tickets.list(State.PENDING, MOST).await(10, TimeUnit.SECONDS);
    }

    /** All tickets that were ever opened. */
    static List<Ticket> tickets(GatewayFixture gateway) throws Exception {
        List<Ticket> all = new ArrayList<>();
        for (State state : State.values()) {
            all.addAll(gateway.gateway.tickets.list(state, MOST).await(10, TimeUnit.SECONDS));
        }
        return all;
    }

    static void decide(GatewayFixture gateway, Ticket ticket, State decision) throws Exception {
        var unused = gateway.gateway
                .desk
                .decide(ticket.id(), decision, "alice", decision == State.DENIED ? "leave it" : "")
                .await(10, TimeUnit.SECONDS);
    }
}
