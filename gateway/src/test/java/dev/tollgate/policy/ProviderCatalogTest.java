package dev.tollgate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProviderCatalogTest {
    private final Map<String, ProviderEntry> providers = read();

    @Test
    void catalog_namesEveryPromisedProvider() {
        assertThat(providers.keySet())
                .hasSizeGreaterThanOrEqualTo(43)
                .contains("openai", "anthropic", "gemini", "vertex", "azure", "bedrock", "mistral", "cohere", "groq")
                .contains(
                        "together", "fireworks", "deepseek", "xai", "perplexity", "openrouter", "cerebras", "sambanova")
                .contains(
                        "nvidia", "huggingface", "ai21", "moonshot", "zai", "dashscope", "minimax", "nebius", "novita")
                .contains(
                        "deepinfra", "hyperbolic", "lambda", "baseten", "databricks", "watsonx", "cloudflare", "github")
                .contains("replicate", "voyage", "jina", "ollama", "vllm", "lmstudio", "llamacpp", "sglang", "custom")
                .contains("sandbox");
    }

    @Test
    void names_areUnique_overIdsAndAliases() {
        Set<String> seen = new HashSet<>(providers.keySet());
        providers
                .values()
                .forEach(entry -> entry.aliases()
                        .forEach(alias -> assertThat(seen.add(alias)).as(alias).isTrue()));
    }

    @Test
    void entries_haveUsableUrls_andCredentialsUnlessLocal() {
        providers.forEach((id, entry) -> {
            String url = entry.baseUrl()
                    .replaceAll("\\$\\{[A-Z0-9_]+:-([^}]*)}", "$1")
                    .replaceAll("\\$\\{[A-Z0-9_]+}", "x");
            assertThat(URI.create(url).toString()).as(id).doesNotEndWith("/");
            assertThat(entry.versionPrefix()).as(id).matches("(/[a-z0-9]+)*");
            assertThat(entry.roots()).as(id).allMatch(root -> root.matches("/[A-Za-z0-9/_.-]+"));
            assertThat(entry.local() || !entry.credentialEnv().isEmpty()).as(id).isTrue();
        });
    }

    @Test
    void speaks_matchesTheFamilyOfAWire() {
        ProviderEntry anthropic = Objects.requireNonNull(providers.get("anthropic"));

        assertThat(List.of("anthropic_messages", "openai_chat", "anthropicx"))
                .map(anthropic::speaks)
                .containsExactly(true, true, false);
    }

    private static Map<String, ProviderEntry> read() {
        YAMLMapper mapper = YAMLMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        try (InputStream in = ProviderCatalogTest.class.getResourceAsStream("/policies/catalog/providers.yaml")) {
            Map<String, Map<String, ProviderEntry>> file = mapper.readValue(in, new TypeReference<>() {});
            return Objects.requireNonNull(file.get("providers"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
