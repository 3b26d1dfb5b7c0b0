package dev.tollgate.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every page: accessible in light and dark, no wider than a phone, small, of one origin, and readable without JavaScript. */
final class PagesBrowserTest {
    private static final int MAX_PAGE_BYTES = 200 * 1024;
    private static final int PHONE_WIDTH = 390;
    private static final int PHONE_HEIGHT = 844;
    private static final String POLICY = """
            approval:
              holds:
                - {id: reviewed, when: "agent in ['reviewed', 'decided']", reason: everything this agent asks for is reviewed, deadline: 10m}
            budget:
              budgets:
                - {id: team-daily, limit: 5, period: day, scope: team}
            payloads:
              capture: redacted
              capture_for:
                - {agents: reviewed, capture: full}
            """;

    /** A call that tells of a command and an edit, one of them with characters that are not seen. */
    private static final String REVIEWED = """
            {"model": "sandbox/sandbox-small", "messages": [
              {"role": "user", "content": "Clean up the old toll house."},
              {"role": "assistant", "content": null, "tool_calls": [
                {"id": "c1", "type": "function", "function": {"name": "bash", "arguments":
                  "{\\"command\\": \\"ls \\\\u202e# daer\\", \\"workdir\\": \\"/srv\\", \\"timeout\\": 5}"}},
                {"id": "c2", "type": "function", "function": {"name": "edit", "arguments":
                  "{\\"filePath\\": \\"/srv/gate.txt\\", \\"oldString\\": \\"shut\\", \\"newString\\": \\"open\\"}"}}]},
              {"role": "tool", "tool_call_id": "c1", "content": "gate.txt"},
              {"role": "tool", "tool_call_id": "c2", "content": "done"}]}
            """;

    @TempDir
    private static Path folder;

    private static House house;
    private static CompletableFuture<HttpResponse<String>> held;
    private static List<String> pages = List.of();

    @BeforeAll
    static void open() throws IOException {
        house = House.open(folder, POLICY);
        assertThat(house.ask(house.key(), "Hello", "x-tollgate-session", "walked")
                        .statusCode())
                .isEqualTo(200);
        assertThat(house.posting(house.key(), REVIEWED, "x-tollgate-session", "walked")
                        .join()
                        .statusCode())
                .isEqualTo(200);
        String decided = decided();
        held = house.posting(house.keyOf("reviewed", "platform"), REVIEWED, "x-tollgate-session", "sweeping");
        house.awaitWaiting(1);
        String ticket = house.api("GET", "/api/v1/tickets?state=pending", "")
                .path("tickets")
                .path(0)
                .path("id")
                .asText();
        String exchange = house.indexed("default", 2).path("id").asText();
        pages = List.of(
                "/",
                "/approvals",
                "/approvals/" + ticket,
                "/grants",
                "/sessions",
                "/sessions/show?session=walked&team=default",
                "/sessions/show?session=walked&team=default&step=1",
                "/sessions/show?session=walked&team=default&step=2",
                "/exchanges",
                "/exchanges?agent=nobody",
                "/exchanges/" + exchange,
                "/exchanges/" + decided,
                "/spend",
                "/spend?period=month&by=session&team=default",
                "/budgets",
                "/connect",
                "/connect?client=codex",
                "/keys",
                "/tokens",
                "/policy",
                "/policy/draft?file=policy.yaml",
                "/providers",
                "/log",
                "/health");
    }

    /** A call that was held and approved; yields its exchange. */
    private static String decided() {
        CompletableFuture<HttpResponse<String>> call =
                house.asking(house.keyOf("decided", "platform"), "Raise the barrier.");
        house.awaitWaiting(1);
        String ticket = house.api("GET", "/api/v1/tickets?state=pending", "")
                .path("tickets")
                .path(0)
                .path("id")
                .asText();
        house.api("POST", "/api/v1/tickets/" + ticket + "/approve", "{\"note\":\"the road is free\"}");
        assertThat(call.join().statusCode()).isEqualTo(200);
        return house.indexed("decided", 1).path("id").asText();
    }

    @Test
    void exchange_tellsWhoApprovedIt_andLeadsToItsTicket() {
        String page = pages.stream()
                .filter(path -> path.startsWith("/exchanges/"))
                .toList()
                .getLast();
        try (Visit visit = house.admin(page)) {
            assertThat(visit.text(".notice.good")).contains("Held, approved by admin a", "reason: the road is free");
            visit.find(".notice.good a").click();
            assertThat(visit.text("h1")).contains("decided wants to call");
        }
    }

    @AfterAll
    static void close() {
        if (house != null) {
            house.close();
            assertThat(held).as("the held call, that nobody has decided").isNotNull();
        }
    }

    @Test
    void navigation_leadsToNoPageThatIsNotLookedAtHere() {
        try (Visit visit = house.admin("/")) {
            List<String> named = new ArrayList<>();
            visit.find(".side nav a").all().forEach(link -> named.add(link.getAttribute("href")));

            assertThat(named).isNotEmpty().isSubsetOf(pages);
        }
    }

    @Test
    void pages_inTheLight_areAccessible_small_andStrict() {
        walk("light", new NewContextOptions().setColorScheme(ColorScheme.LIGHT));
    }

    @Test
    void pages_inTheDark_areAccessible() {
        walk("dark", new NewContextOptions().setColorScheme(ColorScheme.DARK));
    }

    @Test
    void pages_onAPhone_areAccessible_andNoWiderThanIt() {
        walk("phone", new NewContextOptions().setViewportSize(PHONE_WIDTH, PHONE_HEIGHT));
    }

    @Test
    void pages_withoutJavaScript_areRead_andACallIsDecided() {
        String key = house.keyOf("reviewed", "platform");
        CompletableFuture<HttpResponse<String>> call = house.asking(key, "Sweep the yard without a script.");
        try (Visit visit =
                house.visit(new NewContextOptions().setJavaScriptEnabled(false)).signIn(house.adminToken(), "/")) {
            for (String path : pages) {
                visit.open(path);
                assertThat(visit.text("h1")).as(path).isNotBlank();
            }
            house.awaitWaiting(2);
            visit.open("/approvals");
            visit.find(".ticket:has-text('Sweep the yard') .decide .approve").click();
            assertThat(visit.text(".notice.good")).contains("Approved: reviewed");
            assertThat(call.join().statusCode()).isEqualTo(200);
            visit.find("text=Sign out").click();
            visit.awaitPath("/sign-in");
        }
    }

    @Test
    void ticketPage_inEveryForm_isAccessible_whereEverythingIsOpen() {
        String ticket = pages.stream()
                .filter(path -> path.startsWith("/approvals/"))
                .findFirst()
                .orElseThrow();
        for (NewContextOptions form : List.of(
                new NewContextOptions().setColorScheme(ColorScheme.LIGHT),
                new NewContextOptions().setColorScheme(ColorScheme.DARK),
                new NewContextOptions().setViewportSize(PHONE_WIDTH, PHONE_HEIGHT))) {
            try (Visit visit = house.visit(form).signIn(house.adminToken(), ticket)) {
                visit.page().evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })");
                assertThat(visit.text("pre.command")).contains("ls U+202E# daer");
                assertThat(visit.text("pre.diff")).contains("-shut", "+open");
                visit.look("ticket-open-" + form.colorScheme + form.viewportSize);

                visit.page().fill("#reason", "to look at the page");
                visit.find("text=Show it; the log records").click();
                visit.awaitPath(ticket + "/reveal");
                visit.page().evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })");
                assertThat(visit.text("ol.said")).contains("gate.txt");
                visit.look("ticket-revealed");
            }
        }
    }

    private static void walk(String kind, NewContextOptions options) {
        try (Visit visit = house.visit(options).signIn(house.adminToken(), "/")) {
            for (String path : pages) {
                Response response = visit.open(path);
                assertThat(response.body().length).as("bytes of " + path).isLessThanOrEqualTo(MAX_PAGE_BYTES);
                assertThat(response.headerValue("content-security-policy"))
                        .contains("default-src 'none'", "frame-ancestors 'none'")
                        .doesNotContain("unsafe");
                assertThat(visit.page().title()).as(path).endsWith(" · Tollgate");
                visit.look(kind + path.replaceAll("[^A-Za-z0-9]+", "-"));
            }
        }
    }
}
