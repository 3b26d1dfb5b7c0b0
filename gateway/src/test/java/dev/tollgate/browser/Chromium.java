package dev.tollgate.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The one browser of all tests. Used on the tests' own thread, which Playwright asks for. */
final class Chromium {
    private static final String REQUIRED = "TOLLGATE_BROWSER";
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    /** How long a page may take to show what it is waited for. */
    static final int PATIENCE_MILLIS = 15_000;

    private static final Start START = start();

    private Chromium() {}

    /** A browser, or why there is none. */
    private record Start(Optional<Browser> browser, String why) {}

    /** Yields it; skips, or fails, the test that asks where there is none. */
    static Browser require() {
        if (START.browser.isEmpty()) {
            if ("required".equals(System.getenv(REQUIRED))) {
                throw new AssertionError(START.why);
            }
            Assumptions.abort(START.why);
        }
        return START.browser.orElseThrow();
    }

    private static Start start() {
        Optional<Path> browser = NAMES.stream().flatMap(Chromium::onPath).findFirst();
        Optional<Path> node = onPath("node").findFirst();
        if (browser.isEmpty() || node.isEmpty()) {
            return missing("there is no " + (browser.isEmpty() ? "chromium" : "node") + " on the PATH");
        }
        try {
            System.setProperty(
                    "playwright.driver.tmpdir",
                    Files.createDirectories(Path.of("target", "playwright").toAbsolutePath())
                            .toString());
            // A browser on a busy machine: five seconds, as the library has them, can be too few.
            PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
            Playwright playwright = Playwright.create(new Playwright.CreateOptions()
                    .setEnv(Map.of(
                            "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                            "1",
                            "PLAYWRIGHT_NODEJS_PATH",
                            node.get().toString())));
            return new Start(
                    Optional.of(playwright
                            .chromium()
                            .launch(new LaunchOptions()
                                    .setExecutablePath(browser.get())
                                    .setArgs(ARGUMENTS)
                                    .setHeadless(true))),
                    "");
        } catch (PlaywrightException | IOException broken) {
            return missing("Chromium cannot be driven: "
                    + String.valueOf(broken.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static Start missing(String why) {
        String told = "The console was not looked at in a browser: " + why + ".";
        System.out.println(told);
        return new Start(Optional.empty(), told);
    }

    private static Stream<Path> onPath(String name) {
        return Stream.of(String.valueOf(System.getenv("PATH")).split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable);
    }
}
