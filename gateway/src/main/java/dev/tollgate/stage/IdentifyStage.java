package dev.tollgate.stage;

import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Headers;
import dev.tollgate.identity.Credentials;
import dev.tollgate.identity.Credentials.Shown;
import dev.tollgate.identity.Key;
import dev.tollgate.identity.KeyDirectory;
import dev.tollgate.identity.LabelNames;
import dev.tollgate.identity.LabelNames.TagsRefused;
import dev.tollgate.identity.SessionNames;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.pipeline.Denial;
import dev.tollgate.pipeline.Stage;
import dev.tollgate.pipeline.StageId;
import dev.tollgate.policy.IdentityPolicy;
import dev.tollgate.wire.Problem;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds out whose call it is, by its gateway key. Always enforced: a call without a key has nobody to charge. Whether the key may use the
 * route and the model is decided where these are known. No message repeats a key.
 */
public final class IdentifyStage implements Stage {
    private final KeyDirectory keys;

    public IdentifyStage(KeyDirectory keys) {
        this.keys = keys;
    }

    @Override
    public StageId id() {
        return StageId.IDENTIFY;
    }

    @Override
    public Future<Decision> decide(Exchange exchange) {
        return switch (Credentials.find(
                exchange.inbound().headers(), exchange.inbound().query())) {
            case Shown.Nothing() ->
                denied(
                        "missing_key",
                        "no gateway key (tg_…) found: send it as X-Tollgate-Key, Authorization: Bearer, x-api-key, x-goog-api-key, "
                                + "api-key or ?key=");
            // One of the two would be charged for what the other did.
            case Shown.Several() -> denied("invalid_key", "the request carries two different gateway keys");
            case Shown.One one -> identify(exchange, one);
        };
    }

    private Future<Decision> identify(Exchange exchange, Shown.One shown) {
        IdentityPolicy policy = exchange.policy().bundle().identity();
        return keys.find(shown.secret(), policy.keyCache())
                .map(found -> judge(exchange, found, policy.passThrough() && shown.besideClientCredential()));
    }

    private static Decision judge(Exchange exchange, Optional<Key> found, boolean passThrough) {
        Optional<Denial> refusal = refusal(found, exchange.receivedAt());
        if (refusal.isPresent() || found.isEmpty()) {
            return new Deny(refusal.orElseThrow());
        }
        Key key = found.get();
        Headers headers = exchange.inbound().headers();
        try {
            return new Proceed(exchange.withCaller(new Caller(
                    key.id(),
                    key.agent(),
                    key.team(),
                    key.scopes(),
                    SessionNames.fromHeaders(headers),
                    LabelNames.fromHeaders(headers, exchange.policy().bundle().identity()),
                    passThrough)));
        } catch (TagsRefused refused) {
            return new Deny(
                    Denial.of(Problem.Kind.MALFORMED, "tags_malformed", Objects.requireNonNull(refused.getMessage())));
        }
    }

    private static Optional<Denial> refusal(Optional<Key> found, Instant at) {
        if (found.isEmpty()) {
            return Optional.of(denial("invalid_key", "the gateway key is not known here"));
        }
        Key key = found.get();
        if (key.revokedAt() != null) {
            return Optional.of(
                    denial("revoked_key", "the gateway key " + key.id() + " was revoked at " + key.revokedAt()));
        }
        // Whatever else makes a key unusable, it must not pass.
        return key.isUsableAt(at)
                ? Optional.empty()
                : Optional.of(denial("expired_key", "the gateway key " + key.id() + " expired at " + key.expiresAt()));
    }

    /**
     * Why a call that has waited for a person must not go on: hours may have passed, and its key been revoked or have expired. Empty where it
     * may. A failed future means that nobody can tell.
     */
    public Future<Optional<Denial>> again(Exchange waited, Instant now) {
        Duration cache = waited.policy().bundle().identity().keyCache();
        return Credentials.find(waited.inbound().headers(), waited.inbound().query()) instanceof Shown.One one
                ? keys.find(one.secret(), cache).map(found -> refusal(found, now))
                : Future.succeededFuture(Optional.of(denial("missing_key", "the gateway key of the call is gone")));
    }

    private static Future<Decision> denied(String code, String message) {
        return Future.succeededFuture(deny(code, message));
    }

    private static Decision deny(String code, String message) {
        return new Deny(denial(code, message));
    }

    private static Denial denial(String code, String message) {
        return Denial.of(Problem.Kind.AUTHENTICATION, code, message);
    }
}
