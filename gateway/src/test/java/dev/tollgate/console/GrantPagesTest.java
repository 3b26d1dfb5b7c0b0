package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.approval.Edit;
import dev.tollgate.approval.Link;
import dev.tollgate.approval.Passage;
import dev.tollgate.approval.Risk;
import dev.tollgate.approval.StandingGrant;
import dev.tollgate.approval.Terms;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.TicketDetails;
import dev.tollgate.approval.TicketLinks;
import dev.tollgate.approval.Wish;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Vertx;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Standing grants in the console: from a ticket in one form, listed, revoked, on the record; and quorums. */
final class GrantPagesTest {
    private final Vertx vertx = Vertx.vertx();
    private final FakeRooms rooms = new FakeRooms(InstantSource.system());
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        browser = new Browser(rooms.open(vertx));
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private HttpResponse<String> api(String method, String path, String body) {
        return browser.send(method, path, body, "Authorization", "Bearer " + rooms.token);
    }

    private static Ticket toolCall(Terms terms) {
        Wish wish = new Wish("bash", List.of("git push origin main"), List.of(), true);
        return SampleTickets.pending("tk_1", "ci-fixer", Instant.now())
                .with(new TicketDetails(
                        terms,
                        List.of(),
                        wish,
                        new Link("00".repeat(32), List.of()),
                        List.of(new Passage(Passage.ARGUMENTS, "bash", "{\"command\":\"git push\"}")),
                        Risk.NONE));
    }

    private String csrf() {
        browser.signIn(rooms.token);
        return Browser.csrf(browser.get("/approvals").body());
    }

    private StandingGrant only() throws Exception {
        List<StandingGrant> grants = rooms.grants.list(10).result();
        assertThat(grants).hasSize(1);
        return grants.getFirst();
    }

    @Test
    void dontAskAgain_approvesTheTicket_andMakesTheGrantThatWasChosen() throws Exception {
        rooms.hold(toolCall(Terms.USUAL));
        String csrf = csrf();

        assertThat(browser.get("/approvals").body())
                .contains("exactly: git push origin main", "commands like: git push …", "any call of bash");
        HttpResponse<String> answer = browser.post(
                "/approvals/tk_1/grant",
                Map.of("csrf", csrf, "what", "1", "who", "session", "minutes", "30", "dollars", "5"));

        assertThat(answer.statusCode()).isEqualTo(303);
        StandingGrant grant = only();
        assertThat(grant.scope().commands()).containsExactly("git push", "git push *");
        assertThat(grant.scope().agent()).isEqualTo("ci-fixer");
        assertThat(grant.scope().team()).isEqualTo("platform");
        assertThat(grant.scope().session()).isEqualTo("run-1");
        assertThat(grant.limit()).isEqualTo(NanoUsd.ofDollars("5"));
        assertThat(Duration.between(grant.createdAt(), grant.expiresAt())).isEqualTo(Duration.ofMinutes(30));
        assertThat(grant.ticket()).isEqualTo("tk_1");
        assertThat(rooms.ticket("tk_1").state()).isEqualTo(Ticket.State.APPROVED);
        assertThat(rooms.log.actions()).contains("grant_created", "ticket_approval_asked");
        assertThat(browser.get("/grants").body()).contains(grant.id(), "that run git push, git push *", "live");
    }

    @Test
    void revoke_onThePage_endsTheGrant() throws Exception {
        rooms.hold(toolCall(Terms.USUAL));
        String csrf = csrf();
        var unused = browser.post("/approvals/tk_1/grant", Map.of("csrf", csrf, "what", "0"));
        String id = only().id();

        assertThat(browser.post("/grants/" + id + "/revoke", Map.of("csrf", csrf))
                        .statusCode())
                .isEqualTo(303);

        assertThat(only().use().revokedBy()).isEqualTo("admin");
        assertThat(browser.get("/grants").body()).contains("revoked");
        assertThat(rooms.log.actions()).contains("grant_revoked");
    }

    @Test
    void quorum_isNotGoneAroundByAGrant_andTheTicketShowsItsVotes() throws Exception {
        rooms.hold(toolCall(new Terms(List.of(), 2, List.of(), false)));
        String csrf = csrf();

        var unused = browser.post("/approvals/tk_1/grant", Map.of("csrf", csrf, "what", "0"));
        assertThat(rooms.grants.list(10).result()).isEmpty();
        var unused2 = browser.post("/approvals/tk_1", Map.of("csrf", csrf, "decision", "approve"));

        assertThat(rooms.ticket("tk_1").state()).isEqualTo(Ticket.State.PENDING);
        String page = browser.get("/approvals").body();
        assertThat(page).contains("1 of 2 approvals: admin.", "1 more needed").doesNotContain("Don't ask again");
        var unused3 = browser.post("/approvals/tk_1", Map.of("csrf", csrf, "decision", "approve"));
        assertThat(rooms.ticket("tk_1").state()).as("the same person again").isEqualTo(Ticket.State.PENDING);
    }

    @Test
    void ownCall_isNotApprovedByItsOwner_butMayBeDenied() throws Exception {
        rooms.hold(toolCall(new Terms(List.of(), 1, List.of("admin"), false)));
        String csrf = csrf();

        var unused = browser.post("/approvals/tk_1", Map.of("csrf", csrf, "decision", "approve"));
        assertThat(rooms.ticket("tk_1").state()).isEqualTo(Ticket.State.PENDING);

        var unused2 = browser.post("/approvals/tk_1", Map.of("csrf", csrf, "decision", "deny"));
        assertThat(rooms.ticket("tk_1").state()).isEqualTo(Ticket.State.DENIED);
    }

    @Test
    void link_asksForSignIn_opensTheTicket_once() throws Exception {
        rooms.hold(toolCall(Terms.USUAL));
        String path = "/approvals/open/" + TicketLinks.token(rooms.ticket("tk_1"), "mail:ann");

        assertThat(browser.get(path).headers().firstValue("Location").orElseThrow())
                .as("whoever is not signed in does not use it up")
                .startsWith("/sign-in?next=%2Fapprovals%2Fopen%2F");
        var unused = browser.signIn(rooms.token);
        assertThat(browser.get(path).headers().firstValue("Location")).hasValue("/approvals#ticket-tk_1");
        assertThat(browser.get(path).headers().firstValue("Location")).hasValue("/approvals");
        assertThat(browser.get("/approvals").body()).contains("This link was used before");
        assertThat(browser.get("/approvals/open/nonsense").headers().firstValue("Location"))
                .hasValue("/approvals");
    }

    @Test
    void edit_isAVoteForTheChangedText_andItsDigestsAreOnTheRecord() throws Exception {
        rooms.hold(toolCall(Terms.USUAL));
        String csrf = csrf();
        assertThat(browser.get("/approvals").body()).contains("Change the arguments, then approve");

        var unused = browser.post(
                "/approvals/tk_1",
                Map.of(
                        "csrf",
                        csrf,
                        "decision",
                        "approve",
                        "edit_path",
                        "arguments",
                        "edit_text",
                        "{\"command\":\"git status\"}"));

        Ticket ticket = rooms.ticket("tk_1");
        assertThat(ticket.state()).isEqualTo(Ticket.State.APPROVED);
        assertThat(Objects.requireNonNull(ticket.details().edit(), "edited").text())
                .isEqualTo("{\"command\":\"git status\"}");
        assertThat(api("POST", "/api/v1/tickets/tk_1/approve", "{\"edit_path\":\"x\",\"edit_text\":\"y\"}")
                        .statusCode())
                .isEqualTo(409);
    }

    @Test
    void edit_ofSeveralPassages_isOneVote_andWhatIsSentAsItWasIsNoChange() throws Exception {
        Ticket waiting = toolCall(Terms.USUAL);
        rooms.hold(waiting.with(new TicketDetails(
                waiting.details().terms(),
                List.of(),
                waiting.details().wish(),
                waiting.details().link(),
                List.of(
                        new Passage("messages[0].content", "system", "be kind"),
                        new Passage("messages[1].content", "user", "go left"),
                        new Passage("messages[2].content", "user", "go on")),
                Risk.NONE)));
        String csrf = csrf();
        assertThat(browser.get("/approvals").body())
                .contains("Change what was said, then approve", "Instead of what the system said");

        var unused = browser.send(
                "POST",
                "/approvals/tk_1",
                "csrf=" + csrf + "&decision=approve&edit_path=messages%5B0%5D.content&edit_text=be+kind"
                        + "&edit_path=messages%5B1%5D.content&edit_text=go+right"
                        + "&edit_path=messages%5B2%5D.content&edit_text=stop",
                "Content-Type",
                "application/x-www-form-urlencoded");

        Ticket ticket = rooms.ticket("tk_1");
        assertThat(ticket.state()).isEqualTo(Ticket.State.APPROVED);
        assertThat(Objects.requireNonNull(ticket.details().edit(), "edited").all())
                .containsExactly(new Edit("messages[1].content", "go right"), new Edit("messages[2].content", "stop"));
        assertThat(api("GET", "/api/v1/tickets/tk_1", "").body())
                .contains("\"edit_paths\":[\"messages[1].content\",\"messages[2].content\"]")
                .contains("\"waits_for\":\"client\"");
    }

    @Test
    void edit_ofOnePassageTwice_isRefused() throws Exception {
        rooms.hold(toolCall(Terms.USUAL));

        assertThat(api(
                                "POST",
                                "/api/v1/tickets/tk_1/approve",
                                "{\"edits\":[{\"path\":\"arguments\",\"text\":\"{}\"},{\"path\":\"arguments\",\"text\":\"[]\"}]}")
                        .body())
                .contains("the passage arguments is changed twice");
        assertThat(rooms.ticket("tk_1").state()).isEqualTo(Ticket.State.PENDING);
    }

    @Test
    void edit_ofWhatWasNotShown_isRefused() throws Exception {
        rooms.hold(toolCall(Terms.USUAL));

        assertThat(api("POST", "/api/v1/tickets/tk_1/approve", "{\"edit_path\":\"x\",\"edit_text\":\"y\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(rooms.ticket("tk_1").state()).isEqualTo(Ticket.State.PENDING);
    }

    @Test
    void api_makesListsAndRevokes() throws Exception {
        HttpResponse<String> made = api(
                "POST",
                "/api/v1/grants",
                "{\"agent\":\"ci\",\"rule\":\"delete\",\"tool\":\"bash\",\"paths\":[\"/srv/app\"],\"limit_usd\":\"5\",\"minutes\":120}");
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(made.body()).contains("\"limit_usd\":\"5", "\"paths\":[\"/srv/app\"]", "\"live\":true");
        String id = only().id();

        assertThat(api("GET", "/api/v1/grants", "").body()).contains(id);
        assertThat(api("POST", "/api/v1/grants/" + id + "/revoke", "").body())
                .contains("\"live\":false", "\"revoked_by\":\"admin\"");
        assertThat(api("POST", "/api/v1/grants/G0/revoke", "").statusCode()).isEqualTo(404);
        assertThat(api("POST", "/api/v1/grants", "{\"agent\":\"ci\",\"rule\":\"r\",\"minutes\":0}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(api("POST", "/api/v1/grants", "{\"agent\":\"ci\",\"rule\":\"r\",\"minutes\":5,\"path\":[]}")
                        .body())
                .contains("unknown member path");
    }
}
