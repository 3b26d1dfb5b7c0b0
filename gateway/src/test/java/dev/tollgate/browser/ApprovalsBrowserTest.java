package dev.tollgate.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Held calls in the queue: they appear by themselves, and are decided by key, together, changed, for a while. */
final class ApprovalsBrowserTest {
    private static final String POLICY = """
            approval:
              # On a busy machine a denial must not come behind heartbeats, which promise 200.
              quiet: 10m
              patience: 10m
              owners:
                - {people: [admin], agents: owned}
              holds:
                - {id: alone, when: agent == 'owned', reason: nobody lets their own agent pass, review: {four_eyes: true}}
                - {id: pair, when: agent == 'paired', reason: two must agree, review: {quorum: 2}}
                - {id: reviewed, when: "!(agent in ['default', 'owned', 'paired'])", reason: this agent is reviewed, deadline: 10m}
            """;

    @TempDir
    private static Path folder;

    private static House house;

    @BeforeAll
    static void open() throws IOException {
        house = House.open(folder, POLICY);
    }

    @AfterAll
    static void close() {
        if (house != null) {
            house.close();
        }
    }

    @AfterEach
    void leaveNobodyWaiting() {
        house.api("GET", "/api/v1/tickets?state=pending", "")
                .path("tickets")
                .forEach(ticket ->
                        house.api("POST", "/api/v1/tickets/" + ticket.path("id").asText() + "/deny", "{}"));
    }

    @Test
    void ticket_arrivesByItself_andIsDecidedByKey() {
        String key = house.keyOf("keyed", "platform");
        try (Visit visit = house.admin("/approvals")) {
            visit.find(".empty").waitFor();
            visit.look("approvals-empty");

            CompletableFuture<HttpResponse<String>> first = house.asking(key, "May I pass the first gate?");
            assertThat(visit.find(".ticket")).hasCount(1);
            CompletableFuture<HttpResponse<String>> second = house.asking(key, "May I pass the second gate?");
            assertThat(visit.find(".ticket")).hasCount(2);
            assertThat(visit.page().title()).startsWith("(2) ");
            visit.look("approvals-waiting");

            visit.page().keyboard().press("a");
            assertThat(visit.find(".notice:visible")).hasCount(0);
            visit.page().keyboard().press("j");
            visit.page().keyboard().press("n");
            visit.page().keyboard().type("jada keeps this gate");
            visit.page().keyboard().press("Escape");
            visit.page().keyboard().press("j");
            visit.page().keyboard().press("k");
            assertThat(visit.find(".ticket.selected")).containsText("first gate");
            visit.page().keyboard().press("a");
            assertThat(visit.find(".notice.good")).containsText("Approved: keyed");
            assertThat(visit.find(".ticket.selected")).containsText("second gate");
            visit.page().keyboard().press("d");
            assertThat(visit.find(".ticket")).hasCount(0);

            assertThat(first.join().body()).contains("You said: May I pass the first gate?");
            assertThat(second.join().statusCode()).isEqualTo(400);
            visit.look("approvals-decided");
        }
        assertThat(house.api("GET", "/api/v1/tickets?state=consumed", "").toString())
                .contains("jada keeps this gate");
    }

    @Test
    void tickets_ticked_areDecidedTogether() {
        String key = house.keyOf("batched", "platform");
        CompletableFuture<HttpResponse<String>> one = house.asking(key, "Carry one bale.");
        CompletableFuture<HttpResponse<String>> two = house.asking(key, "Carry two bales.");
        CompletableFuture<HttpResponse<String>> three = house.asking(key, "Carry three bales.");
        try (Visit visit = house.admin("/approvals")) {
            assertThat(visit.find(".ticket")).hasCount(3);
            assertThat(visit.find("#batch .approve")).isDisabled();

            visit.find(".ticket:has-text('one bale') input[name=ticket]").check();
            visit.find(".ticket:has-text('two bales')").focus();
            visit.page().keyboard().press("x");
            assertThat(visit.find("#batch .approve")).hasText("Approve 2 ticked");
            visit.look("approvals-ticked");
            visit.find("#batch .approve").click();

            assertThat(visit.find(".notice.good")).hasText("Approved: 2 calls.");
            assertThat(visit.find(".ticket")).hasCount(1);
            assertThat(one.join().statusCode()).isEqualTo(200);
            assertThat(two.join().statusCode()).isEqualTo(200);
            assertThat(three).isNotDone();
            visit.find(".ticket .deny").click();
            assertThat(three.join().statusCode()).isEqualTo(400);
        }
    }

    @Test
    void queue_thatDoesNotFitOnAPage_isDecidedByKeyAndTogether_onEachPage() {
        String key = house.keyOf("crowded", "platform");
        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            calls.add(house.asking(
                    key, "Cart " + i + " carries: " + "a barrel of salt and a bale of wool, ".repeat(300)));
        }
        house.awaitWaiting(30);
        try (Visit visit = house.admin("/approvals")) {
            int first = visit.find(".ticket").count();
            assertThat(first).isLessThan(30);
            assertThat(visit.find(".side .badge")).hasText("30");
            assertThat(visit.find("p.more")).containsText((30 - first) + " more");
            visit.page().keyboard().press("j");
            visit.page().keyboard().press("d");
            assertThat(visit.find(".notice.good")).containsText("Denied: crowded");
            assertThat(visit.find(".side .badge")).hasText("29");
            assertThat(visit.find(".ticket")).hasCount(first);
            visit.look("approvals-many");

            visit.find("p.more a").click();
            assertThat(visit.find("#queue > .notice.calm")).containsText("of 29.");
            int second = visit.find(".ticket").count();
            visit.find(".ticket input[name=ticket]").nth(0).check();
            visit.find(".ticket input[name=ticket]").nth(1).check();
            visit.find("#batch .deny").click();
            assertThat(visit.find(".notice.good")).hasText("Denied: 2 calls.");
            assertThat(visit.find("#queue > .notice.calm")).containsText("of 27.");
            assertThat(visit.find(".ticket")).hasCount(second - 2);
            visit.look("approvals-behind");

            // What comes while somebody looks at a page behind the first one is told at once.
            calls.add(house.asking(key, "Cart 30 carries nothing."));
            assertThat(visit.find(".side .badge")).hasText("28");
        }
        while (calls.stream().anyMatch(call -> !call.isDone())) {
            house.api("GET", "/api/v1/tickets?state=pending&limit=200", "")
                    .path("tickets")
                    .forEach(ticket -> house.api(
                            "POST", "/api/v1/tickets/" + ticket.path("id").asText() + "/deny", "{}"));
        }
    }

    @Test
    void decision_answeredBehindARefreshOfTheQueue_isTold_andStaysTold() {
        String key = house.keyOf("hasty", "platform");
        CompletableFuture<HttpResponse<String>> first = house.asking(key, "Raise the first flag.");
        try (Visit visit = house.admin("/approvals")) {
            assertThat(visit.find(".ticket")).hasCount(1);
            Visit.Held refreshes = visit.holding("**/approvals/queue?*");
            CompletableFuture<HttpResponse<String>> second = house.asking(key, "Raise the second flag.");
            house.awaitWaiting(2);
            refreshes.await(1);
            Visit.Held decisions = visit.holding("**/approvals/A*");
            visit.page().keyboard().press("j");
            visit.page().keyboard().press("d");
            decisions.await(1);
            refreshes.release();
            assertThat(visit.find(".ticket")).hasCount(2);
            decisions.release();

            assertThat(visit.find(".notice.good")).containsText("Denied: hasty");
            assertThat(visit.find(".ticket")).containsText("second flag");
            CompletableFuture<HttpResponse<String>> third = house.asking(key, "Raise the third flag.");
            assertThat(visit.find(".ticket")).hasCount(2);
            assertThat(visit.find(".notice.good")).containsText("Denied: hasty");
            assertThat(first.join().statusCode()).isEqualTo(400);
            assertThat(List.of(second, third)).noneMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void refresh_answeredBehindADecision_losesNoTicket() {
        String key = house.keyOf("slow", "platform");
        CompletableFuture<HttpResponse<String>> first = house.asking(key, "Light the first lamp.");
        try (Visit visit = house.admin("/approvals")) {
            assertThat(visit.find(".ticket")).hasCount(1);
            Visit.Held refreshes = visit.holding("**/approvals/queue?*");
            CompletableFuture<HttpResponse<String>> second = house.asking(key, "Light the second lamp.");
            house.awaitWaiting(2);
            refreshes.await(1);
            visit.page().keyboard().press("j");
            visit.page().keyboard().press("d");
            assertThat(visit.find(".ticket")).containsText("second lamp");
            assertThat(first.join().statusCode()).isEqualTo(400);
            refreshes.release();
            visit.page().waitForTimeout(300);

            assertThat(visit.find(".ticket")).hasCount(1);
            assertThat(visit.find(".notice.good")).containsText("Denied: slow");
            assertThat(second).isNotDone();
        }
    }

    @Test
    void decisions_madeAtOnce_allCount_whicheverIsAnsweredFirst() {
        String key = house.keyOf("quick", "platform");
        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            calls.add(house.asking(key, "Ring bell " + i + "."));
        }
        try (Visit visit = house.admin("/approvals")) {
            assertThat(visit.find(".ticket")).hasCount(3);
            Visit.Held decisions = visit.holding("**/approvals/A*");
            for (int i = 0; i < 3; i++) {
                visit.find(".ticket .deny").nth(i).click();
            }
            decisions.await(3);
            decisions.release();

            assertThat(visit.find(".ticket")).hasCount(0);
            assertThat(visit.find(".notice.good")).containsText("Denied: quick");
        }
        assertThat(calls).allMatch(call -> call.join().statusCode() == 400);
    }

    @Test
    void ticket_changed_goesOnAsChanged() {
        CompletableFuture<HttpResponse<String>> call =
                house.asking(house.keyOf("edited", "platform"), "Take the long road.");
        try (Visit visit = house.admin("/approvals")) {
            Locator ticket = visit.find(".ticket");
            ticket.locator("summary", new Locator.LocatorOptions().setHasText("then approve"))
                    .click();
            ticket.locator("textarea").fill("Take the short road.");
            visit.look("approvals-changed");
            ticket.locator("text=Approve as changed").click();

            assertThat(visit.find(".notice.good")).containsText("Approved: edited");
            assertThat(call.join().body()).contains("You said: Take the short road.");
        }
    }

    @Test
    void grant_givenFromATicket_letsTheNextCallPass_untilItIsRevoked() {
        String key = house.keyOf("granted", "platform");
        CompletableFuture<HttpResponse<String>> first = house.asking(key, "Open the first lock.");
        try (Visit visit = house.admin("/approvals")) {
            Locator ticket = visit.find(".ticket");
            ticket.locator("summary", new Locator.LocatorOptions().setHasText("Don't ask again"))
                    .click();
            ticket.locator("select[name=who]").selectOption("agent");
            visit.look("approvals-grant");
            ticket.locator("text=Approve, and don't ask again").click();
            assertThat(visit.find(".notice.good")).containsText("calls like it pass until");
            assertThat(first.join().statusCode()).isEqualTo(200);
            assertThat(house.ask(key, "Open the second lock.").statusCode()).isEqualTo(200);

            visit.open("/grants");
            assertThat(visit.row("granted")).containsText("live");
            visit.look("grants");
            visit.row("granted").locator("summary").click();
            visit.row("granted").locator("button.deny").click();
            assertThat(visit.find(".notice.good")).containsText("Revoked");
            assertThat(visit.row("granted")).containsText("revoked");

            CompletableFuture<HttpResponse<String>> third = house.asking(key, "Open the third lock.");
            visit.open("/approvals");
            assertThat(visit.find(".ticket")).containsText("third lock");
            visit.find(".ticket .deny").click();
            assertThat(third.join().statusCode()).isEqualTo(400);
        }
    }

    @Test
    void quorum_needsTwoPeople_andNobodyApprovesTheirOwn() {
        String token = house.api(
                        "POST",
                        "/api/v1/tokens",
                        "{\"name\":\"second\",\"roles\":[{\"role\":\"approver\",\"teams\":[\"*\"]}]}")
                .path("secret")
                .asText();
        CompletableFuture<HttpResponse<String>> paired =
                house.asking(house.keyOf("paired", "platform"), "Lift the heavy barrier.");
        CompletableFuture<HttpResponse<String>> owned =
                house.asking(house.keyOf("owned", "platform"), "Let my own cart pass.");
        try (Visit visit = house.admin("/approvals")) {
            assertThat(visit.find(".ticket")).hasCount(2);
            Locator own = visit.find(".ticket:has-text('own cart')");
            assertThat(own.locator("button.approve")).hasCount(0);
            assertThat(own).containsText("Not by admin, whose call it is.");
            visit.look("approvals-quorum");

            Locator pair = visit.find(".ticket:has-text('heavy barrier')");
            pair.locator(".decide .approve").click();
            assertThat(visit.find(".notice.good")).containsText("Your approval counts, 1 more needed");
            assertThat(pair).containsText("1 of 2 approvals: admin.");
            assertThat(paired).isNotDone();

            for (String text : new String[] {"heavy barrier", "own cart"}) {
                String id = String.valueOf(
                        visit.find(".ticket:has-text('" + text + "')").getAttribute("id"));
                HttpResponse<String> approved = house.answer(
                        "POST", "/api/v1/tickets/" + id.substring("ticket-".length()) + "/approve", "{}", token);
                assertThat(approved.statusCode()).as(approved.body()).isEqualTo(200);
            }
            assertThat(visit.find(".ticket")).hasCount(0);
        }
        assertThat(paired.join().statusCode()).isEqualTo(200);
        assertThat(owned.join().statusCode()).isEqualTo(200);
    }
}
