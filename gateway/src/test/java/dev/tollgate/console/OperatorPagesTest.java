package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.console.ProviderFigures.Figures;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySnapshot;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of whoever runs the gateway, over real HTTP. */
final class OperatorPagesTest {
    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final FakeRooms rooms = new FakeRooms(InstantSource.system());
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
    void connect_everyClient_hasItsLinesWithThisGatewaysAddress() {
        List<Clients.Client> clients = Clients.all("http://127.0.0.1:8787", "sandbox/sandbox-small");
        assertThat(clients).hasSizeGreaterThan(10);

        for (Clients.Client client : clients) {
            String page = browser.get("/connect?client=" + client.id()).body();

            assertThat(page).contains("http://127.0.0.1:8787/", client.title(), "data-copy=\"lines-client\"");
        }
        assertThat(browser.get("/connect?client=codex").body()).contains("wire_api = \"responses\"");
        assertThat(browser.get("/connect?client=nonsense").statusCode()).isEqualTo(200);
    }

    @Test
    void connect_aCallArrives_isToldToThePageThatWaits() throws Exception {
        String page = browser.get("/connect").body();
        String events = page.replaceAll("(?s).*data-events=\"([^\"]+)\".*", "$1");
        HttpURLConnection waiting =
                (HttpURLConnection) URI.create(browser.base() + events).toURL().openConnection();
        waiting.setRequestProperty("Cookie", browser.cookies());
        waiting.setReadTimeout(20_000);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(waiting.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo(": waiting");

            ConsolePreview.call(rooms, Instant.now().plusSeconds(1));

            String told = lines.lines()
                    .filter(line -> !line.isEmpty())
                    .skip(1)
                    .findFirst()
                    .orElseThrow();
            assertThat(told).startsWith("data: {\"agent\":").contains("\"link\":\"/exchanges/ex_");
        }
    }

    @Test
    void providers_seen_areToldWithTheirFiguresAndBreakers() throws Exception {
        rooms.policy.current = withHouse();
        rooms.providers.figures.put("house", new Figures(200, 3, 210, 412.5, 1900, 1.25));
        rooms.providers.breakers.put("house/large", "open");
        rooms.providers.breakers.put("house/small", "closed");

        String page = browser.get("/providers").body();

        assertThat(page).contains("House", "left out", "house/large: breaker open", "210", "$1.25", "2 %");
        assertThat(page).doesNotContain("house/small");
        assertThat(page).contains("providers cannot be called: off, or without a credential", "set GROQ_API_KEY");
        long all = rooms.policy.current.bundle().providers().size();
        assertThat(browser.get("/policy").body())
                .as("the same number as above")
                .contains((all - cannot(page)) + " can be called</a>, " + cannot(page)
                        + " cannot: off, or without a credential");
    }

    private static long cannot(String page) {
        Matcher found = Pattern.compile("([0-9]+) providers cannot be called").matcher(page);
        assertThat(found.find()).isTrue();
        return Long.parseLong(found.group(1));
    }

    @Test
    void integrity_verified_tellsHowFarItIsAndIsOnTheLog() {
        String page = browser.get("/log").body();
        assertThat(page)
                .contains("node-1.boot-2", "Not verified since this node started", "audit.anchors")
                // The note, the key, and how to check both elsewhere.
                .contains(
                        "Last checkpoint",
                        "over 41 records",
                        "tollgate.dev/node-1+1+AAAA",
                        "tollgate audit verify --journal");

        HttpResponse<String> asked = browser.post("/log/verify", Map.of("csrf", Browser.csrf(page)));

        assertThat(asked.statusCode()).isEqualTo(303);
        assertThat(browser.get("/log/live?seen=x").body()).contains("Verifying: 20.0 KiB of 80.0 KiB");
        assertThat(rooms.log.actions()).containsExactly("signed_in", "log_verification_asked");
        rooms.integrity.check = new LogDesk.Check.Failed(Instant.now(), "disk gone");
        assertThat(browser.get("/log").body()).contains("could not be read", "disk gone");
    }

    @Test
    void draft_triedOut_tellsErrorsWithTheirLine_orWhatItChanges() {
        String page = browser.get("/policy/draft?file=budget.yaml").body();
        String csrf = Browser.csrf(page);
        assertThat(page).contains("request_cap: 10");

        String bad = browser.post(
                        "/policy/draft",
                        Map.of("csrf", csrf, "file", "budget.yaml", "text", "budget:\n  request_cap: fifty"))
                .body();
        String good = browser.post(
                        "/policy/draft",
                        Map.of(
                                "csrf",
                                csrf,
                                "file",
                                "budget.yaml",
                                "rehearse",
                                "yes",
                                "text",
                                "budget:\n  request_cap: 20"))
                .body();

        assertThat(bad).contains("could not come into force", "budget.yaml:2", "request_cap: fifty");
        assertThat(good)
                .contains(
                        "It could come into force",
                        "$10 → $20",
                        "1 of 12 stored calls",
                        "deny budget",
                        "payloads.capture",
                        "value=\"yes\" checked>");
        assertThat(bad).contains("value=\"yes\">");
        assertThat(rooms.log.actions()).containsExactly("signed_in", "policy_draft_tried", "policy_draft_tried");
    }

    private PolicySnapshot withHouse() throws Exception {
        Files.writeString(
                folder.resolve("p.yaml"), "providers: {house: {title: House, base_url: \"http://house/v1\"}}");
        return new PolicySnapshot(
                new PolicyLoader(folder, List.of(), name -> null).load().bundle(), "p1", Instant.now(), Map.of());
    }
}
