package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.policy.ConsolePolicy;
import dev.tollgate.policy.ConsolePolicy.Oidc;
import dev.tollgate.policy.ConsolePolicy.RoleEntry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Signing in at a real OpenID Connect provider, over HTTP: signed tokens, PKCE, codes good for once. */
final class OidcTest {
    private static final String CLIENT = "tollgate";
    private static final String ISSUER = "house";

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private final MockOAuth2Server provider = new MockOAuth2Server();
    private final FakeRooms rooms = new FakeRooms(InstantSource.system());
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        provider.start();
        rooms.policy.put(policy(
                new RoleEntry("search-leads", "approver", List.of("search", "ads")),
                new RoleEntry("platform", "admin", null),
                new RoleEntry("auditors", "viewer", List.of("*"))));
        int port = rooms.open(vertx);
        browser = new Browser(port);
    }

    @AfterEach
    void stop() throws Exception {
        provider.shutdown();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void signIn_atTheProvider_opensTheConsoleUnderTheNameAndRolesItTells() {
        provider.enqueueCallback(token(Map.of("email", "kim@example.org", "groups", List.of("search-leads", "other"))));

        URI departure = depart("/approvals");
        HttpResponse<String> arrival = arrive(departure);

        assertThat(departure.getQuery())
                .contains("response_type=code", "code_challenge_method=S256", "nonce=", "state=", "client_id=tollgate");
        assertThat(arrival.statusCode()).isEqualTo(200);
        assertThat(arrival.body()).contains("0;url=/approvals");
        assertThat(arrival.headers().allValues("Set-Cookie"))
                .anyMatch(cookie -> cookie.startsWith("tollgate_session=") && cookie.contains("SameSite=Strict"));
        assertThat(browser.get("/").body()).contains("kim@example.org");
        assertThat(browser.get("/log").statusCode()).isEqualTo(403);
        assertThat(rooms.log.actions()).containsExactly("signed_in");
        assertThat(rooms.log.records.get(0).actor()).isEqualTo("kim@example.org");
        assertThat(rooms.log.records.get(0).details())
                .containsEntry("how", "oidc")
                .containsEntry("roles", "approver of search, approver of ads");
    }

    @Test
    void signIn_whereThereIsAProvider_isOfferedOnThePage() {
        assertThat(browser.get("/sign-in?next=%2Fspend").body()).contains("/sign-in/oidc?next=%2Fspend");

        rooms.policy.put(ConsolePolicy.DEFAULT);

        assertThat(browser.get("/sign-in").body()).doesNotContain("/sign-in/oidc");
        assertThat(browser.get("/sign-in/oidc").statusCode()).isEqualTo(404);
    }

    @Test
    void state_forged_isRefused() {
        URI departure = depart("/");
        URI back = back(departure);
        String forged = back.getRawQuery().replaceAll("state=[^&]+", "state=AAAAAAAAAAAAAAAAAAAAAAAAAAA");

        HttpResponse<String> response = browser.get("/sign-in/oidc/return?" + forged);

        refused(response, "state_unknown");
    }

    @Test
    void state_ofAnotherBrowser_isRefused() {
        URI departure = depart("/");
        Browser victim = new Browser(URI.create(browser.base()).getPort());

        HttpResponse<String> response =
                victim.get("/sign-in/oidc/return?" + back(departure).getRawQuery());

        refused(response, "state_unknown");
        assertThat(victim.get("/").statusCode()).isEqualTo(303);
    }

    @Test
    void answer_usedTwice_isRefusedTheSecondTime() {
        provider.enqueueCallback(token(Map.of("email", "kim@example.org", "groups", List.of("platform"))));
        URI back = back(depart("/"));
        assertThat(browser.get("/sign-in/oidc/return?" + back.getRawQuery()).statusCode())
                .isEqualTo(200);

        HttpResponse<String> again = browser.get("/sign-in/oidc/return?" + back.getRawQuery());

        assertThat(again.statusCode()).isEqualTo(403);
        assertThat(rooms.log.actions()).containsExactly("signed_in", "sign_in_refused");
    }

    @Test
    void code_usedBefore_orOfAnotherSignIn_isRefused() {
        provider.enqueueCallback(token(Map.of("email", "kim@example.org", "groups", List.of("platform"))));
        String used = code(back(depart("/")));
        HttpResponse<String> foreign = withCode(used);
        HttpResponse<String> replayed = withCode(used);

        // The first fails at PKCE: the code was asked for with another challenge.
        refused(foreign, "code_refused");
        assertThat(replayed.statusCode()).isEqualTo(403);
        assertThat(rooms.log.actions()).containsOnly("sign_in_refused");
    }

    @Test
    void token_expired_forAnotherAudience_orWithAnotherNonce_isRefused() {
        Map<String, Object> claims = Map.of("email", "kim@example.org", "groups", List.of("platform"));
        Map<String, Object> expired = new HashMap<>(claims);
        expired.put("exp", Instant.now().minusSeconds(3600).getEpochSecond());
        provider.enqueueCallback(token(expired));
        // This provider tells from it for how long the tokens last: a number below zero.
        refused(arrive(depart("/")), "answer_malformed");

        Map<String, Object> otherAudience = new HashMap<>(claims);
        otherAudience.put("aud", "another-client");
        provider.enqueueCallback(token(otherAudience));
        refused(arrive(depart("/")), "token_refused");

        Map<String, Object> otherNonce = new HashMap<>(claims);
        otherNonce.put("nonce", "not-the-one");
        provider.enqueueCallback(token(otherNonce));
        refused(arrive(depart("/")), "token_refused");

        Map<String, Object> otherIssuer = new HashMap<>(claims);
        otherIssuer.put("iss", "https://evil.example");
        provider.enqueueCallback(token(otherIssuer));
        refused(arrive(depart("/")), "token_refused");
    }

    @Test
    void role_thatNoGroupGives_staysOutside() {
        provider.enqueueCallback(token(Map.of("email", "eve@example.org", "groups", List.of("sales"))));

        HttpResponse<String> response = arrive(depart("/"));

        refused(response, "no_role");
        assertThat(response.body()).contains("eve@example.org has no role here");
        assertThat(rooms.log.records.get(0).actor()).isEqualTo("eve@example.org");
    }

    @Test
    void role_takenByThePolicy_endsTheSessionAtItsNextRequest() {
        provider.enqueueCallback(token(Map.of("email", "kim@example.org", "groups", List.of("platform"))));
        arrive(depart("/"));
        assertThat(browser.get("/log").statusCode()).isEqualTo(200);

        rooms.policy.put(policy(new RoleEntry("platform", "viewer", List.of("search"))));
        assertThat(browser.get("/log").statusCode()).isEqualTo(403);
        rooms.policy.put(policy(new RoleEntry("auditors", "viewer", null)));
        assertThat(browser.get("/log").statusCode()).isEqualTo(303);
    }

    @Test
    void name_thatStandsForSomebodyElse_isMarked_andAnUnverifiedOneRefused() {
        provider.enqueueCallback(token(Map.of("email", "admin", "groups", List.of("platform"))));
        arrive(depart("/"));
        assertThat(rooms.log.records.get(0).actor()).isEqualTo("oidc:admin");

        provider.enqueueCallback(
                token(Map.of("email", "boss@example.org", "email_verified", false, "groups", List.of("platform"))));
        refused(arrive(depart("/")), "email_unverified");
    }

    @Test
    void logout_toldByTheProvider_endsThoseSessionsAtOnce() {
        Map<String, Object> claims =
                Map.of("email", "kim@example.org", "groups", List.of("platform"), "sid", "provider-session");
        provider.enqueueCallback(token(claims));
        arrive(depart("/"));
        assertThat(browser.get("/").statusCode()).isEqualTo(200);

        assertThat(logOut(logoutToken("another-session", CLIENT)).statusCode()).isEqualTo(200);
        assertThat(browser.get("/").statusCode()).isEqualTo(200);
        HttpResponse<String> told = logOut(logoutToken("provider-session", CLIENT));

        assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
        assertThat(browser.get("/").statusCode()).isEqualTo(303);
        assertThat(rooms.log.records.getLast().action()).isEqualTo("signed_out_by_provider");
        assertThat(rooms.log.records.getLast().details()).containsEntry("sessions", "1");
    }

    @Test
    void logout_thatTheProviderDidNotTell_endsNothing() {
        Map<String, Object> claims =
                Map.of("email", "kim@example.org", "groups", List.of("platform"), "sid", "provider-session");
        provider.enqueueCallback(token(claims));
        arrive(depart("/"));
        String idToken = provider.issueToken(ISSUER, CLIENT, token(claims)).serialize();
        String genuine = logoutToken("provider-session", CLIENT);

        assertThat(logOut(idToken).statusCode()).isEqualTo(400);
        assertThat(logOut(logoutToken("provider-session", "another-client")).statusCode())
                .isEqualTo(400);
        assertThat(logOut(genuine.substring(0, genuine.lastIndexOf('.') + 1) + "AAAA")
                        .statusCode())
                .isEqualTo(400);
        assertThat(logOut("").statusCode()).isEqualTo(400);
        assertThat(browser.get("/").statusCode()).isEqualTo(200);
    }

    @Test
    void session_fixedBeforehand_isNotTheOneThatIsOpened() {
        provider.enqueueCallback(token(Map.of("email", "kim@example.org", "groups", List.of("platform"))));
        browser.keep("tollgate_session", "chosen-by-an-attacker");

        arrive(depart("/"));

        Browser attacker = new Browser(URI.create(browser.base()).getPort());
        attacker.keep("tollgate_session", "chosen-by-an-attacker");
        assertThat(attacker.get("/").statusCode()).isEqualTo(303);
        assertThat(browser.get("/").statusCode()).isEqualTo(200);
    }

    @Test
    void session_ofAPerson_needsTheFormTokenAsWell() {
        provider.enqueueCallback(token(Map.of("email", "kim@example.org", "groups", List.of("platform"))));
        arrive(depart("/"));

        assertThat(browser.post("/keys", Map.of("agent", "x")).statusCode()).isEqualTo(403);
        assertThat(rooms.keys.list(1).result()).isEmpty();
    }

    @Test
    void provider_thatRefuses_orIsAway_isToldOnTheSignInPage() {
        URI departure = depart("/");
        String state = departure.getQuery().replaceAll(".*state=([^&]+).*", "$1");
        HttpResponse<String> denied = browser.get("/sign-in/oidc/return?error=access_denied&state=" + state);
        provider.shutdown();
        rooms.policy.put(new ConsolePolicy(
                null, null, null, new Oidc("http://127.0.0.1:9/nowhere", CLIENT, null, null, null, null, List.of())));
        HttpResponse<String> away = browser.get("/sign-in/oidc");

        refused(denied, "provider_refused");
        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(away.body()).contains("cannot be reached", "Admin token");
    }

    @Test
    void failures_withoutEnd_areNotAllRecorded() {
        for (int i = 0; i < Limits.MAX_WRONG_TOKENS + 5; i++) {
            browser.get("/sign-in/oidc/return?state=made-up&code=x");
        }

        assertThat(rooms.log.actions()).hasSize(Limits.MAX_WRONG_TOKENS);
        assertThat(browser.get("/sign-in/oidc/return?state=made-up&code=x").statusCode())
                .isEqualTo(429);
    }

    private ConsolePolicy policy(RoleEntry... roles) {
        String issuer = provider.issuerUrl(ISSUER).toString();
        return new ConsolePolicy(
                null,
                Duration.ofMinutes(5),
                null,
                new Oidc(issuer, CLIENT, "a-" + "secret", null, null, null, List.of(roles)));
    }

    private static DefaultOAuth2TokenCallback token(Map<String, Object> claims) {
        return new DefaultOAuth2TokenCallback(ISSUER, "subject-1", "JWT", List.of(CLIENT), claims, 3600);
    }

    private String logoutToken(String session, String audience) {
        Map<String, Object> claims = Map.of(
                "sid", session, "events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
        return provider.issueToken(
                        ISSUER,
                        CLIENT,
                        new DefaultOAuth2TokenCallback(ISSUER, "subject-1", "JWT", List.of(audience), claims, 60))
                .serialize();
    }

    /** As the provider asks: without any cookie. */
    private HttpResponse<String> logOut(String token) {
        return new Browser(URI.create(browser.base()).getPort())
                .post("/sign-in/oidc/logout", Map.of("logout_token", token));
    }

    private URI depart(String next) {
        HttpResponse<String> departure = browser.get("/sign-in/oidc?next=" + next);
        assertThat(departure.statusCode()).as(departure.body()).isEqualTo(303);
        return URI.create(departure.headers().firstValue("Location").orElseThrow());
    }

    /** Where the provider sends the browser. */
    private URI back(URI departure) {
        try {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(departure).build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
            return URI.create(response.headers().firstValue("Location").orElseThrow());
        } catch (Exception failed) { // whatever it is fails the test
            throw new AssertionError(failed);
        }
    }

    @CanIgnoreReturnValue
    private HttpResponse<String> arrive(URI departure) {
        return browser.get("/sign-in/oidc/return?" + back(departure).getRawQuery());
    }

    private static String code(URI back) {
        return back.getRawQuery().replaceAll(".*code=([^&]+).*", "$1");
    }

    /** A sign-in of its own, that ends with another one's code. */
    private HttpResponse<String> withCode(String code) {
        String query = back(depart("/")).getRawQuery().replaceAll("code=[^&]+", "code=" + code);
        return browser.get("/sign-in/oidc/return?" + query);
    }

    private void refused(HttpResponse<String> response, String reason) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(403);
        assertThat(rooms.log.records.getLast().action()).isEqualTo("sign_in_refused");
        assertThat(rooms.log.records.getLast().details()).containsEntry("reason", reason);
    }
}
