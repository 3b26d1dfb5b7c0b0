package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AuditIndex.ExchangeRow;
import io.vertx.core.Vertx;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages of sessions over real HTTP. */
final class SessionPagesTest {
    private final Vertx vertx = Vertx.vertx();
    private final FakeRooms rooms = new FakeRooms(() -> SampleSessions.START.plusSeconds(600));
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        browser = rooms.administrator(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void list_withoutSessions_saysWhatOneIs() {
        assertThat(browser.get("/sessions").body()).contains("No sessions in this time");
    }

    @Test
    void list_leadsToASession_itsCalls_andEachOfThem() {
        add(SampleSessions.call(1, 0, "", "", 2_000_000));
        add(SampleSessions.call(2, 60, "reader", "coder", 3_000_000));

        String list = browser.get("/sessions").body();
        String timeline = browser.get("/sessions/show?session=s&team=team").body();
        String first = browser.get("/sessions/show?session=s&team=team&step=1").body();
        String second = browser.get("/sessions/show?session=s&team=team&step=2").body();

        assertThat(list).contains("/sessions/show?session=s&amp;team=team", "$0.0050", "<td class=\"number\">2</td>");
        assertThat(timeline)
                .contains("step=1", "step=2", "+0.0 s", "+1 min", "scan: a key was found", "<strong>reader</strong>");
        assertThat(first).contains("Call 1", "rel=\"next\"", "a key was found").doesNotContain("rel=\"prev\"");
        assertThat(second).contains("Call 2", "rel=\"prev\"", "$0.0050").doesNotContain("rel=\"next\"");
    }

    @Test
    void session_thatIsNotThere_andStepThatIsNot_areNotFound() {
        add(SampleSessions.call(1, 0, "", "", 1));

        assertThat(browser.get("/sessions/show?session=other").statusCode()).isEqualTo(404);
        assertThat(browser.get("/sessions/show?session=s&team=other").statusCode())
                .isEqualTo(404);
        assertThat(browser.get("/sessions/show?session=s&step=2").statusCode()).isEqualTo(404);
        assertThat(browser.get("/sessions/show?session=s&step=x").statusCode()).isEqualTo(400);
        assertThat(browser.get("/sessions/show").statusCode()).isEqualTo(400);
    }

    @Test
    void api_tellsSessionsAndWhatTheyCost() {
        add(SampleSessions.call(1, 0, "", "", 2_000_000));

        assertThat(browser.get("/api/v1/sessions", "Authorization", "Bearer " + rooms.token)
                        .body())
                .contains(
                        "\"session\":\"s\"",
                        "\"agents\":[\"coder\"]",
                        "\"first_call_at\":\"2026-11-21T10:00:00Z\"",
                        "\"cost_nanos\":2000000",
                        "\"cost_usd\":\"0.002\"");
    }

    @Test
    void name_ofASession_isNeverTakenForMarkup() {
        HttpResponse<String> page = browser.get("/sessions?agent=%3Cscript%3Ealert(1)%3C/script%3E");

        assertThat(page.body()).doesNotContain("<script>alert");
    }

    @Test
    void exchanges_areFilteredByRuleAndCost_andTheFilterIsKept() {
        add(SampleSessions.call(1, 0, "", "", 2_000_000));

        assertThat(browser.get("/exchanges?rule=aws-key&min_cost=0.001&model=openai/m")
                        .body())
                .contains("ex_1", "value=\"aws-key\"", "value=\"0.001\"", "value=\"openai/m\"");
        assertThat(browser.get("/exchanges?rule=other").body()).contains("Nothing fits this filter");
        assertThat(browser.get("/exchanges?min_cost=much").statusCode()).isEqualTo(400);
    }

    private void add(ExchangeRow row) {
        rooms.index.add(row.received(), row.ended().orElseThrow());
    }
}
