package dev.tollgate.provider;

import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Environment;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.ProviderEntry;
import dev.tollgate.policy.References;
import dev.tollgate.policy.References.Resolved;
import dev.tollgate.policy.ViewCompiler;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The providers of a bundle that calls can be sent to: enabled, and with every reference in their base URL resolved. */
public final class Upstreams {
    private static final String SANDBOX = "sandbox://local";
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final Map<String, Upstream> byId;

    private Upstreams(Map<String, Upstream> byId) {
        this.byId = Map.copyOf(byId);
    }

    Optional<Upstream> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /**
     * Whether calls can be sent to a provider.
     *
     * @param passThrough whether the client brings its own credential
     */
    public boolean accepts(String id, boolean passThrough) {
        Upstream upstream = byId.get(id);
        return upstream != null
                && (passThrough
                        || upstream.entry().local()
                        || upstream.entry().auth() == ProviderEntry.Auth.NONE
                        || !(upstream.credential() instanceof Credential.None));
    }

    /** What to do about a provider that does not accept calls. */
    public String missing(String id) {
        Upstream upstream = byId.get(id);
        if (upstream == null) {
            return "the provider " + id + " is disabled, or a variable in its base_url is not set";
        }
        List<String> variables = upstream.entry().credentialEnv();
        return "the provider " + id + " has no credential here: set "
                + (variables.isEmpty() ? "providers." + id + ".credential" : String.join(" or ", variables));
    }

    /**
     * Compiles the providers of a bundle. Reads credential files, so not for event loops.
     *
     * @param sandboxUrl where the sandbox listens: what {@code sandbox://local} stands for
     */
    public static ViewCompiler<Upstreams> compiler(Environment environment, String sandboxUrl) {
        return new Compiler(environment, new References(environment), sandboxUrl);
    }

    private record Compiler(Environment environment, References references, String sandboxUrl)
            implements ViewCompiler<Upstreams> {
        @Override
        public Class<Upstreams> type() {
            return Upstreams.class;
        }

        @Override
        public Upstreams compile(Bundle bundle) throws PolicyException {
            Map<String, Upstream> byId = new HashMap<>();
            for (Map.Entry<String, ProviderEntry> entry : bundle.providers().entrySet()) {
                upstream(entry.getKey(), entry.getValue()).ifPresent(upstream -> byId.put(entry.getKey(), upstream));
            }
            return new Upstreams(byId);
        }

        private Optional<Upstream> upstream(String id, ProviderEntry entry) throws PolicyException {
            // An entry of the catalog whose variable is not set is simply not in use here.
            if (!entry.enabled() || !(references.variables(entry.baseUrl()) instanceof Resolved.Value(String url))) {
                return Optional.empty();
            }
            String reached = url.equals(SANDBOX) ? sandboxUrl : url;
            URI base = base(id, reached);
            boolean tls = base.getScheme().equals("https");
            int port = base.getPort() >= 0 ? base.getPort() : tls ? HTTPS_PORT : HTTP_PORT;
            return Optional.of(new Upstream(id, entry, reached, base.getHost(), port, tls, credential(entry)));
        }

        private static URI base(String id, String url) throws PolicyException {
            try {
                URI base = new URI(url);
                boolean isHttp = "https".equals(base.getScheme()) || "http".equals(base.getScheme());
                if (!isHttp || base.getHost() == null || base.getRawQuery() != null || base.getUserInfo() != null) {
                    throw new PolicyException("providers." + id
                            + ".base_url is not http(s)://host[:port][/path] without user, query or fragment");
                }
                return base;
            } catch (URISyntaxException malformed) {
                throw new PolicyException("providers." + id + ".base_url is not a URL", malformed);
            }
        }

        private Credential credential(ProviderEntry entry) {
            if (entry.auth() == ProviderEntry.Auth.SIGV4) {
                return aws(entry);
            }
            String credential = entry.credential();
            if (credential != null) {
                return references.credential(credential) instanceof Resolved.Value(String value)
                        ? new Credential.Token(value)
                        : new Credential.None();
            }
            return entry.credentialEnv().stream()
                    .flatMap(name -> Optional.ofNullable(environment.get(name)).stream())
                    .filter(value -> !value.isBlank())
                    .findFirst()
                    .<Credential>map(value -> new Credential.Token(value.strip()))
                    .orElseGet(Credential.None::new);
        }

        private Credential aws(ProviderEntry entry) {
            String bearer = entry.bearerEnv() == null ? null : environment.get(entry.bearerEnv());
            if (bearer != null && !bearer.isBlank()) {
                return new Credential.Token(bearer.strip());
            }
            List<String> keys = new ArrayList<>();
            entry.credentialEnv().forEach(name -> {
                String value = environment.get(name);
                keys.add(value == null ? "" : value.strip());
            });
            String region = entry.region() == null ? "us-east-1" : entry.region();
            if (keys.size() < 2
                    || keys.get(0).isEmpty()
                    || keys.get(1).isEmpty()
                    || !(references.variables(region) instanceof Resolved.Value(String resolvedRegion))) {
                return new Credential.None();
            }
            String session = keys.size() > 2 && !keys.get(2).isEmpty() ? keys.get(2) : null;
            String service = entry.service() == null ? "bedrock" : entry.service();
            return new Credential.AwsKeys(keys.get(0), keys.get(1), session, resolvedRegion, service);
        }
    }
}
