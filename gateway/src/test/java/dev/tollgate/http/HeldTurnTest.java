package dev.tollgate.http;

import static dev.tollgate.http.HeldTickets.awaitPending;
import static dev.tollgate.http.HeldTickets.awaitWaiting;
import static dev.tollgate.http.HeldTickets.decide;
import static dev.tollgate.http.HeldTickets.pending;
import static dev.tollgate.http.HeldTickets.ticket;
import static dev.tollgate.http.HeldTickets.tickets;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.approval.Edit;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.Vote;
import dev.tollgate.audit.AuditRecord;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.store.mongo.MongoNodes;
import dev.tollgate.value.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Agents that make two calls for a turn: a person is asked about it once. */
class HeldTurnTest {
    private static final String FINDS = "You find titles. Answer with one.";
    private static final String ROUTES = "You say how hard it is.";
    private static final String TURN = "{\"model\":\"gpt-4o\",\"max_tokens\":50,\"messages\":"
            + "[{\"role\":\"system\",\"content\":\"You write code.\"},{\"role\":\"user\",\"content\":\"hello\"}]}";
    private static final String TITLE = "{\"model\":\"gpt-4o-mini\",\"max_tokens\":50,\"messages\":"
            + "[{\"role\":\"system\",\"content\":\"" + FINDS + "\"},{\"role\":\"user\",\"content\":\"hello\"}]}";
    private static final String ROUTE = TITLE.replace(FINDS, ROUTES);
    /** Half of it is how long a title waits for its turn. */
    private static final String PATIENT = "patience: 20s";

    private final GatewayFixture node = new GatewayFixture(policy(PATIENT));

    HeldTurnTest() throws Exception {}

    @AfterEach
    void stop() throws Exception {
        node.assertNothingLeft();
        node.close();
    }

    @Test
    void titleThatComesFirst_waitsForTheTurn_andGoesOnWithIt() throws Exception {
        CompletableFuture<Answer> title = asking(node, TITLE, "run-1");
        awaitHeld(node, 1);
        assertThat(tickets(node)).as("nothing to decide about yet").isEmpty();
        CompletableFuture<Answer> turn = asking(node, TURN, "run-1");
        Ticket shared = ticket(node);
        awaitWaiting(node, 2);
        assertThat(shared.summary()).contains("You write code.");
        decide(node, shared, State.APPROVED);

        assertThat(turn.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(title.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(title.get().header("x-tollgate-ticket"))
                .isEqualTo(shared.id().value());
        assertThat(tickets(node)).singleElement().satisfies(used -> {
            assertThat(used.state()).isEqualTo(State.CONSUMED);
            assertThat(used.details().turn().joined()).containsExactly("title");
        });
        assertThat(node.provider.bodies).hasSize(2);
        assertThat(node.records(AuditRecord.Administrative.class))
                .extracting(AuditRecord.Administrative::action)
                .contains("ticket_opened", "ticket_joined", "ticket_consumed", "ticket_shared");

        assertThat(node.records(AuditRecord.Received.class))
                .flatExtracting(AuditRecord.Received::verdicts)
                .extracting(Verdict::detail)
                .contains(
                        "approved by alice as ticket " + shared.id(),
                        "approved by alice with another call of its turn as ticket " + shared.id());

        CompletableFuture<Answer> again = asking(node, TITLE.replace("50", "40"), "run-1");
        Ticket own = ticket(node);
        assertThat(own.id()).as("once with each ticket").isNotEqualTo(shared.id());
        decide(node, own, State.DENIED);
        assertThat(again.get(20, TimeUnit.SECONDS).body()).contains("was not approved");
    }

    @Test
    void titleOfATurnThatIsRefused_isRefusedWithIt_andNobodyIsAskedAgain() throws Exception {
        CompletableFuture<Answer> turn = asking(node, TURN, "run-1");
        Ticket shared = ticket(node);
        CompletableFuture<Answer> title = asking(node, TITLE, "run-1");
        awaitWaiting(node, 2);
        decide(node, shared, State.DENIED);

        assertThat(turn.get(20, TimeUnit.SECONDS).body()).contains("was not approved");
        assertThat(title.get(20, TimeUnit.SECONDS).body()).contains("was not approved");
        assertThat(asking(node, TITLE, "run-1").get(20, TimeUnit.SECONDS).body())
                .as("its retry is told the same")
                .contains("was not approved");
        assertThat(tickets(node)).hasSize(1);
        assertThat(node.provider.bodies).isEmpty();
    }

    @Test
    void titleAlone_orDearerThanItsTurn_orOfAChangedTurn_isAskedAboutByItself() throws Exception {
        node.reload(policy("patience: 1s"));
        assertThat(asking(node, TITLE, "run-1").get(20, TimeUnit.SECONDS).body())
                .contains("waits for a person");
        Ticket alone = ticket(node);
        assertThat(alone.summary()).contains(FINDS);
        decide(node, alone, State.DENIED);

        node.reload(policy(PATIENT));
        CompletableFuture<Answer> turn = asking(node, TURN.replace("hello", "go on"), "run-1");
        Ticket shared = ticket(node);
        CompletableFuture<Answer> dear =
                asking(node, TITLE.replace("hello", "go on").replace("50", "5000000"), "run-1");
        CompletableFuture<Answer> title = asking(node, TITLE.replace("hello", "go on"), "run-1");
        awaitWaiting(node, 2);
        Edit edit = new Edit("messages[1].content", "stop");
        var unused = node.gateway
                .desk
                .decide(shared.id(), new Vote("alice", true, "", java.time.Instant.now(), edit))
                .await(10, TimeUnit.SECONDS);

        awaitPending(node, 2);
        assertThat(turn.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(node.provider.bodies)
                .singleElement()
                .asString()
                .contains("stop")
                .doesNotContain("go on");
        for (Ticket own : pending(node)) {
            assertThat(own.summary()).contains(FINDS, "go on");
            decide(node, own, State.DENIED);
        }
        assertThat(title.get(20, TimeUnit.SECONDS).body()).contains("was not approved");
        assertThat(dear.get(20, TimeUnit.SECONDS).body()).contains("was not approved");
    }

    /** Started anew, it has another session, and its title still comes first. */
    @Test
    void agentStartedAnew_whoseTitleComesFirst_isAskedOnce() throws Exception {
        node.reload(policy("patience: 500ms"));
        assertThat(asking(node, TURN, "run-1").get(20, TimeUnit.SECONDS).body()).contains("waits for a person");
        Ticket shared = ticket(node);
        node.reload(policy(PATIENT));

        CompletableFuture<Answer> title = asking(node, TITLE, "run-2");
        awaitWaiting(node, 1);
        CompletableFuture<Answer> turn = asking(node, TURN, "run-2");
        awaitWaiting(node, 2);
        assertThat(pending(node)).extracting(Ticket::id).containsExactly(shared.id());
        decide(node, shared, State.APPROVED);
        assertThat(title.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(turn.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(tickets(node)).hasSize(1);
    }

    @Test
    void agentsBesideEachOther_withTheSameWords_eachHaveTheirTitles() throws Exception {
        CompletableFuture<Answer> one = asking(node, TURN, "run-1");
        Ticket first = ticket(node);
        CompletableFuture<Answer> title = asking(node, TITLE, "run-2");
        awaitHeld(node, 2);
        CompletableFuture<Answer> two = asking(node, TURN, "run-2");
        awaitPending(node, 2);
        awaitWaiting(node, 3);
        decide(node, first, State.DENIED);
        assertThat(one.get(20, TimeUnit.SECONDS).body()).contains("was not approved");
        decide(node, ticket(node), State.APPROVED);

        assertThat(two.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(title.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
    }

    @Test
    void callThatAnotherOneLeads_goesOnWithThatOnesTicket_once() throws Exception {
        CompletableFuture<Answer> route = asking(node, ROUTE, "run-1");
        Ticket leading = ticket(node);
        assertThat(leading.details().turn().leads()).isTrue();
        decide(node, leading, State.APPROVED);
        assertThat(route.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);

        assertThat(asking(node, TURN, "run-1").get(20, TimeUnit.SECONDS).status())
                .isEqualTo(200);
        assertThat(tickets(node)).hasSize(1);

        CompletableFuture<Answer> more = asking(node, TURN.replace("50", "60"), "run-1");
        decide(node, ticket(node), State.DENIED);
        assertThat(more.get(20, TimeUnit.SECONDS).body()).contains("was not approved");
    }

    @Test
    void titleOnAnotherNode_findsTheTicketOfItsTurn() throws Exception {
        try (MongoNodes mongo = new MongoNodes();
                GatewayFixture one = new GatewayFixture(policy(PATIENT), mongo.shared(null));
                GatewayFixture two = new GatewayFixture(policy(PATIENT), mongo.shared(one.gateway))) {
            CompletableFuture<Answer> title = asking(two, TITLE, "run-1");
            awaitHeld(two, 1);
            CompletableFuture<Answer> turn = asking(one, TURN, "run-1");
            Ticket shared = ticket(one);
            awaitWaiting(two, 1);
            decide(one, shared, State.APPROVED);

            assertThat(turn.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
            assertThat(title.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
            assertThat(tickets(one)).hasSize(1);
            one.assertNothingLeft();
            two.assertNothingLeft();
        }
    }

    private static String policy(String patience) {
        return HeldTickets.POLICY.replace(
                "patience: 1m",
                patience + "\n  companions: [{name: title, says: [" + digest(FINDS)
                        + "]}, {name: route, leads: true, says: [" + digest(ROUTES) + "]}]");
    }

    private static String digest(String text) {
        return "'sha256:" + text.length() + ":" + Sha256.hexOf(text.getBytes(StandardCharsets.UTF_8)) + "'";
    }

    private static CompletableFuture<Answer> asking(GatewayFixture gateway, String body, String session) {
        return HeldTickets.asking(gateway, "/v1/openai/chat/completions", body, "x-tollgate-session", session);
    }

    /** Waits until so many calls are held, with or without a ticket. */
    private static void awaitHeld(GatewayFixture gateway, int calls) throws Exception {
        for (int i = 0; i < 2000 && gateway.gateway.heldCalls() != calls; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(gateway.gateway.heldCalls()).isEqualTo(calls);
    }
}
