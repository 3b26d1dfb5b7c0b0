package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Vote;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.TeamId;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over real HTTP: who gets in, what people see and change, what is refused. */
final class ConsoleServerTest {
    private static final List<String> PAGES =
            List.of("/", "/approvals", "/grants", "/sessions", "/exchanges", "/spend", "/keys", "/policy", "/health");

    private final Vertx vertx = Vertx.vertx();
    private final FakeRooms rooms = new FakeRooms(InstantSource.system());
    private int port;
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        port = rooms.open(vertx);
        browser = new Browser(port);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void page_withoutSession_sendsToSignInAndBack() {
        HttpResponse<String> response = browser.get("/approvals");

        assertThat(response.statusCode()).isEqualTo(303);
        assertThat(response.headers().firstValue("Location")).hasValue("/sign-in?next=%2Fapprovals");
    }

    @Test
    void page_withAQuery_isComeBackToWhole() {
        assertThat(browser.get("/policy/draft?file=a%20b.yaml").headers().firstValue("Location"))
                .hasValue("/sign-in?next=%2Fpolicy%2Fdraft%3Ffile%3Da%2520b.yaml");
    }

    @Test
    void signIn_rightToken_opensTheConsoleWithAStrictCookie() {
        HttpResponse<String> response = browser.signIn(rooms.token);

        assertThat(response.statusCode()).isEqualTo(303);
        assertThat(response.headers().firstValue("Set-Cookie").orElseThrow())
                .contains("HttpOnly", "SameSite=Strict", "Path=/");
        assertThat(browser.get("/").statusCode()).isEqualTo(200);
    }

    @Test
    void signIn_wrongToken_staysOutside() {
        HttpResponse<String> response = browser.signIn("tga_wrong");

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).contains("not the admin token").doesNotContain("tga_wrong");
        assertThat(browser.get("/").statusCode()).isEqualTo(303);
    }

    @Test
    void signIn_tooManyWrongTokens_areTurnedAwayButTheRightOnePasses() {
        for (int i = 0; i < Limits.MAX_WRONG_TOKENS; i++) {
            assertThat(browser.signIn("tga_wrong").statusCode()).isEqualTo(401);
        }

        assertThat(browser.signIn("tga_wrong").statusCode()).isEqualTo(429);
        assertThat(browser.signIn(rooms.token).statusCode()).isEqualTo(303);
    }

    @Test
    void signIn_withoutTheFormToken_isRefused() {
        HttpResponse<String> response = browser.post("/sign-in", Map.of("token", rooms.token));

        assertThat(response.statusCode()).isEqualTo(403);
    }

    @Test
    void signIn_nextOnAForeignSite_goesHome() {
        String csrf = Browser.csrf(browser.get("/sign-in").body());

        HttpResponse<String> response =
                browser.post("/sign-in", Map.of("csrf", csrf, "token", rooms.token, "next", "//evil.example/"));

        assertThat(response.headers().firstValue("Location")).hasValue("/");
    }

    @Test
    void signOut_always_endsTheSession() {
        browser.signIn(rooms.token);
        String csrf = Browser.csrf(browser.get("/").body());

        browser.post("/sign-out", Map.of("csrf", csrf));

        assertThat(browser.get("/").statusCode()).isEqualTo(303);
    }

    @Test
    void pages_empty_areServedWithAPolicyAndNoForeignAddress() {
        browser.signIn(rooms.token);

        for (String path : PAGES) {
            HttpResponse<String> page = browser.get(path);

            assertThat(page.statusCode()).as(path).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'", "script-src 'self'")
                    .doesNotContain("unsafe");
            assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-store");
            assertThat(page.body()).doesNotContainPattern("(src|href|action)=\"(https?:)?//");
            assertThat(page.body()).doesNotContain("style=").doesNotContain("onclick");
            assertThat(page.body().length()).isLessThan(200 * 1024);
        }
    }

    @Test
    void overview_neverCalled_saysHowToBegin() {
        browser.signIn(rooms.token);

        assertThat(browser.get("/").body())
                .contains("OPENAI_BASE_URL=http://127.0.0.1:8787/v1")
                .contains("sandbox/sandbox-small");
    }

    @Test
    void approve_fromThePage_decidesAndRecordsFirst() {
        rooms.hold(SampleTickets.pending("tk_1", "ci-fixer", Instant.now()));
        browser.signIn(rooms.token);
        String page = browser.get("/approvals").body();

        HttpResponse<String> response = browser.post(
                "/approvals/tk_1",
                Map.of("csrf", Browser.csrf(page), "decision", "approve", "note", "looks right"),
                "Origin",
                browser.base());

        assertThat(page).contains("ci-fixer", "the call may cost more than $5", "$6.25", "refactor the billing module");
        assertThat(response.statusCode()).isEqualTo(303);
        assertThat(rooms.ticket("tk_1").state()).isEqualTo(Ticket.State.APPROVED);
        assertThat(rooms.ticket("tk_1").note()).isEqualTo("looks right");
        assertThat(rooms.log.actions()).containsExactly("signed_in", "ticket_approval_asked");
        assertThat(browser.get("/approvals").body()).contains("Approved: ci-fixer", "Nobody is waiting");
    }

    @Test
    void approve_withoutTheFormToken_isRefusedAndChangesNothing() {
        rooms.hold(SampleTickets.pending("tk_1", "ci-fixer", Instant.now()));
        browser.signIn(rooms.token);

        HttpResponse<String> response = browser.post("/approvals/tk_1", Map.of("decision", "approve"));

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(rooms.ticket("tk_1").state()).isEqualTo(Ticket.State.PENDING);
    }

    @Test
    void approve_fromAForeignPage_isRefused() {
        rooms.hold(SampleTickets.pending("tk_1", "ci-fixer", Instant.now()));
        browser.signIn(rooms.token);
        Map<String, String> form =
                Map.of("csrf", Browser.csrf(browser.get("/approvals").body()), "decision", "approve");

        assertThat(browser.post("/approvals/tk_1", form, "Origin", "https://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(browser.post("/approvals/tk_1", form, "Origin", "null").statusCode())
                .isEqualTo(403);
        assertThat(browser.post("/approvals/tk_1", form, "Sec-Fetch-Site", "same-site")
                        .statusCode())
                .isEqualTo(403);
        assertThat(rooms.ticket("tk_1").state()).isEqualTo(Ticket.State.PENDING);
    }

    @Test
    void approve_decidedBySomebodyElseMeanwhile_saysSo() {
        rooms.hold(SampleTickets.pending("tk_1", "ci-fixer", Instant.now()));
        browser.signIn(rooms.token);
        String csrf = Browser.csrf(browser.get("/approvals").body());
        FakeRooms.require(rooms.tickets.decide(rooms.ticket("tk_1").id(), new Vote("cli", false, "no", Instant.now())));

        HttpResponse<String> response =
                browser.post("/approvals/tk_1", Map.of("csrf", csrf, "decision", "approve"), "HX-Request", "true");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("is denied by cli already");
        assertThat(rooms.log.actions()).containsExactly("signed_in");
    }

    @Test
    void queue_nothingNew_answersNothing() {
        rooms.hold(SampleTickets.pending("tk_1", "ci-fixer", Instant.now()));
        browser.signIn(rooms.token);
        String seen = browser.get("/approvals").body().replaceAll("(?s).*name=\"seen\" value=\"([0-9a-f]+).*", "$1");

        HttpResponse<String> same = browser.get("/approvals/queue?seen=" + seen, "HX-Request", "true");
        rooms.hold(SampleTickets.pending("tk_2", "research", Instant.now()));
        HttpResponse<String> more = browser.get("/approvals/queue?seen=" + seen, "HX-Request", "true");

        assertThat(same.statusCode()).isEqualTo(204);
        assertThat(more.body()).contains("tk_1", "tk_2").doesNotContain("<html");
    }

    @Test
    void queue_sessionOver_sendsThePageToSignIn() {
        HttpResponse<String> response = browser.get("/approvals/queue?seen=x", "HX-Request", "true");

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("HX-Redirect")).hasValue("/sign-in");
    }

    @Test
    void key_madeOnThePage_isShownOnceAndRecorded() {
        browser.signIn(rooms.token);
        String csrf = Browser.csrf(browser.get("/keys").body());

        String page = browser.post("/keys", Map.of("csrf", csrf, "agent", "ci-fixer", "models", "openai/*, fast"))
                .body();

        assertThat(page).containsPattern("tg_[0-9A-Za-z]{43}");
        assertThat(browser.get("/keys").body())
                .contains("ci-fixer", "fast, openai/*")
                .doesNotContainPattern("tg_[0-9A-Za-z]{43}");
        assertThat(rooms.log.actions()).containsExactly("signed_in", "key_created");
        assertThat(rooms.log.records.toString()).doesNotContain("tg_");
    }

    @Test
    void key_revokedOnThePage_isRevoked() {
        var minted = rooms.mint.mint(new AgentId("bot"), new TeamId("platform"), Scopes.ALL, null);
        FakeRooms.require(rooms.keys.add(minted.key()));
        browser.signIn(rooms.token);
        String csrf = Browser.csrf(browser.get("/keys").body());

        browser.post("/keys/" + minted.key().id() + "/revoke", Map.of("csrf", csrf));

        assertThat(rooms.keys.list(1).result().get(0).revokedAt()).isNotNull();
        assertThat(browser.get("/keys").body()).contains("Its next call fails", "revoked");
    }

    @Test
    void change_thatCannotBeRecorded_doesNotHappen() {
        rooms.hold(SampleTickets.pending("tk_1", "ci-fixer", Instant.now()));
        browser.signIn(rooms.token);
        String csrf = Browser.csrf(browser.get("/keys").body());
        rooms.log.refuses = true;

        HttpResponse<String> key = browser.post("/keys", Map.of("csrf", csrf, "agent", "ci-fixer"));
        browser.post("/approvals/tk_1", Map.of("csrf", csrf, "decision", "approve"));

        assertThat(key.statusCode()).isEqualTo(503);
        assertThat(key.body()).contains("could not be recorded");
        assertThat(rooms.keys.list(10).result()).isEmpty();
        assertThat(rooms.ticket("tk_1").state()).isEqualTo(Ticket.State.PENDING);
    }

    @Test
    void signInsAndOuts_areOnTheLog_theRefusedOnesToo() {
        browser.signIn("tga_wrong");
        browser.signIn(rooms.token);
        String csrf = Browser.csrf(browser.get("/keys").body());
        browser.post("/sign-out", Map.of("csrf", csrf));

        assertThat(rooms.log.actions()).containsExactly("sign_in_refused", "signed_in", "signed_out");
        assertThat(browser.get("/keys").statusCode()).isEqualTo(303);
    }

    @Test
    void signIn_thatCannotBeRecorded_staysOutside() {
        rooms.log.refuses = true;

        assertThat(browser.signIn(rooms.token).statusCode()).isEqualTo(503);
        assertThat(browser.get("/keys").statusCode()).isEqualTo(303);
    }

    @Test
    void page_storeAway_tellsAReferenceAndNoStackTrace() {
        rooms.tickets.setAway(true);
        browser.signIn(rooms.token);

        HttpResponse<String> queue = browser.get("/approvals");

        assertThat(queue.statusCode()).isEqualTo(503);
        assertThat(queue.body()).containsPattern("er_[0-9a-f]+").doesNotContain("Exception", "at dev.tollgate");
        assertThat(browser.get("/policy").statusCode()).isEqualTo(200);
    }

    @Test
    void text_fromAgents_isEscaped() {
        rooms.hold(SampleTickets.pending("tk_1", "<b>bot</b>", "m/\"x\"", "<script>alert(1)</script>", Instant.now()));
        browser.signIn(rooms.token);

        assertThat(browser.get("/approvals").body())
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain("<b>bot", "<script>alert");
    }

    @Test
    void request_foreignHostName_isRefused() throws IOException {
        assertThat(raw("GET /healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421");
        assertThat(raw("GET /healthz HTTP/1.1\r\nHost: localhost:" + port + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void body_aboveTheLimit_isRefusedAndTheConnectionClosed() throws IOException {
        String head = "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n";

        String answer = raw(head + "x".repeat(Limits.MAX_BODY_BYTES + 1));

        assertThat(answer).startsWith("HTTP/1.1 413").contains("65536 bytes").containsIgnoringCase("connection: close");
    }

    @Test
    void probes_always_tellTheirState() {
        assertThat(browser.get("/healthz").body()).isEqualTo("{\"status\":\"alive\"}");
        assertThat(browser.get("/readyz").statusCode()).isEqualTo(200);
        assertThat(browser.get("/metrics").body()).contains("tollgate_open_exchanges 0.0");

        rooms.checks.add(new HealthChecks.Check("redis", false, "no answer within 2 s"));

        HttpResponse<String> response = browser.get("/readyz");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("{\"name\":\"redis\",\"ok\":false,\"detail\":\"no answer within 2 s\"}");
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
