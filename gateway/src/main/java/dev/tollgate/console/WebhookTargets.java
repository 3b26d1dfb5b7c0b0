package dev.tollgate.console;

import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.NotifyPolicy.Webhook;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.ViewCompiler;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The webhooks of a policy.
 *
 * @param all in the order of the policy
 */
public record WebhookTargets(List<WebhookTarget> all) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    public WebhookTargets {
        all = List.copyOf(all);
    }

    /**
     * One webhook, its address taken apart.
     *
     * @param path path and query
     */
    record WebhookTarget(Webhook hook, String host, int port, boolean tls, String path) {
        @Override
        public String toString() {
            return hook.toString();
        }
    }

    /** Checks the addresses of a bundle. */
    public static ViewCompiler<WebhookTargets> compiler() {
        return new ViewCompiler<>() {
            @Override
            public Class<WebhookTargets> type() {
                return WebhookTargets.class;
            }

            @Override
            public WebhookTargets compile(Bundle bundle) throws PolicyException {
                List<WebhookTarget> targets = new ArrayList<>();
                Set<String> ids = new HashSet<>();
                for (Webhook hook : bundle.notifications().webhooks()) {
                    String path = "notifications.webhooks[" + targets.size() + "]";
                    if (!ids.add(hook.id())) {
                        throw PolicyException.at(path + ".id", '"' + hook.id() + "\" is used twice");
                    }
                    targets.add(target(hook, path + ".url"));
                }
                return new WebhookTargets(targets);
            }
        };
    }

    private static WebhookTarget target(Webhook hook, String path) throws PolicyException {
        // What is wrong is said without the address: it may be a secret.
        URI url;
        try {
            url = new URI(hook.url());
        } catch (URISyntaxException malformed) {
            throw PolicyException.at(path, "is not a URL: " + malformed.getReason());
        }
        boolean tls = "https".equals(url.getScheme());
        if ((!tls && !"http".equals(url.getScheme())) || url.getHost() == null || url.getUserInfo() != null) {
            throw PolicyException.at(path, "is not http(s)://host[:port]/path without a user");
        }
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        String where = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        int port = url.getPort() >= 0 ? url.getPort() : tls ? HTTPS_PORT : HTTP_PORT;
        return new WebhookTarget(hook, url.getHost(), port, tls, where + query);
    }
}
