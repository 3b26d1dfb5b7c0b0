package dev.tollgate.exchange;

import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.value.ExchangeId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Exchanges for tests. */
public final class Exchanges {
    public static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");

    private Exchanges() {}

    /** A POST to a chat endpoint of a provider under the default policy, nothing read or decided yet. */
    public static Exchange received(Headers headers, @Nullable String query) {
        return received(headers, query, policy(Map.of()));
    }

    public static Exchange received(Headers headers, @Nullable String query, PolicySnapshot policy) {
        return Exchange.received(
                new ExchangeId("ex-1"),
                NOW,
                new Inbound("POST", "/v1/chat/completions", query, headers, "127.0.0.1", BodySource.EMPTY),
                new Endpoint("openai", "openai_chat", "chat/completions", query),
                policy);
    }

    /** All defaults, with these views. */
    public static PolicySnapshot policy(Map<Class<?>, Object> views) {
        return policy(new Bundle(null, null, null, null, null, null, null, null, null, null, null, null), views);
    }

    public static PolicySnapshot policy(Bundle bundle, Map<Class<?>, Object> views) {
        return new PolicySnapshot(bundle, "0123456789abcdef", NOW, views);
    }
}
