package dev.tollgate.provider;

import dev.tollgate.policy.ProviderEntry;
import dev.tollgate.policy.ProviderEntry.Auth;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts a provider's credential into a request, the way the client put its own where the provider takes that too. */
final class Authorisation {
    private static final Map<String, Auth> STYLE_OF_SLOT = Map.of(
            "authorization", Auth.BEARER,
            "x-api-key", Auth.X_API_KEY,
            "x-goog-api-key", Auth.X_GOOG_API_KEY,
            "api-key", Auth.API_KEY);

    private Authorisation() {}

    static Future<MultiMap> of(UpstreamRequest request) {
        return switch (request.upstream().credential()) {
            case Credential.None() -> Future.succeededFuture(request.headers());
            case Credential.Token(String token) -> {
                put(request.headers(), style(request), token);
                yield Future.succeededFuture(request.headers());
            }
            case Credential.AwsKeys keys -> Future.succeededFuture(AwsSignature.sign(request, keys));
        };
    }

    private static Auth style(UpstreamRequest request) {
        ProviderEntry entry = request.upstream().entry();
        Auth asked = clientStyle(
                RequestHeaders.slotOfGatewayKey(request.exchange().inbound().headers()));
        return asked != null && entry.alsoAuth().contains(asked) ? asked : entry.auth();
    }

    private static @Nullable Auth clientStyle(@Nullable String slot) {
        return slot == null ? null : STYLE_OF_SLOT.get(slot);
    }

    private static void put(MultiMap headers, Auth style, String token) {
        switch (style) {
            case BEARER, GOOGLE_OAUTH, SIGV4 -> headers.set("Authorization", "Bearer " + token);
            case TOKEN -> headers.set("Authorization", "Token " + token);
            case X_API_KEY -> headers.set("x-api-key", token);
            case X_GOOG_API_KEY -> headers.set("x-goog-api-key", token);
            case API_KEY -> headers.set("api-key", token);
            case NONE -> {}
        }
    }
}
