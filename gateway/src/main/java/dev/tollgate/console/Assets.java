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
    private static final String HTMX_FOLDER = "/META-INF/resources/webjars/htmx.org/";
    private static final String HTMX_POM = "/META-INF/maven/org.webjars.npm/htmx.org/pom.properties";
    private static final int HASH_CHARACTERS = 12;

    private final Asset style = own("console.css", "text/css; charset=utf-8");
    private final Asset script = own("console.js", "text/javascript; charset=utf-8");
    private final Asset icon = own("icon.svg", "image/svg+xml");
    private final Asset htmx = new Asset(
            "htmx.js", "text/javascript; charset=utf-8", read(HTMX_FOLDER + htmxVersion() + "/dist/htmx.min.js"));

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
     */
    record Links(String style, String script, String htmx, String icon) {}

    Links links() {
        return new Links(style.address(), script.address(), htmx.address(), icon.address());
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (Asset asset : List.of(style, script, htmx, icon)) {
            routes.add(Route.get(asset.address(), Route.Access.OPEN, call -> Future.succeededFuture(asset.reply())));
        }
        return routes;
    }

    private static Asset own(String name, String contentType) {
        return new Asset(name, contentType, read("/console/" + name));
    }

    private static String htmxVersion() {
        Properties pom = new Properties();
        try (InputStream file = open(HTMX_POM)) {
            pom.load(file);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return pom.getProperty("version");
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
