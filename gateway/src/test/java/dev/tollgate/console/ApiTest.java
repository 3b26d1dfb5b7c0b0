package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.approval.Ticket;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import io.vertx.core.Vertx;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The admin API over real HTTP. */
final class ApiTest {
    private final Vertx vertx = Vertx.vertx();
    private final FakeRooms rooms = new FakeRooms(InstantSource.system());
    private final String bearer = "Bearer " + rooms.token;
    private Browser program;

    @BeforeEach
    void start() throws Exception {
        program = new Browser(rooms.open(vertx));
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void request_withoutOrWithAWrongToken_isUnauthorized() {
        HttpResponse<String> none = program.get("/api/v1/keys");
        HttpResponse<String> wrong = program.get("/api/v1/keys", "Authorization", "Bearer nonsense");

        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(none.headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.body()).contains("\"code\":\"unauthorized\"").doesNotContain("nonsense");
    }

    @Test
    void request_withASessionOnly_isUnauthorized() {
        program.signIn(rooms.token);

        assertThat(program.get("/api/v1/keys").statusCode()).isEqualTo(401);
    }

    @Test
    void tickets_listedApprovedAndDenied_followTheStore() {
        rooms.hold(SampleTickets.pending("tk_1", "ci-fixer", Instant.now()));
        rooms.hold(SampleTickets.pending("tk_2", "research", Instant.now()));

        HttpResponse<String> list = ask("GET", "/api/v1/tickets", "");
        HttpResponse<String> approved = ask("POST", "/api/v1/tickets/tk_1/approve", "{\"note\":\"fine\"}");
        HttpResponse<String> denied = ask("POST", "/api/v1/tickets/tk_2/deny", "");
        HttpResponse<String> again = ask("POST", "/api/v1/tickets/tk_2/approve", "");

        assertThat(list.body())
                .contains("\"id\":\"tk_1\"", "\"estimate_nanos\":6250000000", "\"estimate_usd\":\"6.25\"");
        assertThat(approved.body()).contains("\"state\":\"approved\"", "\"decided_by\":\"admin\"", "\"note\":\"fine\"");
        assertThat(denied.statusCode()).isEqualTo(200);
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("ticket_already_decided");
        assertThat(rooms.ticket("tk_1").state()).isEqualTo(Ticket.State.APPROVED);
        assertThat(rooms.ticket("tk_2").state()).isEqualTo(Ticket.State.DENIED);
        assertThat(rooms.log.actions()).containsExactly("ticket_approval_asked", "ticket_denial_asked");
    }

    @Test
    void ticket_unknown_isNotFound() {
        assertThat(ask("POST", "/api/v1/tickets/tk_none/approve", "").statusCode())
                .isEqualTo(404);
        assertThat(ask("GET", "/api/v1/tickets/tk_none", "").statusCode()).isEqualTo(404);
    }

    @Test
    void key_createdAndRevoked_isToldOnceAndRecorded() {
        HttpResponse<String> created = ask(
                "POST",
                "/api/v1/keys",
                "{\"agent\":\"ci-fixer\",\"team\":\"platform\",\"models\":[\"openai/*\"],\"expires_in_days\":7}");
        String id = rooms.keys.list(1).result().get(0).id().value();
        HttpResponse<String> revoked = ask("DELETE", "/api/v1/keys/" + id, "");

        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.body())
                .containsPattern("\"secret\":\"tg_[0-9A-Za-z]{43}\"")
                .contains("\"models\":[\"openai/*\"]");
        assertThat(revoked.statusCode()).isEqualTo(200);
        assertThat(ask("GET", "/api/v1/keys", "").body()).contains(id).doesNotContain("tg_", "\"revoked_at\":null");
        assertThat(rooms.log.actions()).containsExactly("key_created", "key_revoked");
    }

    @Test
    void key_scopesOfAWrongType_areRefusedInsteadOfAllowingAll() {
        assertThat(ask("POST", "/api/v1/keys", "{\"agent\":\"a\",\"models\":\"openai/*\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(ask("POST", "/api/v1/keys", "{\"agent\":\"a\",\"models\":[1]}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(ask("POST", "/api/v1/keys", "{\"agent\":\"a\",\"model\":[\"x\"]}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(ask("POST", "/api/v1/keys", "{\"agent\":\"a\",\"expires_in_days\":\"1\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(ask("POST", "/api/v1/keys", "{\"agent\":\"a\",\"agent\":\"b\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(rooms.keys.list(1).result()).isEmpty();
    }

    @Test
    void key_unknown_isNotFound() {
        assertThat(ask("DELETE", "/api/v1/keys/key_none", "").statusCode()).isEqualTo(404);
        assertThat(rooms.log.actions()).isEmpty();
    }

    @Test
    void exchanges_filteredAndSingle_holdVerdictsUsageAndCost() {
        exchange("ex_1", "ci-fixer", "completed");
        exchange("ex_2", "research", "denied");

        String all = ask("GET", "/api/v1/exchanges", "").body();
        String filtered =
                ask("GET", "/api/v1/exchanges?agent=research&result=denied", "").body();
        String one = ask("GET", "/api/v1/exchanges/ex_1", "").body();

        assertThat(all).contains("ex_1", "ex_2");
        assertThat(filtered).contains("ex_2").doesNotContain("ex_1");
        assertThat(one)
                .contains("\"stage\":\"scan\"", "\"input\":10", "\"cost_nanos\":250000000", "\"source\":\"reported\"");
        assertThat(ask("GET", "/api/v1/exchanges/ex_9", "").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/api/v1/exchanges?before=yesterday", "").statusCode())
                .isEqualTo(400);
        assertThat(ask("GET", "/api/v1/exchanges?limit=100000", "").statusCode())
                .isEqualTo(400);
    }

    @Test
    void spend_byAgent_isSummed() {
        exchange("ex_1", "ci-fixer", "completed");
        exchange("ex_2", "ci-fixer", "completed");

        String spend = ask("GET", "/api/v1/spend?by=agent", "").body();

        assertThat(spend).contains("\"agent\":\"ci-fixer\",\"calls\":2", "\"cost_usd\":\"0.5\"");
        assertThat(ask("GET", "/api/v1/spend?by=moon", "").statusCode()).isEqualTo(400);
    }

    @Test
    void policy_reloadFailing_saysWhyAndKeepsTheOldOne() {
        assertThat(ask("POST", "/api/v1/policy/reload", "").statusCode()).isEqualTo(200);

        rooms.policy.failure = Optional.of(FakeRooms.failure(Instant.now()));

        HttpResponse<String> response = ask("POST", "/api/v1/policy/reload", "");
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body()).contains("budget.yaml:12");
        assertThat(ask("GET", "/api/v1/policy", "").body())
                .contains("\"version\":\"4f2a9c01d7e86b35\"", "budget.yaml:12");
    }

    @Test
    void request_unknownPathOrMethod_isAnsweredAsJson() {
        assertThat(ask("GET", "/api/v1/nothing", "").body()).contains("\"code\":\"not_found\"");
        assertThat(ask("PUT", "/api/v1/keys", "").body()).contains("\"code\":\"method_not_allowed\"");
    }

    private HttpResponse<String> ask(String method, String path, String body) {
        return program.send(method, path, body, "Authorization", bearer);
    }

    private void exchange(String id, String agent, String result) {
        Instant now = Instant.now();
        Received received = new Received(
                new ExchangeId(id),
                now,
                "p1",
                "POST",
                "openai/chat/completions",
                "openai_chat",
                "key_1",
                agent,
                "platform",
                "run-1",
                "gpt-5-mini",
                List.of("openai/gpt-5-mini"),
                100,
                "00",
                List.of(),
                List.of(new Verdict("scan", "proceed", "ok", List.of(), "", 40)),
                null,
                NanoUsd.ofDollars("0.5"));
        rooms.index.add(
                received,
                new Ended(
                        received.exchange(),
                        now,
                        result,
                        200,
                        "",
                        "openai/gpt-5-mini",
                        1,
                        Usage.of(10, 5, Usage.Source.REPORTED),
                        NanoUsd.ofDollars("0.25"),
                        100,
                        10,
                        20));
    }
}
