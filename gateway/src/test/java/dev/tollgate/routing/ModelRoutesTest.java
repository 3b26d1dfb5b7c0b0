package dev.tollgate.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Route;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.exchange.Splice;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.PolicyException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelRoutesTest {
    private static final String WEIGHTED =
            "models.mixed={strategy: weighted, targets: [{model: openai/a, weight: 0}, {model: groq/b, weight: 3}, {model: xai/c}]}";

    @Test
    void alias_yieldsItsTargets_inOrder() {
        ModelRoutes routes =
                routes(0, "models.house={targets: [{model: openai/gpt-5}, {model: openrouter/meta/llama}]}");

        assertThat(routes.find("house"))
                .contains(new Route(
                        List.of(new Target("openai", "gpt-5"), new Target("openrouter", "meta/llama")), "house"));
    }

    @Test
    void providerAndModel_isItself_byIdOrAliasOfTheProvider() {
        ModelRoutes routes = routes(0);

        assertThat(routes.find("openrouter/meta/llama"))
                .contains(new Route(List.of(new Target("openrouter", "meta/llama")), null));
        assertThat(routes.find("claude/x")).contains(new Route(List.of(new Target("anthropic", "x")), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-5", "nobody/x", "openai/", "/x", ""})
    void otherName_isUnknown(String name) {
        assertThat(routes(0).find(name)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, groq", "2, groq", "3, xai"})
    void weightedAlias_choosesByShare(int number, String first) {
        Route route = routes(number, WEIGHTED).find("mixed").orElseThrow();

        assertThat(route.first().provider()).isEqualTo(first);
        assertThat(route.targets()).extracting(Target::provider).containsExactlyInAnyOrder("openai", "groq", "xai");
    }

    /** What its budgets hold is for one call of each target. */
    @Test
    void alias_ofOneTargetTwice_isRefused() {
        assertThatThrownBy(() -> ModelRoutes.compiler(RoutingViews.always(0))
                        .compile(RoutingViews.bundle(
                                "models.house={targets: [{model: openai/a}, {model: groq/b}, {model: openai/a}]}")))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("models.\"house\".targets[2].model: openai/a is a target already");
    }

    @Test
    void alias_toNowhere_isRefused() {
        assertThatThrownBy(() -> ModelRoutes.compiler(RoutingViews.always(0))
                        .compile(RoutingViews.bundle("models.house={targets: [{model: openai/a}, {model: nobody/b}]}")))
                .isInstanceOf(PolicyException.class)
                .hasMessage(
                        "models.\"house\".targets[1].model: nobody/b does not begin with a known provider and a slash");
        assertThatThrownBy(() -> ModelRoutes.compiler(RoutingViews.always(0))
                        .compile(RoutingViews.bundle(
                                "models.house={strategy: weighted, targets: [{model: openai/a, weight: 0}]}")))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("every weight is 0");
    }

    @Test
    void names_areThoseThatTheKeyMayUse() {
        ModelRoutes routes = routes(0, "models.house={targets: [{model: openai/a}]}");

        assertThat(routes.names(Scopes.ALL)).containsExactly("fast", "house", "smart");
        assertThat(routes.names(new Scopes(Set.of("fast"), Set.of()))).containsExactly("fast");
        assertThat(routes.names(new Scopes(Set.of("openai/*"), Set.of()))).containsExactly("house");
        assertThat(routes.names(new Scopes(Set.of(), Set.of("openai")))).containsExactly("house");
    }

    @Test
    void modelInTheBody_becomesTheTargets() {
        byte[] body = "{\"model\":\"fast\",\"n\":1}".getBytes(StandardCharsets.UTF_8);
        Facts facts = new Facts("fast", 9, 15, false, null, 1, true, List.of(), List.of(), List.of(), null, null);

        Splice splice =
                ModelName.splice(facts, new Target("openai", "gpt \"5\"")).orElseThrow();

        assertThat(Splice.apply(body, List.of(splice))).asString().isEqualTo("{\"model\":\"gpt \\\"5\\\"\",\"n\":1}");
        assertThat(ModelName.splice(facts, new Target("openai", "fast"))).isEmpty();
        assertThat(ModelName.splice(facts, new Target("openai", null))).isEmpty();
        assertThat(ModelName.splice(Facts.NOTHING, new Target("openai", "gpt-5")))
                .isEmpty();
    }

    private static ModelRoutes routes(int number, String... overrides) {
        return RoutingViews.compiled(ModelRoutes.compiler(RoutingViews.always(number)), RoutingViews.bundle(overrides));
    }
}
