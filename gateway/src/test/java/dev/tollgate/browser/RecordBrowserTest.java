package dev.tollgate.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was said, what it cost, what another policy would have said, and whether the log is as it was written. */
final class RecordBrowserTest {
    private static final String SESSION = "/sessions/show?session=read-the-ledger&team=default";

    @TempDir
    private static Path folder;

    private static House house;

    @BeforeAll
    static void open() throws IOException {
        house = House.open(folder, "payloads: {capture: full}\n");
        for (int page = 1; page <= 4; page++) {
            assertThat(house.ask(
                                    house.key(),
                                    "Read page " + page + " of the ledger to keeper@tollhouse.example.",
                                    "x-tollgate-session",
                                    "read-the-ledger")
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(house.indexed("default", 4).path("session").asText()).isEqualTo("read-the-ledger");
    }

    @AfterAll
    static void close() {
        if (house != null) {
            house.close();
        }
    }

    @Test
    void session_isWalkedCallByCall_andWhatCameIsRevealedOnRecord() {
        try (Visit visit = house.admin("/sessions")) {
            visit.find("text=read-the-ledger").click();
            visit.find(".timeline").waitFor();
            assertThat(visit.find(".timeline > li")).hasCount(4);
            visit.look("session");
            visit.find(".timeline .head").nth(1).click();
            visit.awaitPath(SESSION + "&step=2");
            visit.look("session-hidden");
            assertThat(visit.page().content()).doesNotContain("keeper@tollhouse.example");

            visit.find("text=the log records that you looked").click();

            assertThat(visit.find(".said").first())
                    .containsText("Read page 2 of the ledger to keeper@tollhouse.example.");
            visit.look("session-revealed");
            visit.open(SESSION + "&step=2");
            visit.page().keyboard().press("j");
            visit.awaitPath(SESSION + "&step=3");
            visit.page().keyboard().press("k");
            visit.awaitPath(SESSION + "&step=2");

            visit.open("/exchanges?text=page+3+of+the+ledger");
            assertThat(visit.find("tbody time")).hasCount(1);
        }
        String exchange = house.api("GET", "/api/v1/exchanges?session=read-the-ledger", "")
                .path("exchanges")
                .path(2)
                .path("id")
                .asText();
        assertThat(journal()).contains("payload_revealed").contains(exchange);
    }

    @Test
    void spend_leadsFromTheModelToTheAgentToTheSessionToTheCall() {
        try (Visit visit = house.admin("/spend")) {
            visit.find("nav[aria-label='Group by'] >> text=By model").click();
            visit.find("tbody a >> text=" + House.MODEL).click();
            visit.find(".pill:has-text('" + House.MODEL + "')").waitFor();
            visit.look("spend-of-a-model");
            visit.find("nav[aria-label='Group by'] >> text=By session").click();
            visit.find("tbody a >> text=read-the-ledger").click();
            assertThat(visit.find("tbody tr")).hasCount(4);
            visit.look("exchanges-of-a-session");
            visit.find("tbody a").first().click();
            visit.find("#stages").waitFor();
            visit.look("exchange");
        }
    }

    @Test
    void draft_tellsItsFaultsByLine_andWhatItWouldChange() {
        try (Visit visit = house.admin("/policy")) {
            visit.find("text=Try a draft").click();
            String text = visit.find("#text").inputValue();
            visit.page().fill("#text", text + "\nbudget: {request_cap: fifty}\n");
            visit.find("text=Try it").click();
            assertThat(visit.find("main .notice.bad li"))
                    .containsText(java.util.regex.Pattern.compile("policy\\.yaml:\\d+.*fifty"));
            visit.look("draft-wrong");

            visit.page().fill("#text", text + "\nbudget: {request_cap: 0.000000001}\n");
            visit.page().check("#rehearse");
            visit.find("text=Try it").click();

            assertThat(visit.find(".notice.good")).containsText("budget.request_cap");
            assertThat(visit.find("#rehearsed ~ p").first())
                    .containsText("stored calls that could be judged would be decided otherwise");
            assertThat(visit.find("#rehearsed ~ div tbody tr").first()).containsText("deny");
            visit.look("draft-rehearsed");
        }
    }

    @Test
    void log_isVerified_andSaysSoByItself() {
        try (Visit visit = house.admin("/log")) {
            visit.find("text=Verify now").click();

            Locator sound = visit.find("#live .notice.good");
            assertThat(sound).containsText("The journal is sound.");
            visit.look("log-verified");
            assertThat(visit.find("#lines-note")).containsText("tollgate.dev/");
            assertThat(visit.find("#lines-verify")).containsText(visit.text("#lines-pubkey"));
        }
    }

    private static String journal() {
        try (var files = java.nio.file.Files.walk(folder.resolve("data").resolve("journal"))) {
            StringBuilder text = new StringBuilder();
            for (Path file : files.filter(java.nio.file.Files::isRegularFile).toList()) {
                text.append(java.nio.file.Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1));
            }
            return text.toString();
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }
}
