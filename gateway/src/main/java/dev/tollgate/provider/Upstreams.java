package dev.tollgate.provider;

import dev.tollgate.policy.Environment;
import dev.tollgate.policy.ProviderEntry;
import dev.tollgate.policy.References;
import dev.tollgate.policy.ViewCompiler;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The providers of a bundle: those that calls can be sent to, and of the others why not. */
public final class Upstreams {
    private final Map<String, Known> byId;

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
