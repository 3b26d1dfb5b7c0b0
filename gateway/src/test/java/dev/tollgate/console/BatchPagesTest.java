package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.approval.Link;
import dev.tollgate.approval.Risk;
import dev.tollgate.approval.Terms;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.TicketDetails;
import dev.tollgate.approval.Wish;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several held calls decided with one click, and pages that are told of them. */
final class BatchPagesTest {
    private final Vertx vertx = Vertx.vertx();
    private final FakeRooms rooms = new FakeRooms(InstantSource.system());
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        browser = rooms.administrator(vertx);
        for (String id : new String[] {"tk_1", "tk_2", "tk_3"}) {
            rooms.hold(SampleTickets.pending(id, "ci-fixer", Instant.now()));
        }
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void batch_decidesEachTicked_onTheRecord_andLeavesTheOthers() {
        HttpResponse<String> response = decide("approve", "&ticket=tk_1&ticket=tk_3&ticket=tk_3&note=both");

        assertThat(response.statusCode()).isEqualTo(303);
        assertThat(browser.get("/approvals").body()).contains("Approved: 2 calls.");
        assertThat(rooms.ticket("tk_1").state()).isEqualTo(Ticket.State.APPROVED);
        assertThat(rooms.ticket("tk_2").state()).isEqualTo(Ticket.State.PENDING);
        assertThat(rooms.ticket("tk_3").note()).isEqualTo("both");
        assertThat(rooms.log.actions()).containsExactly("signed_in", "ticket_approval_asked", "ticket_approval_asked");
    }

    @Test
    void queue_beginsWithTheCallInWhichMostWasFound() {
        Ticket risky = SampleTickets.pending("tk_9", "ci-fixer", Instant.now());
        rooms.hold(risky.with(new TicketDetails(
                Terms.USUAL,
                List.of(),
                Wish.CALL,
                Link.NONE,
                List.of(),
                new Risk(0.72, List.of("email_address", "override_previous")))));

        String page = browser.get("/approvals").body();

        assertThat(page).contains("email_address, override_previous, injection score 0.72");
        assertThat(page.indexOf("id=\"ticket-tk_9")).isBetween(0, page.indexOf("id=\"ticket-tk_1"));
        assertThat(page.indexOf("id=\"ticket-tk_1")).isLessThan(page.indexOf("id=\"ticket-tk_2"));
    }

    @Test
    void approved_whoseClientHasLeft_standsBelowTheQueue_forWhoMaySeeIt() {
        assertThat(browser.get("/approvals").body()).doesNotContain("waiting for their client");

        assertThat(decide("approve", "&ticket=tk_1").statusCode()).isEqualTo(303);

        assertThat(browser.get("/approvals").body())
                .contains("Approved, waiting for their client", "approved by admin, ticket tk_1");
        assertThat(decide("deny", "&ticket=tk_2&ticket=tk_3").statusCode()).isEqualTo(303);
        assertThat(browser.get("/approvals").body()).doesNotContain("ticket tk_2");
    }

    @Test
    void batch_withATicketDecidedBefore_decidesTheOthers_andSaysSo() {
        assertThat(decide("deny", "&ticket=tk_1").statusCode()).isEqualTo(303);

        assertThat(decide("approve", "&ticket=tk_1&ticket=tk_2").statusCode()).isEqualTo(303);

        assertThat(browser.get("/approvals").body())
                .contains("Approved: 1 call; ticket tk_1 is denied by admin already.");
        assertThat(rooms.ticket("tk_2").state()).isEqualTo(Ticket.State.APPROVED);
    }

    @Test
    void batch_ofNothing_orOfTooMuch_decidesNothing() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i <= Limits.MAX_BATCH; i++) {
            many.append("&ticket=tk_").append(i);
        }

        assertThat(decide("approve", "").statusCode()).isEqualTo(303);
        assertThat(browser.get("/approvals").body()).contains("No call was ticked");
        assertThat(decide("approve", many.toString()).statusCode()).isEqualTo(400);
        assertThat(rooms.ticket("tk_1").state()).isEqualTo(Ticket.State.PENDING);
    }

    @Test
    void events_tellThatATicketCame() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(browser.base() + "/approvals/events"))
                .header("Cookie", browser.cookies())
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            var stream = client.send(request, BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
                assertThat(lines.readLine()).isEqualTo("event: queue");
                assertThat(lines.readLine()).isEqualTo("data: begun");
                assertThat(lines.readLine()).isEmpty();
                assertThat(lines.readLine()).isEqualTo("event: queue");
                assertThat(lines.readLine()).isEqualTo("data: changed");
                assertThat(lines.readLine()).isEmpty();

                rooms.hold(SampleTickets.pending("tk_4", "research", Instant.now()));

                assertThat(lines.readLine()).isEqualTo("event: queue");
                assertThat(lines.readLine()).isEqualTo("data: changed");
            }
            client.shutdownNow();
        }
    }

    private HttpResponse<String> decide(String decision, String more) {
        return browser.send(
                "POST",
                "/approvals/batch",
                "csrf=" + Browser.csrf(browser.get("/approvals").body()) + "&decision=" + decision + more,
                "Content-Type",
                "application/x-www-form-urlencoded");
    }
}
