package dev.tollgate.console;

import io.vertx.core.http.HttpServerRequest;
import java.security.SecureRandom;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What went wrong, as a page, as a line for a piece of a page, or as JSON; never as a stack trace. */
final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private final Templates templates;
    private final Assets.Links links;
    private final SecureRandom random;

    Problems(Templates templates, Assets.Links links, SecureRandom random) {
        this.templates = templates;
        this.links = links;
        this.random = random;
    }

    /**
     * What a page shows.
     *
     * @param links addresses of stylesheet and scripts
     * @param status HTTP status
     * @param title in a few words
     * @param text what, which value, which limit
     */
    record View(Assets.Links links, int status, String title, String text) {}

    Reply reply(HttpServerRequest http, Throwable failure) {
        Refused refused = failure instanceof Refused known ? known : unforeseen(http, failure);
        Reply reply = rendered(http, refused);
        return switch (refused.status()) {
            case 401 -> reply.with("WWW-Authenticate", "Bearer realm=\"tollgate\"");
            case 429 -> reply.with("Retry-After", Long.toString(Limits.SIGN_IN_WINDOW.toSeconds()));
            default -> reply;
        };
    }

    private Reply rendered(HttpServerRequest http, Refused refused) {
        String path = String.valueOf(http.path());
        if (path.startsWith("/api/") || Probes.PATHS.contains(path)) {
            return Reply.json(refused.status(), Documents.error(refused.code(), refused.text()));
        }
        if ("true".equals(http.getHeader("HX-Request"))) {
            return Reply.text(refused.status(), "text/plain; charset=utf-8", refused.text());
        }
        return Reply.html(
                refused.status(),
                templates.render(
                        "problem", new View(links, refused.status(), title(refused.status()), refused.text())));
    }

    private Refused unforeseen(HttpServerRequest http, Throwable failure) {
        String reference = "er_" + Integer.toHexString(random.nextInt());
        // Without the query string: it may name sessions.
        LOG.error("{} {} failed, reference {}", http.method(), http.path(), reference, failure);
        return failure instanceof TimeoutException
                ? new Refused(
                        503,
                        "too_slow",
                        "no answer within " + Limits.ANSWER_TIME.toSeconds() + " s (" + reference + ")")
                : new Refused(
                        503,
                        "unavailable",
                        "a store could not be reached or refused; the gateway's log says more under " + reference);
    }

    private static String title(int status) {
        return switch (status) {
            case 403 -> "Not allowed";
            case 404 -> "Not found";
            case 409 -> "Too late";
            case 413 -> "Too large";
            case 421 -> "Wrong address";
            case 429 -> "Too many attempts";
            default -> status >= 500 ? "Not available" : "That did not work";
        };
    }
}
