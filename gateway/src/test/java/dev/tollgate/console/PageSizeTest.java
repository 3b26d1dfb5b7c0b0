package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.approval.GrantMint;
import dev.tollgate.approval.GrantScope;
import dev.tollgate.approval.HeldOriginals;
import dev.tollgate.approval.HeldOriginals.Original;
import dev.tollgate.approval.Link;
import dev.tollgate.approval.Passage;
import dev.tollgate.approval.Risk;
import dev.tollgate.approval.ShownCall;
import dev.tollgate.approval.Terms;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.TicketDetails;
import dev.tollgate.approval.Turn;
import dev.tollgate.approval.Wish;
import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.Records;
import dev.tollgate.audit.payload.MemoryPayloads;
import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.Payload;
import dev.tollgate.audit.payload.Step;
import dev.tollgate.audit.payload.StoredPayload;
import dev.tollgate.budget.Budgets;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.PayloadPolicy.Capture;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Person;
import dev.tollgate.value.Person.Duty;
import dev.tollgate.value.TeamId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No page is larger than 200 KB, whatever there is to show; what has no room is one link away. */
final class PageSizeTest {
    private static final int MAX_BYTES = 200 * 1024;
    private static final int QUEUE = 200;
    private static final Pattern TICKET = Pattern.compile("id=\"ticket-(\\w+)\"");
    private static final Pattern NEXT = Pattern.compile("href=\"([^\"]+)\" rel=\"next\"");
    private static final String LINE =
            "    if amount > limit and not account.is_closed: raise Overdrawn(account.id, amount)\n";

    private final Vertx vertx = Vertx.vertx();
    private final FakeRooms rooms = new FakeRooms(InstantSource.fixed(Records.NOON.plusSeconds(86_400)));
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        rooms.payloads = new LongPayloads();
        browser = rooms.administrator(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private String page(String path) {
        HttpResponse<String> response = browser.get(path);
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return sized(path, response.body());
    }

    private static String sized(String path, String body) {
        int bytes = body.getBytes(StandardCharsets.UTF_8).length;
        assertThat(bytes).as("bytes of " + path).isLessThanOrEqualTo(MAX_BYTES);
        return body;
    }

    /** All pages from one on, by their links to the next. */
    private List<String> pages(String path) {
        List<String> all = new ArrayList<>();
        String next = path;
        while (!next.isEmpty()) {
            all.add(page(next));
            Matcher link = NEXT.matcher(all.getLast());
            next = link.find() ? link.group(1).replace("&amp;", "&") : "";
        }
        return all;
    }

    private static List<String> found(Pattern pattern, List<String> pages) {
        return pages.stream()
                .flatMap(page -> pattern.matcher(page).results())
                .map(match -> match.group(1))
                .toList();
    }

    private static String text(int characters) {
        return LINE.repeat(characters / LINE.length() + 1).substring(0, characters);
    }

    private static String edit(int characters) {
        String code = text(characters / 2).replace("\n", "\\n");
        return "{\"file_path\":\"/srv/app/accounts.py\",\"old_string\":\"" + code + "\",\"new_string\":\""
                + code.replace("limit", "cap") + "\"}";
    }

    private Ticket ticket(int number, Wish wish, List<Passage> passages, List<ShownCall> calls) {
        Ticket ticket = SampleTickets.pending(
                "A" + (10_000 + number),
                "agent-" + number % 7,
                "anthropic/claude-sonnet-4-5",
                "user: " + text(3_900),
                rooms.clock.instant().minusSeconds(600).plusSeconds(number));
        Risk risk = new Risk(number % 50 == 0 ? 0.9 : 0, number % 20 == 0 ? List.of("override_previous") : List.of());
        return ticket.with(
                new TicketDetails(Terms.USUAL, List.of(), wish, Link.NONE, passages, risk, calls, "", Turn.NONE));
    }

    /** A call of an agent with a long conversation, or of a tool with long arguments. */
    private Ticket large(int number) {
        String arguments = edit(7_900);
        if (number % 2 == 0) {
            return ticket(
                    number,
                    Wish.CALL,
                    IntStream.range(0, 4)
                            .mapToObj(i -> new Passage("messages[" + i + "].content", "user", text(8_000)))
                            .toList(),
                    IntStream.range(0, 4)
                            .mapToObj(i -> new ShownCall("Edit", arguments, true))
                            .toList());
        }
        return ticket(
                number,
                new Wish("Edit", List.of(), List.of("/srv/app/accounts.py"), true),
                List.of(new Passage(Passage.ARGUMENTS, "Edit", arguments)),
                List.of(new ShownCall("Edit", arguments, true)));
    }

    @Test
    void queue_ofManyLargeCalls_isShownInPages_inItsOrder_eachCallOnce() {
        List<Ticket> all = IntStream.range(0, QUEUE).mapToObj(this::large).toList();
        all.forEach(rooms::hold);

        List<String> pages = pages("/approvals");

        assertThat(found(TICKET, pages))
                .containsExactlyElementsOf(all.stream()
                        .sorted(Ticket.RISKIEST_FIRST)
                        .map(ticket -> ticket.id().value())
                        .toList());
        assertThat(pages.getFirst())
                .contains(
                        "data-waiting=\"200\"",
                        "There is more than is shown here.",
                        "Read all of it</a> before you decide");
        assertThat(pages.get(1)).containsPattern("of 200\\. <a href=\"/approvals\">\\d+ come before them</a>");
    }

    @Test
    void queue_onAPageBehindTheFirst_isDecidedThere_andAskedForAgainThere() {
        IntStream.range(0, QUEUE).mapToObj(this::large).forEach(rooms::hold);
        String behind = found(NEXT, List.of(page("/approvals"))).getFirst();
        List<String> second = found(TICKET, List.of(page(behind)));
        String csrf = Browser.csrf(browser.get(behind).body());
        String place = browser.get(behind).body().replaceAll("(?s).*name=\"behind\" value=\"([^\"]+)\".*", "$1");

        HttpResponse<String> sent = browser.post(
                "/approvals/" + second.getFirst(),
                Map.of("csrf", csrf, "behind", place, "decision", "deny", "note", ""));
        HttpResponse<String> piece = browser.post(
                "/approvals/" + second.get(1),
                Map.of("csrf", csrf, "behind", place, "decision", "deny", "note", ""),
                "HX-Request",
                "true");

        assertThat(sent.headers().firstValue("Location")).contains(behind);
        assertThat(found(TICKET, List.of(sized("piece", piece.body()))))
                .startsWith(second.get(2))
                .doesNotContain(second.getFirst());
        assertThat(piece.body()).contains("name=\"seen\"", "name=\"behind\" value=\"" + place);
        assertThat(browser.get("/approvals?behind=nonsense").statusCode()).isEqualTo(400);
        assertThat(found(TICKET, List.of(page("/approvals?behind=" + Format.url("0~" + Long.MAX_VALUE / 2 + "~Z")))))
                .as("where nothing waits behind a place, the first page is shown")
                .isEqualTo(found(TICKET, List.of(page("/approvals"))));
    }

    @Test
    void ticketPage_ofTheLargestCalls_staysSmall_alsoRevealed() {
        List<String> texts = List.of(
                edit(8_000),
                "\u200b".repeat(8_192),
                "{\"command\":\"" + "<&>".repeat(2_700) + "\"}",
                "{\"command\":\"" + "漢".repeat(8_100) + "\"}",
                "{\"content\":\"" + "a\\n".repeat(2_700) + "\",\"path\":\"/a\"}");
        for (int i = 0; i < texts.size(); i++) {
            ShownCall call = new ShownCall("write", texts.get(i), true);
            rooms.hold(ticket(
                    i,
                    i == 0 ? Wish.CALL : new Wish("write", List.of(), List.of(), false),
                    List.of(new Passage("a", "user", texts.get(i)), new Passage("b", "user", text(8_000))),
                    List.of(call, call, call, call)));
            String id = "A" + (10_000 + i);
            String body = "{\"messages\":[" + "{\"role\":\"user\",\"content\":\""
                    + text(20_000).replace("\n", "\\n")
                    + "\"},{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"" + "\u200b<".repeat(2_000)
                    + "\"},".repeat(1)
                    + ("{\"role\":\"user\",\"content\":\"" + text(19_000).replace("\n", "\\n") + "\"},").repeat(20)
                    + "{\"role\":\"user\",\"content\":\"the newest words\"}]}";
            FakeRooms.require(new HeldOriginals(rooms.replies, rooms.clock)
                    .keep(rooms.ticket(id), new Original(body.getBytes(StandardCharsets.UTF_8), true)));

            String page = page("/approvals/" + id);
            String revealed = sized(
                    id + " revealed",
                    browser.post("/approvals/" + id + "/reveal", Map.of("csrf", Browser.csrf(page), "reason", "size"))
                            .body());

            assertThat(revealed)
                    .contains("the newest words", "More was said than a page shows; the API tells all of it.");
        }
        var unused = page("/approvals");
    }

    @Test
    void session_ofAThousandCalls_isWalkedInPages_eachCallOnce() {
        for (int i = 0; i < 1_000; i++) {
            ExchangeRow row = SampleSessions.call(i, i * 15, "helper", "", 1_000);
            rooms.index.add(row.received(), row.ended().orElseThrow());
        }

        List<String> stretch = pages("/sessions/show?session=s&team=team");
        String first = stretch.getFirst().replaceAll("(?s).*href=\"([^\"]+)\">The calls before these.*", "$1");
        List<String> before = pages(first.replace("&amp;", "&"));

        Pattern number = Pattern.compile("class=\"what\"><strong>(\\d+)</strong>");
        List<String> numbers =
                IntStream.rangeClosed(1, 500).mapToObj(Integer::toString).toList();
        assertThat(found(number, stretch)).containsExactlyElementsOf(numbers);
        assertThat(found(number, before)).containsExactlyElementsOf(numbers);
        assertThat(stretch.getFirst()).contains(">Newest</a>", "wants the ledger");
        String step = page("/sessions/show?session=s&team=team&step=500");
        assertThat(step).contains("More was said than fits on a page. The API tells all of it.", "the last words");
    }

    /** What was said in each call of the session: enough for many pages. */
    private static final class LongPayloads extends MemoryPayloads {
        @Override
        public Future<List<Step>> session(String session, Instant from, Instant to) {
            String call = "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":"
                    + "{\"name\":\"Edit\",\"arguments\":\""
                    + edit(8_000).replace("\\", "\\\\").replace("\"", "\\\"")
                    + "\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\""
                    + text(9_000).replace("\n", "\\n")
                    + "\"},";
            byte[] body = ("{\"messages\":[" + call.repeat(40) + "{\"role\":\"user\",\"content\":\"wants the ledger "
                            + text(300).replace("\n", "\\n") + " the last words\"}]}")
                    .getBytes(StandardCharsets.UTF_8);
            return Future.succeededFuture(IntStream.range(0, 1_000)
                    .mapToObj(i -> step("ex_" + i, i == 999 ? body : new byte[0]))
                    .toList());
        }

        private Step step(String exchange, byte[] body) {
            Payload.Whose whose = new Payload.Whose(exchange, SampleSessions.START, "team", "coder", "s", "");
            byte[] said = body.length == 0
                    ? ("{\"messages\":[{\"role\":\"user\",\"content\":\"wants the ledger "
                                    + text(300).replace("\n", " ") + "\"}]}")
                            .getBytes(StandardCharsets.UTF_8)
                    : body;
            StoredPayload request = new StoredPayload(
                    whose, Part.REQUEST, Capture.REDACTED, new byte[0], said, said.length, 0, false, null);
            return new Step(request, List.of(new Step.Piece(true, true, said)), null);
        }
    }

    @Test
    void lists_ofManyRows_areShownInPages() {
        String longName = "s".repeat(180);
        for (int i = 0; i < 400; i++) {
            Received received = Records.received(
                    "ex_" + i,
                    rooms.clock.instant().minusSeconds(i),
                    "an-agent-with-a-long-name-" + i % 50,
                    "team-a",
                    longName + "/:?" + i,
                    2_000_000);
            rooms.index.add(received, Records.ended("ex_" + i));
        }
        for (int i = 0; i < 480; i++) {
            addRows(i);
        }

        for (String path : List.of(
                "/",
                "/sessions",
                "/exchanges",
                "/spend?by=session",
                "/spend?by=agent",
                "/policy",
                "/providers",
                "/connect",
                "/log",
                "/health")) {
            var unused = page(path);
        }
        assertThat(found(Pattern.compile("<th scope=\"row\" class=\"whole\"><code>(\\w+)"), pages("/keys")))
                .hasSize(480)
                .doesNotHaveDuplicates();
        assertThat(found(Pattern.compile("<th scope=\"row\" class=\"whole\"><code>(\\w+)"), pages("/grants")))
                .hasSize(480)
                .doesNotHaveDuplicates();
        assertThat(found(Pattern.compile("action=\"/tokens/(\\w+)/revoke"), pages("/tokens")))
                .hasSize(480)
                .doesNotHaveDuplicates();
        assertThat(found(Pattern.compile("agent-(\\d+)</td>"), pages("/budgets")))
                .hasSize(480)
                .doesNotHaveDuplicates();
    }

    /** A key, a token, a grant and a counter of an agent. */
    private void addRows(int i) {
        Scopes scopes = new Scopes(
                Set.of("openai/gpt-5-mini", "anthropic/claude-sonnet-4-5", "gemini/gemini-2.5-flash-" + i),
                Set.of("openai", "anthropic", "gemini"));
        var key = rooms.mint
                .mint(
                        new AgentId("agent-" + i),
                        new TeamId("team-a"),
                        scopes,
                        rooms.clock.instant().plusSeconds(86_400))
                .key();
        FakeRooms.require(rooms.keys.add(key));
        FakeRooms.require(rooms.tokens.add(new dev.tollgate.identity.AccessTokenMint(rooms.random, rooms.clock)
                .mint("token-" + i, List.of(new Duty(Person.VIEWER, "team-a")), "admin", null)
                .token()));
        GrantScope scope = new GrantScope(
                "agent-" + i,
                "team-a",
                "",
                "a-session",
                "publish",
                "",
                "bash",
                List.of("git push *", "git push origin main", "npm publish *"),
                List.of("/srv/app", "/srv/lib"));
        FakeRooms.require(rooms.grants.add(new GrantMint(rooms.random, rooms.clock)
                .mint(Person.admin("ann"), scope, NanoUsd.ofDollars("5"), Duration.ofHours(2), "", text(300))));
        Caller caller = new Caller(key.id(), key.agent(), key.team(), scopes, Optional.empty(), false);
        var counters = rooms.policy
                .current()
                .view(Budgets.class)
                .claims(
                        caller,
                        new dev.tollgate.exchange.Route(List.of(new Target("openai", "gpt-4o-mini")), null),
                        rooms.clock.instant())
                .counters();
        FakeRooms.require(rooms.ledger.reserve(
                new ExchangeId("ex_held" + i), counters, new Amounts(1_000, 1_000, 1), Duration.ofMinutes(5)));
    }
}
