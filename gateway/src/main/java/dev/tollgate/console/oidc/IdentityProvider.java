package dev.tollgate.console.oidc;

import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import dev.tollgate.identity.ConsoleSession.Proof.ByProvider;
import dev.tollgate.policy.ConsolePolicy.Oidc;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.URI;
import java.util.concurrent.Callable;

/** One OpenID Connect provider, as the policy names it. */
public final class IdentityProvider {
    /** Threads that may wait for providers at once, so that one that hangs holds up nothing else. */
    private static final int THREADS = 4;

    private final WorkerExecutor workers;
    private final Oidc policy;
    private final Discovery discovery;
    private final Redemption redemption;

    public IdentityProvider(Vertx vertx, Oidc policy) {
        this.workers = vertx.createSharedWorkerExecutor("tollgate-oidc", THREADS);
        this.policy = policy;
        this.discovery = new Discovery(policy);
        this.redemption = new Redemption(policy, discovery);
    }

    /** What it was made of. */
    public Oidc policy() {
        return policy;
    }

    /**
     * Begins a sign-in.
     *
     * @param redirect where the provider sends the browser afterwards
     */
    public Future<Attempt> begin(URI redirect) {
        return blocking(() -> {
            State state = new State();
            Nonce nonce = new Nonce();
            CodeVerifier verifier = new CodeVerifier();
            URI departure = new AuthenticationRequest.Builder(
                            ResponseType.CODE,
                            new Scope(policy.scopes().toArray(String[]::new)),
                            new ClientID(policy.clientId()),
                            redirect)
                    .endpointURI(discovery.metadata().getAuthorizationEndpointURI())
                    .state(state)
                    .nonce(nonce)
                    .codeChallenge(verifier, CodeChallengeMethod.S256)
                    .build()
                    .toURI();
            return new Attempt(state, nonce, verifier, redirect, departure);
        });
    }

    /**
     * Ends a sign-in that this provider began.
     *
     * @param answer the address at which the browser came back, whole; its state was compared before
     */
    public Future<ByProvider> redeem(Attempt attempt, URI answer) {
        return blocking(() -> redemption.redeem(attempt, answer));
    }

    /**
     * Reads whose sessions the provider says are over.
     *
     * @param token a logout token (OpenID Connect Back-Channel Logout 1.0 §2.4)
     */
    public Future<LoggedOut> loggedOut(String token) {
        return blocking(() -> new Logout(policy, discovery).read(token));
    }

    private <T> Future<T> blocking(Callable<T> work) {
        return workers.executeBlocking(work, false);
    }
}
