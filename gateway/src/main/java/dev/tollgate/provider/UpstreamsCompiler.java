package dev.tollgate.provider;

import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.PolicyError;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.ProviderEntry;
import dev.tollgate.policy.References;
import dev.tollgate.policy.References.Resolved;
import dev.tollgate.policy.ViewCompiler;
import dev.tollgate.provider.CredentialSource.Found;
import dev.tollgate.provider.Upstreams.Known;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Resolves every reference of the providers of a bundle. Tells all base URLs that are none. */
record UpstreamsCompiler(References references, CredentialSource credentials, String sandboxUrl)
        implements ViewCompiler<Upstreams> {
    private static final String SANDBOX = "sandbox://local";
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    @Override
    public Class<Upstreams> type() {
        return Upstreams.class;
    }

    @Override
    public Upstreams compile(Bundle bundle) throws PolicyException {
        Map<String, Known> byId = new HashMap<>();
        List<PolicyError> errors = new ArrayList<>();
        for (Map.Entry<String, ProviderEntry> entry : bundle.providers().entrySet()) {
            try {
                byId.put(entry.getKey(), known(entry.getKey(), entry.getValue()));
            } catch (PolicyException refused) {
                errors.addAll(refused.errors());
            }
        }
        if (!errors.isEmpty()) {
            throw new PolicyException(errors);
        }
        return new Upstreams(byId);
    }

    private Known known(String id, ProviderEntry entry) throws PolicyException {
        if (!entry.enabled()) {
            return new Known(null, "the provider " + id + " is switched off (providers." + id + ".enabled: false)");
        }
        return switch (references.variables(entry.baseUrl())) {
            // An entry of the catalog whose variable is not set is simply not in use here.
            case Resolved.Missing(String why) ->
                new Known(null, "the provider " + id + " is not in use here: " + why + " (its base_url)");
            case Resolved.Value(String url) -> reached(id, entry, url.equals(SANDBOX) ? sandboxUrl : url);
        };
    }

    private Known reached(String id, ProviderEntry entry, String url) throws PolicyException {
        URI base = base(id, url);
        boolean tls = base.getScheme().equals("https");
        int port = base.getPort() >= 0 ? base.getPort() : tls ? HTTPS_PORT : HTTP_PORT;
        return switch (credentials.find(id, entry)) {
            case Found.Here(Credential credential) ->
                new Known(new Upstream(id, entry, url, base.getHost(), port, tls, credential), "");
            case Found.Nowhere(String advice) ->
                new Known(
                        new Upstream(id, entry, url, base.getHost(), port, tls, new Credential.None()),
                        "the provider " + id + " has no credential here: " + advice);
        };
    }

    private static URI base(String id, String url) throws PolicyException {
        String path = "providers.\"" + id + "\".base_url";
        try {
            URI base = new URI(url);
            boolean isHttp = "https".equals(base.getScheme()) || "http".equals(base.getScheme());
            boolean isBare = base.getRawQuery() == null && base.getRawFragment() == null && base.getUserInfo() == null;
            if (!isHttp || !isBare || base.getHost() == null) {
                throw PolicyException.at(path, "is not http(s)://host[:port][/path] without user, query or fragment");
            }
            return base;
        } catch (URISyntaxException malformed) {
            throw PolicyException.at(path, "is not a URL: " + malformed.getReason());
        }
    }
}
