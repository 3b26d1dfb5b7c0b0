package dev.tollgate.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People of an identity provider, each with the role that the policy gives them. */
final class OidcBrowserTest {
    private static final String CLIENT = "tollgate";
    private static final String ISSUER = "house";
    private static final MockOAuth2Server PROVIDER = new MockOAuth2Server();

    @TempDir
    private static Path folder;

    private static House house;

    @BeforeAll
    static void open() throws IOException {
        Chromium.require();
        PROVIDER.start();
        house = House.open(folder, """
                console:
                  oidc:
                    issuer: %s
                    client_id: %s
                    client_secret: %s
                    roles:
                      - {value: auditors, role: viewer}
                      - {value: search-leads, role: approver, teams: [search]}
                      - {value: keepers, role: admin}
                approval:
                  holds:
                    - {id: pair, when: team == 'search', reason: two must agree, review: {quorum: 2}}
                """.formatted(PROVIDER.issuerUrl(ISSUER), CLIENT, UUID.randomUUID()));
    }

    @AfterAll
    static void close() {
        if (house != null) {
            house.close();
        }
        PROVIDER.shutdown();
    }

    @Test
    void viewer_reads_andDecidesNothing() {
        try (Visit visit = signedIn("vic@example.org", "auditors", "/policy")) {
            assertThat(visit.find(".who")).hasText("vic@example.org");
            assertThat(visit.find("text=Reload from disk")).hasCount(0);
            visit.look("oidc-viewer");
            visit.open("/keys");
            assertThat(visit.find("text=Make a key")).hasCount(0);
            assertThat(visit.find(".side >> text=API tokens")).hasCount(0);
        }
    }

    @Test
    void approvers_ofATeam_agreeOnItsCalls_andSeeNoOther() {
        CompletableFuture<HttpResponse<String>> theirs =
                house.asking(house.keyOf("finder", "search"), "Look behind the gate.");
        assertThat(house.ask(house.keyOf("teller", "ads"), "Hello").statusCode())
                .isEqualTo(200);
        try (Visit kim = signedIn("kim@example.org", "search-leads", "/approvals");
                Visit lee = signedIn("lee@example.org", "search-leads", "/approvals")) {
            kim.find(".ticket .decide .approve").click();
            assertThat(kim.find(".notice.good")).containsText("1 more needed");
            assertThat(lee.find(".ticket")).containsText("1 of 2 approvals: kim@example.org.");
            kim.find(".ticket .decide .approve").click();
            assertThat(kim.find(".notice.bad:visible")).containsText("has approved ticket");
            lee.look("oidc-approver");
            lee.find(".ticket .decide .approve").click();
            assertThat(lee.find(".notice.good")).containsText("Approved: finder");
            assertThat(theirs.join().statusCode()).isEqualTo(200);

            assertThat(house.indexed("finder", 1).path("team").asText()).isEqualTo("search");
            lee.open("/exchanges");
            assertThat(lee.find("main")).containsText("finder");
            assertThat(lee.find("main")).not().containsText("teller");
            assertThat(lee.page().navigate(house.console() + "/tokens").status())
                    .isEqualTo(403);
            lee.look("oidc-forbidden");
        }
    }

    @Test
    void admin_changes_underTheirOwnName() {
        try (Visit visit = signedIn("pat@example.org", "keepers", "/tokens")) {
            visit.page().fill("#name", "by-pat");
            visit.find("text=Make token").click();
            visit.find("#lines-secret").waitFor();
            visit.open("/tokens");
            assertThat(visit.row("by-pat")).containsText("pat@example.org");
        }
    }

    @Test
    void stranger_whomTheProviderKnows_staysOutside() {
        try (Visit visit = house.visit().trusting(String.valueOf(PROVIDER.baseUrl()))) {
            depart(visit, "sam@example.org", "others", "/");
            assertThat(visit.find("[role=alert]")).containsText("sam@example.org has no role here.");
            visit.look("oidc-stranger");
        }
    }

    private static Visit signedIn(String email, String group, String path) {
        Visit visit = house.visit().trusting(String.valueOf(PROVIDER.baseUrl()));
        depart(visit, email, group, path);
        visit.awaitPath(path);
        return visit;
    }

    private static void depart(Visit visit, String email, String group, String path) {
        PROVIDER.enqueueCallback(new DefaultOAuth2TokenCallback(
                ISSUER, email, "JWT", List.of(CLIENT), Map.of("email", email, "groups", List.of(group)), 3600));
        visit.page().navigate(house.console() + path);
        visit.find("text=Sign in with your identity provider").click();
    }
}
