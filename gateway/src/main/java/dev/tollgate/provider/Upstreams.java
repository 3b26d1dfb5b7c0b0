package dev.tollgate.provider;

import dev.tollgate.exchange.Endpoint;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.Environment;
import dev.tollgate.policy.ProviderEntry;
import dev.tollgate.policy.References;
import dev.tollgate.policy.ViewCompiler;
import dev.tollgate.routing.UpstreamPath;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The providers of a bundle: those that calls can be sent to, and of the others why not. */
public final class Upstreams {
    /** Most paths remembered: agents ask for a handful. */
    private static final int MAX_PATHS = 1000;

    private static final int LONGEST_REMEMBERED = 200;

    private final Map<String, Known> byId;
    private final Map<Asked, String> paths = new ConcurrentHashMap<>();

    /** What a path depends on. */
    private record Asked(
            String upstream, Endpoint endpoint, @Nullable String model) {
        boolean isShort() {
            return endpoint.path().length() + (model == null ? 0 : model.length()) <= LONGEST_REMEMBERED;
        }
    }

    Upstreams(Map<String, Known> byId) {
        this.byId = Map.copyOf(byId);
    }

    /**
     * @param upstream where its calls go; null where they can go nowhere
     * @param missing what keeps calls from going there with a credential of ours, and what to do about it; empty if nothing does
     */
    record Known(@Nullable Upstream upstream, String missing) {}

    Optional<Upstream> find(String id) {
        return Optional.ofNullable(byId.get(id)).map(Known::upstream);
    }

    /** The path and query to ask a provider for. */
    String path(Upstream upstream, Endpoint endpoint, Target target) {
        Asked asked = new Asked(upstream.id(), endpoint, target.model());
        String known = paths.get(asked);
        if (known != null) {
            return known;
        }
        String path = UpstreamPath.of(upstream.entry(), upstream.baseUrl(), endpoint, target);
        // Queries may hold what is not to be kept.
        if (endpoint.query() == null && asked.isShort() && paths.size() < MAX_PATHS) {
            paths.put(asked, path);
        }
        return path;
    }

    /**
     * Whether calls can be sent to a provider.
     *
     * @param passThrough whether the client brings its own credential
     */
    public boolean accepts(String id, boolean passThrough) {
        return find(id).filter(upstream -> passThrough
                        || upstream.entry().local()
                        || upstream.entry().auth() == ProviderEntry.Auth.NONE
                        || !(upstream.credential() instanceof Credential.None))
                .isPresent();
    }

    /** What to do about a provider that does not accept calls. */
    public String missing(String id) {
        Known known = byId.get(id);
        return known == null ? "there is no provider " + id : known.missing();
    }

    /**
     * Compiles the providers of a bundle. Reads credential files, so not for event loops.
     *
     * @param sandboxUrl where the sandbox listens: what {@code sandbox://local} stands for
     */
    public static ViewCompiler<Upstreams> compiler(Environment environment, String sandboxUrl) {
        References references = new References(environment);
        return new UpstreamsCompiler(references, new CredentialSource(environment, references), sandboxUrl);
    }
}
