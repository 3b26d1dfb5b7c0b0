package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.approval.Erasure;
import dev.tollgate.approval.HeldOriginals;
import dev.tollgate.approval.HeldOriginals.Original;
import dev.tollgate.approval.Link;
import dev.tollgate.approval.Risk;
import dev.tollgate.approval.ShownCall;
import dev.tollgate.approval.Terms;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.TicketDetails;
import dev.tollgate.approval.TicketWords;
import dev.tollgate.approval.Turn;
import dev.tollgate.approval.Vote;
import dev.tollgate.approval.Wish;
import dev.tollgate.audit.AgentPast;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.Records;
import dev.tollgate.exchange.ToolCount;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.Person;
import dev.tollgate.value.Person.Duty;
import io.vertx.core.Vertx;
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

/** The page of one held call. */
final class TicketPagesTest {
    private static final Verdict HOLD = new Verdict("approve", "hold", "approval_required", List.of("ask"), "why", 1);
    private static final Verdict LEAVE =
            new Verdict("approve", "proceed", "ok", List.of("ask"), "approved by ann as ticket A1", 0);

    private final Vertx vertx = Vertx.vertx();
    // A day after the records.
    private final FakeRooms rooms = new FakeRooms(InstantSource.fixed(Records.NOON.plusSeconds(86_400)));
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        browser = rooms.administrator(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void hold(String id, String agent, ShownCall... calls) {
        Ticket ticket = SampleTickets.pending(id, agent, rooms.clock.instant());
        Wish wish = calls.length == 0 ? Wish.CALL : new Wish(calls[0].tool(), List.of(), List.of(), false);
        rooms.hold(ticket.with(new TicketDetails(
                Terms.USUAL, List.of(), wish, Link.NONE, List.of(), Risk.NONE, List.of(calls), "", Turn.NONE)));
    }

    @Test
    void page_tellsWhatTheAgentDidBefore_andWhatItsSessionHasCost() {
        rooms.index.add(received("ex_1", HOLD, LEAVE), Records.ended("ex_1"));
        rooms.index.add(received("ex_2", HOLD), Records.ended("ex_2", Records.NOON, "denied", "", 0L));
        rooms.index.add(received("ex_3"), Records.ended("ex_3", Records.NOON, "denied", "", 0L));
        hold("tk_1", "agent-a");
        rooms.hold(inSession(SampleTickets.pending("tk_2", "agent-a", rooms.clock.instant())));

        String page = browser.get("/approvals/tk_2").body();

        assertThat(page)
                .contains(
                        "First seen",
                        "1 Mar 2026 12:00:00 UTC",
                        "/exchanges/ex_1\"",
                        "approved by ann as ticket A1",
                        "/exchanges/ex_2\"",
                        "/sessions/show?session=session-a&amp;team=team-a\">3 calls</a>, 2 denied",
                        "$0.0015")
                .doesNotContain("/exchanges/ex_3\"");
        assertThat(page.replaceAll("\\s+", " "))
                .contains(
                        "Held for a person</dt><dd>2<",
                        "of these went on</dt><dd>1<",
                        "of these did not</dt><dd>1<",
                        "Denied by rules, nobody asked</dt><dd>1<");
        // Of the other team nobody has called.
        assertThat(browser.get("/approvals/tk_1").body())
                .contains(
                        "The log knows no call of <strong>agent-a</strong> before this one.", "this is its first call");
        assertThat(browser.get("/approvals").body())
                .contains("<a href=\"/approvals/tk_2\">Everything about this call</a>");
    }

    @Test
    void page_tellsWhichOtherCallsOfTheTurnGoWithIt() {
        hold("tk_1", "agent-a", new Turn("digest", "router", true, List.of()));
        hold("tk_2", "agent-a", new Turn("digest", "", false, List.of("title", "<summary>")));
        hold("tk_3", "agent-a", new Turn("digest", "", false, List.of()));

        assertThat(browser.get("/approvals/tk_1").body())
                .contains("This is the call router, which comes before the one that answers.");
        assertThat(browser.get("/approvals/tk_2").body()).contains("With it went title, &lt;summary&gt;.");
        assertThat(browser.get("/approvals/tk_3").body()).doesNotContain("Not alone");
        Ticket joined = SampleTickets.pending("tk_4", "agent-a", rooms.clock.instant())
                .with(turn(new Turn("digest", "", false, List.of("title"))));
        assertThat(Documents.node(joined).toString())
                .contains("\"companion\":\"\",\"leads\":false,\"joined\":[\"title\"]");
    }

    private void hold(String id, String agent, Turn turn) {
        rooms.hold(SampleTickets.pending(id, agent, rooms.clock.instant()).with(turn(turn)));
    }

    private static TicketDetails turn(Turn turn) {
        return new TicketDetails(
                Terms.USUAL, List.of(), Wish.CALL, Link.NONE, List.of(), Risk.NONE, List.of(), "", turn);
    }

    private static Ticket inSession(Ticket ticket) {
        return new Ticket(
                ticket.id(),
                ticket.fingerprint(),
                ticket.exchange(),
                ticket.key(),
                ticket.agent(),
                "team-a",
                "session-a",
                ticket.model(),
                ticket.rule(),
                ticket.reason(),
                ticket.summary(),
                ticket.estimate(),
                ticket.createdAt(),
                ticket.deadline(),
                ticket.state(),
                null,
                null,
                null);
    }

    private static Received received(String id, Verdict... verdicts) {
        return verdicts.length == 0
                ? Records.received(id)
                : Records.received(
                        id,
                        verdicts[0],
                        List.of(verdicts).subList(1, verdicts.length).toArray(Verdict[]::new));
    }

    @Test
    void exchange_tellsWhoDecidedAboutIt_afterHowLong_andWhy_withALinkToTheTicket() {
        Instant asked = rooms.clock.instant();
        Ticket approved = inSession(SampleTickets.pending("tk_1", "agent-a", asked))
                .voted(new Vote("ann", true, "release day\u202e", asked.plusSeconds(32)))
                .in(State.CONSUMED);
        Ticket denied = inSession(SampleTickets.pending("tk_2", "agent-a", asked))
                .voted(new Vote("bob", false, "", asked.plusSeconds(5)));
        rooms.hold(approved);
        rooms.hold(denied);
        rooms.hold(SampleTickets.pending("tk_3", "agent-a", asked));
        Verdict leave =
                new Verdict("approve", "proceed", "ok", List.of("ask"), TicketWords.approved(approved) + ", more", 0);
        Verdict both = new Verdict(
                "tools",
                "deny",
                "c",
                List.of("r"),
                "approval_denied: " + TicketWords.denied(denied) + "; ticket tk_3",
                1);
        rooms.index.add(received("ex_1", HOLD, leave), Records.ended("ex_1", both));
        rooms.index.add(received("ex_2", HOLD), Records.ended("ex_2"));

        String page = browser.get("/exchanges/ex_1").body();
        String document = browser.get("/api/v1/exchanges/ex_1", "Authorization", "Bearer " + rooms.token)
                .body();

        assertThat(page)
                .contains(
                        "Held, approved by ann after 32 s, reason: release day<mark",
                        "<a href=\"/approvals/tk_1\">Ticket tk_1</a>",
                        "Held, denied by bob after 5 s. <a href=\"/approvals/tk_2\">")
                .doesNotContain("/approvals/tk_3\"");
        assertThat(document)
                .contains("\"tickets\":[{\"id\":\"tk_1\"", "\"decided_by\":\"ann\"", "\"note\":\"release day")
                .doesNotContain("\"id\":\"tk_3\"");
        assertThat(browser.get("/exchanges/ex_2").body()).doesNotContain("Ticket tk");
    }

    @Test
    void page_withoutTheIndex_stillDecides() {
        rooms.index.isAway = true;
        hold("tk_1", "agent-a");

        assertThat(browser.get("/approvals/tk_1").body())
                .contains("The index of the log does not answer", "value=\"approve\"");
    }

    @Test
    void callOfATool_isShownAsWhatItIs_withItsHiddenCharacters() {
        hold(
                "tk_1",
                "ci",
                new ShownCall(
                        "bash", "{\"command\":\"ls \\u202E# safe\\u200B\",\"cwd\":\"/srv\",\"why\":\"<b>\"}", true));
        hold(
                "tk_2",
                "ci",
                new ShownCall("Edit", "{\"file_path\":\"/a\",\"old_string\":\"x\",\"new_string\":\"<y>\"}", true));
        hold("tk_3", "ci", new ShownCall("bash", "{\"command\":\"ls\",\"command\":\"rm\"}", true));
        hold("tk_4", "ci", new ShownCall("bash", "{\"command\":\"l", false));

        for (String path : List.of("/approvals", "/approvals/tk_1")) {
            assertThat(browser.get(path).body())
                    .contains(
                            "<pre class=\"command\" tabindex=\"0\" aria-label=\"The command\">ls <mark class=\"unseen\""
                                    + " title=\"right-to-left override\">U+202E</mark># safe<mark class=\"unseen\""
                                    + " title=\"zero width space\">U+200B</mark></pre>",
                            "in <code>/srv</code>",
                            "<code>&lt;b&gt;</code>",
                            "The arguments as they were written")
                    .doesNotContain("\u202E", "\u200B");
        }
        assertThat(browser.get("/approvals/tk_2").body())
                .contains("<del><b>-</b>x</del>", "<ins><b>+</b>&lt;y&gt;</ins>");
        assertThat(browser.get("/approvals/tk_3").body())
                .contains("{&#34;command&#34;:&#34;ls&#34;,&#34;command&#34;:&#34;rm&#34;}".replace("&#34;", "\""))
                .doesNotContain("class=\"command\"");
        assertThat(browser.get("/approvals/tk_4").body()).contains("There is more: a ticket keeps the first");
    }

    private static final String SECRET = "AKIA" + "Q3ZT7PLW2VKD5YHN";

    private void keepOriginal(String id) {
        String body =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"long ago\"},{\"role\":\"assistant\",\"content\":\"yes\"},"
                        + "{\"role\":\"user\",\"content\":\"log in with " + SECRET + "\\u202e\"}]}";
        FakeRooms.require(new HeldOriginals(rooms.replies, rooms.clock)
                .keep(rooms.ticket(id), new Original(body.getBytes(StandardCharsets.UTF_8), true)));
    }

    private HttpResponse<String> reveal(String reason) {
        String csrf = Browser.csrf(browser.get("/approvals/tk_1").body());
        return browser.post("/approvals/tk_1/reveal", Map.of("csrf", csrf, "reason", reason));
    }

    @Test
    void original_isShownWithAReason_onTheRecord() {
        hold("tk_1", "ci");
        keepOriginal("tk_1");
        assertThat(browser.get("/approvals/tk_1").body())
                .contains("Why you need to see")
                .doesNotContain(SECRET);

        assertThat(reveal(" ").statusCode()).isEqualTo(400);
        assertThat(rooms.log.actions()).doesNotContain("payload_revealed");
        HttpResponse<String> shown = reveal("is it a test key?");

        assertThat(shown.body())
                .contains("log in with " + SECRET + "<mark", "U+202E", "long ago", "The conversation before");
        assertThat(rooms.log.records.getLast().action()).isEqualTo("payload_revealed");
        assertThat(rooms.log.records.getLast().subject()).isEqualTo("ex_tk_1");
        assertThat(rooms.log.records.getLast().details())
                .containsEntry("ticket", "tk_1")
                .containsEntry("reason", "is it a test key?");
        assertThat(rooms.log.records.getLast().details().toString()).doesNotContain(SECRET);
    }

    @Test
    void original_isNotShown_whereThatCannotBeRecorded() {
        hold("tk_1", "ci");
        keepOriginal("tk_1");
        rooms.log.refuses = true;

        HttpResponse<String> refused = reveal("curious");

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).doesNotContain(SECRET);
    }

    @Test
    void original_thatWasErased_isSaidToBe_andTheCallIsStillDecided() {
        hold("tk_1", "ci");
        keepOriginal("tk_1");
        FakeRooms.require(
                rooms.replies.erase(new Erasure("agent:ci", rooms.clock.instant(), "cli:ann", "request <4711>")));

        String page = browser.get("/approvals/tk_1").body();
        String revealed = reveal("curious").body();
        String document = browser.send(
                        "POST",
                        "/api/v1/tickets/tk_1/reveal",
                        "{\"reason\":\"curious\"}",
                        "Authorization",
                        "Bearer " + rooms.token,
                        "Content-Type",
                        "application/json")
                .body();

        assertThat(page)
                .contains("It was erased on 2 Mar 2026 12:00:00 UTC by cli:ann: request &lt;4711&gt;.")
                .contains("value=\"approve\"")
                .doesNotContain("name=\"reason\"");
        assertThat(revealed).contains("It was erased on").doesNotContain(SECRET);
        assertThat(document)
                .contains("\"state\":\"erased\"", "\"erased_by\":\"cli:ann\"", "\"text\":null")
                .doesNotContain(SECRET);
        String csrf = Browser.csrf(page);
        browser.post("/approvals/tk_1", Map.of("csrf", csrf, "decision", "approve", "note", ""));
        assertThat(rooms.ticket("tk_1").state()).isEqualTo(State.APPROVED);
    }

    @Test
    void original_whereNoneIsKept_isSaidToBeNone() {
        hold("tk_1", "ci");

        assertThat(browser.get("/approvals/tk_1").body())
                .contains("There is none: originals are kept", "payloads.capture")
                .doesNotContain("name=\"reason\"");
    }

    @Test
    void page_ofADecidedCall_staysAndSaysHowItWasDecided() {
        hold("tk_1", "ci");
        String csrf = Browser.csrf(browser.get("/approvals").body());
        browser.post("/approvals/tk_1", Map.of("csrf", csrf, "decision", "deny", "note", "not today"));

        assertThat(browser.get("/approvals/tk_1").body())
                .contains("Denied by admin.", "not today")
                .doesNotContain("value=\"approve\"", "value=\"deny\"");
        assertThat(browser.get("/approvals/tk_none").statusCode()).isEqualTo(404);
    }

    @Test
    void past_ofATeamThatSomebodyMayNotSee_isThatOfNobody() {
        rooms.index.add(received("ex_1", HOLD, LEAVE), Records.ended("ex_1"));
        Person outsider = new Person("out", List.of(new Duty(Person.VIEWER, "team-b")));
        AgentPast.Question question =
                new AgentPast.Question("agent-a", "team-a", Instant.EPOCH, Instant.MAX, AgentPast.MAX_ASKED);
        AuditIndex theirs = VisibleIndex.of(rooms.index, outsider);

        assertThat(theirs.past(question).result()).isEqualTo(AgentPast.NONE);
        assertThat(rooms.index.past(question).result().calls()).isEqualTo(1);
        assertThat(rooms.index.past(question).result().tools()).isEqualTo(ToolCount.NONE);
    }
}
