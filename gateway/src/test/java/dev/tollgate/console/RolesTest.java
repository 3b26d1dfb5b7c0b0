package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.approval.HeldOriginals;
import dev.tollgate.approval.HeldOriginals.Original;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.identity.AccessTokenMint;
import dev.tollgate.identity.ConsoleSession.Proof.ByProvider;
import dev.tollgate.identity.Key;
import dev.tollgate.policy.ConsolePolicy;
import dev.tollgate.policy.ConsolePolicy.Oidc;
import dev.tollgate.policy.ConsolePolicy.RoleEntry;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.Person;
import dev.tollgate.value.Person.Duty;
import dev.tollgate.value.TeamId;
import io.vertx.core.Vertx;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every route asks for its role, and what belongs to other teams stays out of sight. */
final class RolesTest {
    private static final String ISSUER = "https://id.example.com";
    private static final Person NOBODY = new Person("nobody", List.of());
    private static final Person VIEWER = person("viewer", Person.VIEWER, "platform");
    private static final Person VIEWER_OF_ALL = person("auditor", Person.VIEWER, Person.ALL_TEAMS);
    private static final Person APPROVER = person("approver", Person.APPROVER, "platform");
    private static final Person ADMIN = person("lead", Person.ADMIN, "platform");
    private static final Person ADMIN_OF_ALL = Person.admin("boss");
    private static final List<Person> EVERYBODY = List.of(NOBODY, VIEWER, VIEWER_OF_ALL, APPROVER, ADMIN, ADMIN_OF_ALL);

    private final Vertx vertx = Vertx.vertx();
    private final FakeRooms rooms = new FakeRooms(InstantSource.system());
    private final List<RoleEntry> roles = new ArrayList<>();
    private ConsoleServer server;
    private int port;

    @BeforeEach
    void start() throws Exception {
        server = new ConsoleServer(
                vertx, rooms.collaborators(vertx), FakeRooms.settings(0), InstantSource.system(), rooms.random);
        port = server.start().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void routes_beyondSignIn_allAskForARole() {
        assertThat(server.routes())
                .filteredOn(route -> route.need() == Need.ANYBODY)
                .extracting(Route::pattern)
                .allMatch(pattern -> pattern.startsWith("/assets/")
                        || List.of(
                                        "/sign-in",
                                        "/sign-in/oidc",
                                        "/sign-in/oidc/return",
                                        "/sign-in/oidc/logout",
                                        "/api/openapi.json",
                                        "/healthz",
                                        "/readyz",
                                        "/metrics")
                                .contains(pattern));
        assertThat(server.routes())
                .filteredOn(route ->
                        !route.method().equals("GET") && !route.pattern().startsWith("/sign-"))
                .extracting(Route::need)
                .isNotEmpty()
                .doesNotContain(Need.ANYBODY, Need.VIEWER, Need.VIEWER_OF_ALL);
    }

    @Test
    void pages_belowTheirRole_areRefused_andServedFromItOn() {
        List<Route> pages = server.routes().stream()
                .filter(route -> route.access() == Access.PAGE || route.access() == Access.POLL)
                // Streams do not end.
                .filter(route -> !route.pattern().endsWith("/events"))
                .toList();
        assertThat(pages).hasSizeGreaterThan(15);

        for (Route route : pages) {
            for (Person person : EVERYBODY.subList(1, EVERYBODY.size())) {
                Browser browser = signedIn(person);

                HttpResponse<String> response = ask(browser, person, route);

                assertThat(response.statusCode() == 403)
                        .as(route.method() + " " + route.pattern() + " by " + person.name() + ": " + response.body())
                        .isEqualTo(!route.need().isMetBy(person));
            }
        }
    }

    @Test
    void api_belowItsRole_isRefused_andServedFromItOn() {
        List<Route> routes = server.routes().stream()
                .filter(route ->
                        route.access() == Access.API && !route.pattern().endsWith("/events"))
                .toList();
        assertThat(routes).hasSizeGreaterThan(20);

        for (Person person : EVERYBODY.subList(1, EVERYBODY.size())) {
            AccessTokenMint.Minted minted =
                    new AccessTokenMint(rooms.random, rooms.clock).mint(person.name(), person.duties(), "boss", null);
            FakeRooms.require(rooms.tokens.add(minted.token()));
            for (Route route : routes) {
                String path = route.pattern().replace("{id}", "tk_none");
                HttpResponse<String> response =
                        new Browser(port).send(route.method(), path, "", "Authorization", "Bearer " + minted.secret());

                assertThat(response.statusCode() == 403)
                        .as(route.method() + " " + route.pattern() + " by " + person.name() + ": " + response.body())
                        .isEqualTo(!route.need().isMetBy(person));
                assertThat(response.statusCode()).isNotEqualTo(401);
            }
        }
    }

    @Test
    void token_expiredRevokedOrMadeUp_isUnauthorized() {
        AccessTokenMint mint = new AccessTokenMint(rooms.random, rooms.clock);
        AccessTokenMint.Minted expired =
                mint.mint("old", VIEWER.duties(), "boss", Instant.now().minusSeconds(1));
        AccessTokenMint.Minted revoked = mint.mint("gone", VIEWER.duties(), "boss", null);
        FakeRooms.require(rooms.tokens.add(expired.token()));
        FakeRooms.require(rooms.tokens.add(revoked.token()));
        FakeRooms.require(rooms.tokens.revoke(revoked.token().id(), Instant.now()));

        for (String secret : List.of(
                expired.secret(),
                revoked.secret(),
                mint.mint("never", VIEWER.duties(), "boss", null).secret())) {
            assertThat(new Browser(port)
                            .get("/api/v1/tickets", "Authorization", "Bearer " + secret)
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void needs_always_growWithTheRoles() {
        assertThat(EVERYBODY.stream().map(Need.VIEWER::isMetBy)).containsExactly(false, true, true, true, true, true);
        assertThat(EVERYBODY.stream().map(Need.VIEWER_OF_ALL::isMetBy))
                .containsExactly(false, false, true, false, false, true);
        assertThat(EVERYBODY.stream().map(Need.APPROVER::isMetBy))
                .containsExactly(false, false, false, true, true, true);
        assertThat(EVERYBODY.stream().map(Need.ADMIN::isMetBy)).containsExactly(false, false, false, false, true, true);
        assertThat(EVERYBODY.stream().map(Need.ADMIN_OF_ALL::isMetBy))
                .containsExactly(false, false, false, false, false, true);
    }

    @Test
    void session_ofSomebodyWhoMayNoLongerComeIn_isSentToSignIn() {
        Browser browser = signedIn(VIEWER);
        assertThat(browser.get("/").statusCode()).isEqualTo(200);

        rooms.policy.put(ConsolePolicy.DEFAULT);

        assertThat(browser.get("/").statusCode()).isEqualTo(303);
        assertThat(signedIn(NOBODY).get("/").statusCode()).isEqualTo(303);
    }

    @Test
    void tickets_ofAnotherTeam_areNeitherSeenNorDecided() {
        rooms.hold(SampleTickets.pending("tk_1", "ci-fixer", Instant.now()));
        Person other = person("other", Person.APPROVER, "elsewhere");
        Browser browser = signedIn(other);

        HttpResponse<String> decided = browser.post(
                "/approvals/tk_1", Map.of("csrf", csrf(browser), "decision", "approve"), "HX-Request", "true");

        assertThat(browser.get("/approvals").body()).doesNotContain("ci-fixer");
        assertThat(decided.body()).contains("there is no ticket tk_1");
        assertThat(rooms.ticket("tk_1").decidedBy()).isNull();
    }

    @Test
    void queue_ofSomebodyWhoOnlyLooks_offersNoDecision() {
        rooms.hold(SampleTickets.pending("tk_1", "ci-fixer", Instant.now()));

        String looking = signedIn(VIEWER).get("/approvals").body();
        String deciding = signedIn(APPROVER).get("/approvals").body();

        assertThat(looking)
                .contains("ci-fixer", "viewer is no approver of team platform")
                .doesNotContain("<button name=");
        assertThat(deciding).contains("value=\"approve\"", "value=\"deny\"").doesNotContain("You cannot approve");
    }

    @Test
    void original_ofATeamThatSomebodyOnlyLooksAt_isNotShown() {
        rooms.hold(SampleTickets.pending("tk_1", "ci-fixer", Instant.now()));
        FakeRooms.require(new HeldOriginals(rooms.replies, rooms.clock)
                .keep(rooms.ticket("tk_1"), new Original("the secret".getBytes(StandardCharsets.UTF_8), true)));
        Person decidesElsewhere = new Person(
                "elsewhere", List.of(new Duty(Person.VIEWER, "platform"), new Duty(Person.APPROVER, "data")));
        Browser theirs = signedIn(decidesElsewhere);

        HttpResponse<String> refused =
                theirs.post("/approvals/tk_1/reveal", Map.of("csrf", csrf(theirs), "reason", "curious"));

        assertThat(theirs.get("/approvals/tk_1").body())
                .contains("it is shown to those who may decide")
                .doesNotContain("the secret");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).doesNotContain("the secret");
        assertThat(rooms.log.actions()).doesNotContain("payload_revealed");
        Browser approver = signedIn(APPROVER);
        assertThat(approver.post("/approvals/tk_1/reveal", Map.of("csrf", csrf(approver), "reason", "an audit"))
                        .body())
                .contains("the secret");
        Browser outsider = signedIn(person("outsider", Person.APPROVER, "data"));
        assertThat(outsider.get("/approvals/tk_1").statusCode()).isEqualTo(404);
    }

    @Test
    void keys_ofAnotherTeam_areNeitherSeenNorMadeNorRevoked() {
        Key key = rooms.mint
                .mint(new AgentId("bot"), new TeamId("data"), Scopes.ALL, null)
                .key();
        FakeRooms.require(rooms.keys.add(key));
        Browser browser = signedIn(ADMIN);
        String csrf = csrf(browser);

        HttpResponse<String> made = browser.post("/keys", Map.of("csrf", csrf, "agent", "mine", "team", "data"));
        HttpResponse<String> revoked = browser.post("/keys/" + key.id() + "/revoke", Map.of("csrf", csrf));

        assertThat(browser.get("/keys").body()).doesNotContain("bot");
        assertThat(made.statusCode()).isEqualTo(403);
        assertThat(made.body()).contains("the role admin for the team data");
        assertThat(revoked.statusCode()).isEqualTo(404);
        assertThat(rooms.keys.find(key.id()).result().orElseThrow().revokedAt()).isNull();
        assertThat(browser.post("/keys", Map.of("csrf", csrf, "agent", "mine", "team", "platform"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void budgets_ofSomebodyWithSomeTeams_areTheirTeamsAlone() {
        ConsolePreview.fill(rooms);

        String theirs = signedIn(VIEWER).get("/budgets").body();
        String all = signedIn(VIEWER_OF_ALL).get("/budgets").body();

        assertThat(all).contains("team platform", "team data", "agent ci-fixer");
        // Nothing says of which team an agent's calls are.
        assertThat(theirs).contains("team platform").doesNotContain("team data", "agent ");
        assertThat(signedIn(VIEWER).get("/").body()).contains("team platform").doesNotContain("team data");
    }

    @Test
    void policy_forSomebodyWithSomeTeams_saysNothingOfOthers() {
        String theirs = signedIn(VIEWER).get("/policy").body();
        String all = signedIn(VIEWER_OF_ALL).get("/policy").body();

        assertThat(all).contains("Held for a person", "History", "built-in default");
        assertThat(theirs)
                .contains("What is decided", "team-daily", "$10")
                .doesNotContain("id=\"history\"", "id=\"holds\"", "built-in default", "Reload from disk");
    }

    @Test
    void log_ofSomebodyWithSomeTeams_holdsTheirsOnly() {
        ConsolePreview.fill(rooms);
        AuditIndex seen = VisibleIndex.of(rooms.index, person("two", Person.VIEWER, "data"));

        List<AuditIndex.ExchangeRow> rows =
                seen.recent(AuditIndex.Filter.ALL, 500).result();
        List<AuditIndex.ExchangeRow> all =
                rooms.index.recent(AuditIndex.Filter.ALL, 500).result();

        assertThat(rows).isNotEmpty().hasSizeLessThan(all.size());
        assertThat(rows).extracting(row -> row.received().team()).containsOnly("data");
        for (AuditIndex.ExchangeRow row : all) {
            boolean found =
                    seen.find(row.received().exchange().value()).result().isPresent();
            assertThat(found).isEqualTo(row.received().team().equals("data"));
        }
        Instant now = Instant.now().plusSeconds(1);
        assertThat(seen.spend(Instant.EPOCH, now, AuditIndex.Dimension.TEAM).result())
                .extracting(AuditIndex.SpendRow::value)
                .containsExactly("data");
        assertThat(seen.sessions(new AuditIndex.SessionQuery("", Instant.EPOCH, now, 500))
                        .result())
                .isNotEmpty()
                .extracting(AuditIndex.SessionRow::team)
                .containsOnly("data");
        assertThat(seen.sessions(new AuditIndex.SessionQuery("", "platform", Instant.EPOCH, now, 500))
                        .result())
                .isEmpty();
    }

    private static Person person(String name, String role, String team) {
        return new Person(name, List.of(new Duty(role, team)));
    }

    private Browser signedIn(Person person) {
        Browser browser = new Browser(port);
        person.duties().forEach(duty -> roles.add(new RoleEntry(person.name(), duty.role(), List.of(duty.team()))));
        rooms.policy.put(
                new ConsolePolicy(null, null, null, new Oidc(ISSUER, "tollgate", null, null, null, null, roles)));
        ByProvider proof = new ByProvider(ISSUER, person.name(), "", person.name(), Set.of(person.name()));
        browser.keep("tollgate_session", server.sessions().begin(proof).result());
        return browser;
    }

    private static String csrf(Browser browser) {
        return Browser.csrf(browser.get("/health").body());
    }

    private static HttpResponse<String> ask(Browser browser, Person person, Route route) {
        String path = route.pattern().replace("{id}", "tk_none");
        boolean mayLook = Need.VIEWER.isMetBy(person);
        return route.method().equals("GET")
                ? browser.get(path)
                : browser.post(
                        path,
                        Map.of(
                                "csrf",
                                mayLook ? csrf(browser) : "none",
                                "team",
                                "platform",
                                "teams",
                                "platform",
                                "role",
                                "viewer"));
    }
}
