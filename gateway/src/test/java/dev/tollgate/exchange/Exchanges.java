package dev.tollgate.exchange;

import dev.tollgate.approval.CompanionCompiler;
import dev.tollgate.approval.Companions;
import dev.tollgate.approval.RewordingCompiler;
import dev.tollgate.approval.Rewordings;
import dev.tollgate.approval.VariedCompiler;
import dev.tollgate.approval.VariedMembers;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Bundles;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.SessionId;
import dev.tollgate.value.TeamId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** A call that was read and routed to {@code openai/gpt-4o} by the alias {@code smart}, and defines these tools. */
    public static Exchange routed(List<String> tools) {
        return routed(received(Headers.NONE, null), tools);
    }

    public static Exchange routed(Exchange received, List<String> tools) {
        Facts facts = new Facts("asked", -1, -1, false, null, 1, true, List.of(), tools, List.of(), null, null);
        return received.withCaller(new Caller(
                        new KeyId("key_1"),
                        new AgentId("coder"),
                        new TeamId("core"),
                        Scopes.ALL,
                        Optional.of(new SessionId("run-1")),
                        false))
                .withContent(content("{}", facts))
                .withRoute(new Route(List.of(new Target("openai", "gpt-4o")), "smart"));
    }

    /** A JSON body. */
    public static Content content(String json, Facts facts) {
        try {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            return new Content(bytes, "", "application/json", JsonReader.readObject(bytes), facts);
        } catch (JsonReader.JsonRefused refused) {
            throw new IllegalArgumentException(refused);
        }
    }

    /** All defaults, with these views, and the one that every call that waits needs. */
    public static PolicySnapshot policy(Map<Class<?>, Object> views) {
        return policy(Bundles.of(), views);
    }

    public static PolicySnapshot policy(Bundle bundle, Map<Class<?>, Object> views) {
        Map<Class<?>, Object> all = new HashMap<>(views);
        try {
            all.putIfAbsent(VariedMembers.class, new VariedCompiler().compile(bundle));
            all.putIfAbsent(Rewordings.class, new RewordingCompiler().compile(bundle));
            all.putIfAbsent(Companions.class, new CompanionCompiler().compile(bundle));
        } catch (PolicyException refused) {
            throw new IllegalArgumentException(refused);
        }
        return new PolicySnapshot(bundle, "0123456789abcdef", NOW, all);
    }
}
