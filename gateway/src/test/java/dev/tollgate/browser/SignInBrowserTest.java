package dev.tollgate.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.Cookie;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Coming in with the admin token, and leaving. */
final class SignInBrowserTest {
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
    void stranger_isSentToSignIn_andThenToWhereTheyWanted() {
        try (Visit visit = house.visit()) {
            visit.page().navigate(house.console() + "/spend?period=month");
            visit.awaitPath("/sign-in?next=%2Fspend%3Fperiod%3Dmonth");
            visit.look("sign-in");

            visit.page().fill("#token", house.adminToken());
            visit.page().keyboard().press("Enter");

            visit.awaitPath("/spend?period=month");
            assertThat(visit.page().title()).isEqualTo("Spend · Tollgate");
            assertThat(visit.page().context().cookies())
                    .filteredOn(cookie -> cookie.name.equals("tollgate_session"))
                    .allMatch(
                            cookie -> cookie.httpOnly && cookie.sameSite.name().equals("STRICT"))
                    .hasSize(1);
        }
    }

    @Test
    void signOut_endsTheSession_notTheCookieAlone() {
        try (Visit visit = house.admin("/")) {
            Cookie session = visit.page().context().cookies().stream()
                    .filter(cookie -> cookie.name.equals("tollgate_session"))
                    .findFirst()
                    .orElseThrow();

            visit.page().click("text=Sign out");
            visit.awaitPath("/sign-in");

            visit.page().context().addCookies(java.util.List.of(session));
            visit.page().navigate(house.console() + "/keys");
            visit.awaitPath("/sign-in?next=%2Fkeys");
        }
    }

    @Test
    void session_outlivesAKilledGateway() throws Exception {
        try (House fragile = House.open(folder.resolve("fragile"), "{}\n");
                Visit visit = fragile.admin("/keys")) {
            fragile.restart();

            visit.open("/budgets");
            assertThat(visit.text("h1")).isEqualTo("Budgets");
        }
    }

    @Test
    void token_wrong_isToldOnThePage_andTooManyAreLimited_butTheRightOneOpens() {
        try (Visit visit = house.visit()) {
            visit.page().navigate(house.console() + "/sign-in");
            for (int i = 0; i < 10; i++) {
                tryToken(visit, "tga_wrong-" + i);
                assertThat(visit.text("[role=alert]")).contains("not the admin token");
            }
            visit.look("sign-in-refused");

            tryToken(visit, "tga_wrong-again");
            assertThat(visit.text("[role=alert]")).contains("Too many wrong tokens", "Wait a minute");
            visit.look("sign-in-limited");

            tryToken(visit, house.adminToken());
            visit.awaitPath("/");
        }
    }

    private static void tryToken(Visit visit, String token) {
        visit.page().fill("#token", token);
        visit.page()
                .waitForResponse(
                        house.console() + "/sign-in", () -> visit.page().click("form.stack button"));
        visit.page().waitForLoadState();
    }
}
