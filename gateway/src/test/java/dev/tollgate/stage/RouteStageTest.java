package dev.tollgate.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Endpoint;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Exchanges;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Headers;
import dev.tollgate.exchange.Inbound;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.exchange.Target;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.provider.Upstreams;
import dev.tollgate.routing.ModelRoutes;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.TeamId;
import dev.tollgate.wire.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RouteStageTest {
    private static final Map<String, String> VARIABLES = Map.of("OPENAI_API_KEY", "set", "GROQ_API_KEY", "set");
    private static final PolicySnapshot POLICY = policy();

    private final RouteStage stage = new RouteStage();

    @Test
    void alias_isRouted() {
        Proceed proceed = (Proceed) decide(null, "house", Scopes.ALL, false);

        assertThat(proceed.exchange().route().alias()).isEqualTo("house");
        assertThat(proceed.exchange().route().targets())
                .containsExactly(new Target("openai", "gpt-5"), new Target("groq", "llama"));
    }

    @Test
    void unknownModel_isDenied() {
        assertDenied(decide(null, "gpt-5", Scopes.ALL, false), Problem.Kind.NOT_FOUND, "model_not_found");
        assertDenied(decide(null, null, Scopes.ALL, false), Problem.Kind.MALFORMED, "model_missing");
    }

    @Test
    void fallbacks_areOnlyThoseTheKeyMayUse() {
        Proceed byProvider = (Proceed) decide(null, "house", new Scopes(Set.of(), Set.of("groq")), false);
        Proceed byModel = (Proceed) decide(null, "house", new Scopes(Set.of("openai/*"), Set.of()), false);
        Proceed byAlias = (Proceed) decide(null, "house", new Scopes(Set.of("house"), Set.of()), false);

        assertThat(byProvider.exchange().route().targets()).containsExactly(new Target("groq", "llama"));
        assertThat(byModel.exchange().route().targets()).containsExactly(new Target("openai", "gpt-5"));
        assertThat(byAlias.exchange().route().targets()).hasSize(2);
    }

    @Test
    void scopes_denyTheRest_byName() {
        assertDenied(
                decide(null, "house", new Scopes(Set.of("fast"), Set.of()), false),
                Problem.Kind.POLICY,
                "model_not_allowed");
        assertDenied(
                decide("openai", "gpt-5", new Scopes(Set.of("house"), Set.of()), false),
                Problem.Kind.POLICY,
                "model_not_allowed");
        Deny provider = assertDenied(
                decide("openai", "gpt-5", new Scopes(Set.of(), Set.of("groq")), false),
                Problem.Kind.POLICY,
                "provider_not_allowed");
        assertThat(provider.denial().problem().message()).isEqualTo("key k1 may not use provider openai");
    }

    @Test
    void keyWithModels_mayNotUseEndpointsThatNameNone_butRead() {
        Scopes scopes = new Scopes(Set.of("openai/gpt-5"), Set.of());

        Deny write = assertDenied(decide("openai", null, scopes, false), Problem.Kind.POLICY, "model_not_allowed");
        assertThat(write.denial().problem().message()).isEqualTo("key k1 may not use endpoints that name no model");
        assertThat(decide(exchange("GET", "openai", null, scopes, false))).isInstanceOf(Proceed.class);
    }

    @Test
    void provider_thatCannotBeCalled_saysWhatIsMissing() {
        Deny without = assertDenied(
                decide("anthropic", "x", Scopes.ALL, false), Problem.Kind.POLICY, "provider_not_configured");
        assertThat(without.denial().problem().message()).contains("set ANTHROPIC_API_KEY");
        assertDenied(decide("xai", "x", Scopes.ALL, false), Problem.Kind.POLICY, "provider_not_configured");
        assertDenied(decide("custom", "x", Scopes.ALL, false), Problem.Kind.POLICY, "provider_not_configured");
    }

    @Test
    void passThrough_needsNoCredential() {
        assertThat(decide("anthropic", "x", Scopes.ALL, true)).isInstanceOf(Proceed.class);
        assertDenied(decide("xai", "x", Scopes.ALL, true), Problem.Kind.POLICY, "provider_not_configured");
    }

    @Test
    void targets_thatCannotBeCalled_areLeftOut() {
        Proceed proceed = (Proceed) decide(null, "mixed", Scopes.ALL, false);

        assertThat(proceed.exchange().route().targets()).containsExactly(new Target("groq", "llama"));
    }

    @Test
    void unifiedEndpoint_needsAProviderThatSpeaksItsWire() {
        Deny deny = assertDenied(
                decide(exchange("POST", null, "groq/llama", Scopes.ALL, false, "anthropic_messages")),
                Problem.Kind.NOT_FOUND,
                "model_not_found");
        assertThat(deny.denial().problem().message())
                .isEqualTo(
                        "groq/llama is not served by a provider that speaks anthropic_messages, the API of this endpoint");
    }

    @CanIgnoreReturnValue
    private static Deny assertDenied(Decision decision, Problem.Kind kind, String code) {
        assertThat(decision).isInstanceOf(Deny.class);
        Deny deny = (Deny) decision;
        assertThat(deny.denial().problem().kind()).isEqualTo(kind);
        assertThat(deny.denial().problem().code()).isEqualTo(code);
        return deny;
    }

    private Decision decide(String provider, String model, Scopes scopes, boolean passThrough) {
        return decide(exchange("POST", provider, model, scopes, passThrough));
    }

    private Decision decide(Exchange exchange) {
        return stage.decide(exchange).result();
    }

    private static Exchange exchange(String method, String provider, String model, Scopes scopes, boolean passThrough) {
        return exchange(method, provider, model, scopes, passThrough, "openai_chat");
    }

    private static Exchange exchange(
            String method, String provider, String model, Scopes scopes, boolean passThrough, String wire) {
        Exchange received = Exchanges.received(Headers.of(), null, POLICY);
        Inbound inbound = received.inbound();
        return Exchange.received(
                        received.id(),
                        received.receivedAt(),
                        new Inbound(method, inbound.path(), null, inbound.headers(), "127.0.0.1", inbound.body()),
                        new Endpoint(provider, wire, "chat/completions", null),
                        POLICY)
                .withCaller(new Caller(
                        new KeyId("k1"), new AgentId("a"), new TeamId("t"), scopes, Optional.empty(), passThrough))
                .withContent(new Content(new byte[0], "", "application/json", null, facts(model)));
    }

    private static Facts facts(String model) {
        return new Facts(model, -1, -1, false, null, 1, true, List.of(), List.of(), List.of(), null, null);
    }

    private static PolicySnapshot policy() {
        try {
            Bundle bundle = new PolicyLoader(
                            null,
                            List.of(
                                    "providers.xai.enabled=false",
                                    "models.house={targets: [{model: openai/gpt-5}, {model: groq/llama}]}",
                                    "models.mixed={targets: [{model: custom/x}, {model: groq/llama}, {model: mistral/y}]}"),
                            VARIABLES::get)
                    .load()
                    .bundle();
            return Exchanges.policy(
                    bundle,
                    Map.of(
                            ModelRoutes.class,
                            ModelRoutes.compiler(new Random(1)).compile(bundle),
                            Upstreams.class,
                            Upstreams.compiler(VARIABLES::get, "http://127.0.0.1:1")
                                    .compile(bundle)));
        } catch (PolicyException refused) {
            throw new AssertionError(refused);
        }
    }
}
