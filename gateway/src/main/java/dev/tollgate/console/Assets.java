package dev.tollgate.console;

import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * Stylesheet, scripts and icon, read once from the class path and served from memory. Addresses carry a hash of what they name, so that
 * browsers keep them for good and an update is seen at once.
 */
final class Assets {
    private static final String HTMX = "htmx.org";
    private static final String CHART = "chart.js";
    private static final int HASH_CHARACTERS = 12;

    private final Asset style = own("console.css", "text/css; charset=utf-8");
    private final Asset script = own("console.js", "text/javascript; charset=utf-8");
    private final Asset icon = own("icon.svg", "image/svg+xml");
    private final Asset htmx =
            new Asset("htmx.js", "text/javascript; charset=utf-8", read(webJar(HTMX, "dist/htmx.min.js")));
    private final Asset chart =
            new Asset("chart.js", "text/javascript; charset=utf-8", read(webJar(CHART, "dist/chart.umd.js")));

    /** One file. */
    @SuppressWarnings("ArrayRecordComponent") // Shared, never written to.
    private record Asset(String name, String contentType, byte[] bytes) {
        String address() {
            return "/assets/" + Digests.hex(Digests.sha256(bytes)).substring(0, HASH_CHARACTERS) + "/" + name;
        }

        Reply reply() {
            return new Reply(200, contentType, bytes, List.of())
                    .with("Cache-Control", "public, max-age=31536000, immutable");
        }
    }

    /**
     * Where pages find the files.
     *
     * @param style the stylesheet
     * @param script our own script
     * @param htmx htmx
     * @param icon the icon
     * @param chart the library that draws charts
     */
    record Links(String style, String script, String htmx, String icon, String chart) {}

    Links links() {
        return new Links(style.address(), script.address(), htmx.address(), icon.address(), chart.address());
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (Asset asset : List.of(style, script, htmx, icon, chart)) {
            routes.add(Route.get(
                    asset.address(),
                    Route.Access.OPEN,
                    Route.Need.ANYBODY,
                    call -> Future.succeededFuture(asset.reply())));
        }
        return routes;
    }

    private static Asset own(String name, String contentType) {
        return new Asset(name, contentType, read("/console/" + name));
    }

    /** A file of a WebJar, whose folder has its version in its name. */
    private static String webJar(String name, String file) {
        Properties pom = new Properties();
        try (InputStream properties = open("/META-INF/maven/org.webjars.npm/" + name + "/pom.properties")) {
            pom.load(properties);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return "/META-INF/resources/webjars/" + name + "/" + pom.getProperty("version") + "/" + file;
    }

    private static byte[] read(String resource) {
        try (InputStream file = open(resource)) {
            return file.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static InputStream open(String resource) {
        InputStream file = Assets.class.getResourceAsStream(resource);
        if (file == null) {
            throw new IllegalStateException("the jar lacks " + resource);
        }
        return file;
    }
}
