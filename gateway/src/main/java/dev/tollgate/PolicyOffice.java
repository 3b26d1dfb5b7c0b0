package dev.tollgate;

import dev.tollgate.console.PolicyDesk;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.policy.PolicySource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Optional;

/** The policy in force, as the console sees it. */
final class PolicyOffice implements PolicyDesk {
    private final Vertx vertx;
    private final PolicySource policies;
    private final PolicyLoader loader;

    PolicyOffice(Vertx vertx, PolicySource policies, PolicyLoader loader) {
        this.vertx = vertx;
        this.policies = policies;
        this.loader = loader;
    }

    @Override
    public PolicySnapshot current() {
        return policies.current();
    }

    @Override
    public String source() {
        Path folder = loader.folder();
        return folder == null ? "the built-in default" : folder.toString();
    }

    @Override
    public Optional<Failure> lastFailure() {
        return policies.lastFailure()
                .map(failure ->
                        new Failure(failure.at(), String.valueOf(failure.cause().getMessage())));
    }

    @Override
    public Future<PolicySnapshot> reload() {
        return vertx.executeBlocking(() -> {
            if (!policies.reload()) {
                throw new IllegalStateException(
                        lastFailure().map(Failure::message).orElse("the bundle was refused"));
            }
            return policies.current();
        });
    }
}
