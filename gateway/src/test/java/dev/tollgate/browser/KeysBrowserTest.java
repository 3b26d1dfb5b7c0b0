package dev.tollgate.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that was never called, keys for its agents, tokens for its programs. */
final class KeysBrowserTest {
    @TempDir
    private static Path folder;

    private static House house;

    @BeforeAll
    static void open() throws IOException {
        house = House.open(folder, "{}\n");
    }

    @AfterAll
    static void close() {
        if (house != null) {
            house.close();
        }
    }

    @Test
    void firstRun_saysHowToBegin_andLightsUpWhenTheCallArrives() {
        NewContextOptions copying =
                new NewContextOptions().setPermissions(List.of("clipboard-read", "clipboard-write"));
        try (House fresh = freshHouse();
                Visit visit = fresh.visit(copying).signIn(fresh.adminToken(), "/")) {
            assertThat(visit.find("#begin")).isVisible();
            visit.look("first-run");
            visit.open("/connect");
            visit.find("nav[aria-label=Clients] >> text=Claude Code").click();
            visit.find("[data-copy=lines-client]").click();
            assertThat(String.valueOf(visit.page().evaluate("navigator.clipboard.readText()")))
                    .contains("ANTHROPIC_BASE_URL=" + fresh.url() + "/anthropic");

            assertThat(fresh.ask(fresh.key(), "Hello").statusCode()).isEqualTo(200);

            assertThat(visit.find("#arrival")).containsText("It works: default called " + House.MODEL);
            visit.look("connect-arrived");
            visit.find("#arrival a").click();
            visit.find("#stages").waitFor();
        }
    }

    @Test
    void key_isShownOnce_works_andIsRevoked() {
        try (Visit visit = house.admin("/keys")) {
            visit.find("summary >> text=Make a key").click();
            visit.page().fill("#agent", "walker");
            visit.look("keys-form");
            visit.find("text=Make key").click();
            String secret = visit.text("#lines-secret");
            visit.look("keys-made");
            assertThat(secret).startsWith("tg_");
            assertThat(house.ask(secret, "Hello").statusCode()).isEqualTo(200);

            visit.open("/keys");
            assertThat(visit.page().content()).contains("walker").doesNotContain(secret);
            visit.row("walker").locator("summary >> text=Revoke").click();
            visit.row("walker").locator("button.deny").click();
            assertThat(visit.find(".notice.good")).containsText("Its next call fails");
            assertThat(visit.row("walker")).containsText("revoked");
            assertThat(house.ask(secret, "Hello").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void key_rotated_leavesBothWorking() {
        String old = house.keyOf("rotated", "platform");
        try (Visit visit = house.admin("/keys")) {
            visit.row("rotated").locator("summary >> text=Rotate").click();
            visit.find("text=Make its successor").locator("visible=true").click();
            String successor = visit.text("#lines-secret");

            assertThat(successor).startsWith("tg_").isNotEqualTo(old);
            assertThat(house.ask(old, "Hello").statusCode()).isEqualTo(200);
            assertThat(house.ask(successor, "Hello").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void token_ofATeam_readsWhatItsRoleLetsIt_untilItIsRevoked() {
        try (Visit visit = house.admin("/tokens")) {
            visit.page().fill("#name", "dashboard");
            visit.page().fill("#teams", "platform");
            visit.look("tokens-form");
            visit.find("text=Make token").click();
            String token = visit.text("#lines-secret");
            assertThat(reads(token, "/api/v1/tickets")).isEqualTo(200);
            assertThat(reads(token, "/api/v1/events")).isEqualTo(403);

            visit.open("/tokens");
            assertThat(visit.page().content()).doesNotContain(token);
            visit.row("dashboard").locator("summary").click();
            visit.row("dashboard").locator("button.deny").click();
            visit.find(".notice.good").waitFor();
            assertThat(reads(token, "/api/v1/tickets")).isEqualTo(401);
        }
    }

    private static int reads(String token, String path) {
        return house.answer("GET", path, "", token).statusCode();
    }

    private static House freshHouse() {
        try {
            return House.open(folder.resolve("fresh"), "{}\n");
        } catch (IOException notStarted) {
            throw new AssertionError(notStarted);
        }
    }
}
