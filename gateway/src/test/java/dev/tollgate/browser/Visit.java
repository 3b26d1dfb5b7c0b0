package dev.tollgate.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.Route;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One browser at the console, with cookies of its own. Fails at its end when a page logged an error, threw, broke the content security
 * policy or asked another host for anything.
 */
final class Visit implements AutoCloseable {
    /** Set to a folder, it keeps screenshots there. */
    private static final @Nullable String SHOTS = System.getenv("TOLLGATE_SHOTS");

    private static final String AXE = axe();
    /** A page that is refused on purpose is told by the browser as an error of loading. */
    private static final String NOT_LOADED = "Failed to load resource";

    private final BrowserContext context;
    private final Page page;
    private final String console;
    private final List<String> faults = new ArrayList<>();
    private String provider = "";

    Visit(String console, NewContextOptions options) {
        this.console = console;
        this.context = Chromium.require().newContext(options);
        this.page = context.newPage();
        page.setDefaultTimeout(Chromium.PATIENCE_MILLIS);
        page.onConsoleMessage(message -> {
            if (List.of("error", "warning").contains(message.type())
                    && !message.text().contains(NOT_LOADED)) {
                faults.add(page.url() + " logged: " + message.text());
            }
        });
        page.onPageError(error -> faults.add(page.url() + " threw: " + error));
        page.onRequest(request -> {
            boolean isOurs = request.url().startsWith(console + "/");
            boolean isProvider = !provider.isEmpty() && request.url().startsWith(provider);
            if (!isOurs && !isProvider) {
                faults.add(page.url() + " asked another host: " + request.url());
            }
        });
    }

    /** Lets it go to an identity provider as well. */
    @CanIgnoreReturnValue
    Visit trusting(String address) {
        provider = address;
        return this;
    }

    Page page() {
        return page;
    }

    /** Requests that wait, in the order in which the browser made them. */
    final class Held {
        private final List<Route> waiting = new ArrayList<>();
        private boolean isOver;

        private void take(Route route) {
            if (isOver) {
                route.resume();
            } else {
                waiting.add(route);
            }
        }

        /** Waits until there are so many. */
        void await(int count) {
            page.waitForCondition(() -> waiting.size() >= count);
        }

        /** Lets them go on, the last one first, each when the one before it was answered; those that follow do not wait. */
        void release() {
            isOver = true;
            for (Route route : waiting.reversed()) {
                Request request = route.request();
                Response unused =
                        page.waitForResponse(response -> response.request().equals(request), route::resume);
            }
        }
    }

    /** Lets requests to an address wait. */
    Held holding(String glob) {
        Held held = new Held();
        page.route(glob, held::take);
        return held;
    }

    /** Goes to a path, which must be there. */
    @CanIgnoreReturnValue
    Response open(String path) {
        Response response = page.navigate(console + path);
        assertThat(response.status()).as(path).isEqualTo(200);
        return response;
    }

    /** Goes to a path by way of the sign-in page. */
    @CanIgnoreReturnValue
    Visit signIn(String token, String path) {
        page.navigate(console + path);
        page.fill("#token", token);
        page.click("form.stack button");
        page.waitForURL(console + path);
        return this;
    }

    /** Follows what a click or a key leads to until the address fits. */
    void awaitPath(String path) {
        page.waitForURL(console + path);
    }

    Locator find(String selector) {
        return page.locator(selector);
    }

    /** A row of a table that holds this text. */
    Locator row(String text) {
        return page.locator("tr", new Page.LocatorOptions().setHasText(text));
    }

    String text(String selector) {
        return String.valueOf(page.locator(selector).first().textContent());
    }

    /** Checks accessibility (WCAG AA) and that nothing is wider than the window. */
    void look(String name) {
        shoot(name);
        Object found = page.evaluate(
                "() => { " + AXE + "; return axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a',"
                        + " 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] }).then(result => ({ passes:"
                        + " result.passes.length, faults: result.violations.map(one => one.id + ': ' + one.help + ': ' +"
                        + " one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')) })) }");
        if (found instanceof Map<?, ?> result) {
            assertThat((Integer) result.get("passes"))
                    .as("what axe checked on " + name)
                    .isGreaterThan(5);
            assertThat((List<?>) result.get("faults")).as(name).isEmpty();
        } else {
            throw new AssertionError("axe did not run on " + name);
        }
        assertThat(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                .as("pixels by which %s is wider than the window", name)
                .isEqualTo(0);
    }

    /** Keeps a picture, where one is asked for. */
    void shoot(String name) {
        if (SHOTS != null) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of(SHOTS, name + ".png"))
                    .setFullPage(true)
                    .setCaret(com.microsoft.playwright.options.ScreenshotCaret.INITIAL));
        }
    }

    @Override
    public void close() {
        context.close();
        assertThat(faults).isEmpty();
    }

    private static String axe() {
        try (InputStream script = Visit.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }
}
