package dev.tollgate.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.Endpoint;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.ProviderEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamPathTest {
    private static final String NO_VERSION = "http://127.0.0.1:4400";

    private final Bundle bundle = RoutingViews.bundle();
    private final PathTable table = RoutingViews.compiled(RoutingViews.paths(), bundle);

    @ParameterizedTest
    @CsvSource({
        "/openai/chat/completions,                       /v1/chat/completions",
        "/v1/openai/v1/chat/completions,                 /v1/chat/completions",
        "/openai/v1/v1/chat/completions,                 /v1/chat/completions",
        "/openai/v1//models,                             /v1//models",
        "/openai/v1/models/a%2Fb?x=1,                    /v1/models/a%2Fb?x=1",
        "/anthropic/messages,                            /v1/messages",
        "/anthropic/v1/messages?beta=true,               /v1/messages?beta=true",
        "/gemini/v1beta/models/x:generateContent,        /v1beta/models/x:generateContent",
        "/gemini/v1/models/x:generateContent,            /v1/models/x:generateContent",
        "/gemini/models/x:streamGenerateContent?alt=sse, /v1beta/models/x:streamGenerateContent?alt=sse",
        "/gemini/v1beta/openai/chat/completions,         /v1beta/openai/chat/completions",
        "/gemini/openai/chat/completions,                /v1beta/openai/chat/completions",
        "/gemini/chat/completions,                       /v1beta/openai/chat/completions",
        "/gemini/upload/v1beta/files,                    /upload/v1beta/files",
        "/groq/chat/completions,                         /openai/v1/chat/completions",
        "/groq/v1/chat/completions,                      /openai/v1/chat/completions",
        "/groq/openai/v1/chat/completions,               /openai/v1/chat/completions",
        "/deepinfra/chat/completions,                    /v1/openai/chat/completions",
        "/deepinfra/v1/chat/completions,                 /v1/openai/chat/completions",
        "/deepinfra/openai/chat/completions,             /v1/openai/chat/completions",
        "/deepinfra/v1/inference/x,                      /v1/inference/x",
        "/deepseek/chat/completions,                     /chat/completions",
        "/deepseek/v1/chat/completions,                  /v1/chat/completions",
        "/deepseek/anthropic/v1/messages,                /anthropic/v1/messages",
        "/cohere/v1/chat/completions,                    /compatibility/v1/chat/completions",
        "/cohere/v2/chat,                                /v2/chat",
        "/cohere/chat,                                   /v2/chat",
        "/cohere/v1/rerank,                              /v1/rerank",
        "/zai/v1/chat/completions,                       /api/paas/v4/chat/completions",
        "/zai/api/paas/v4/chat/completions,              /api/paas/v4/chat/completions",
        "/openrouter/api/v1/chat/completions,            /api/v1/chat/completions",
        "/huggingface/together/v1/chat/completions,      /together/v1/chat/completions",
        "/github/v1/chat/completions,                    /inference/chat/completions",
        "/perplexity/chat/completions,                   /chat/completions",
        "/vertex/v1beta1/projects/p/locations/l,         /v1beta1/projects/p/locations/l",
        "/bedrock/model/us.amazon.nova-lite-v1%3A0/converse, /model/us.amazon.nova-lite-v1%3A0/converse",
    })
    void path_isWhatTheProviderDocuments(String target, String expected) {
        assertThat(upstream(target, null)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions,   openai,     gpt-5,             /v1/chat/completions",
        "/v1/chat/completions,   groq,       llama,             /openai/v1/chat/completions",
        "/v1/chat/completions,   gemini,     gemini-2.5-flash,  /v1beta/openai/chat/completions",
        "/v1/chat/completions,   perplexity, sonar,             /chat/completions",
        "/v1/messages,           anthropic,  claude,            /v1/messages",
        "/messages/count_tokens, anthropic,  claude,            /v1/messages/count_tokens",
    })
    void unifiedPath_goesWhereTheTargetHasIt(String target, String provider, String model, String expected) {
        Endpoint endpoint = endpoint("POST", target);

        ProviderEntry entry = bundle.providers().get(provider);
        String path = UpstreamPath.of(entry, entry.baseUrl(), endpoint, new Target(provider, model));

        assertThat(path).isEqualTo(expected);
    }

    @Test
    void model_inAUnifiedPath_isTheTargets() {
        Endpoint endpoint = new Endpoint(null, "gemini_generate", "models/fast:streamGenerateContent", "alt=sse");

        ProviderEntry entry = bundle.providers().get("gemini");
        String path = UpstreamPath.of(entry, entry.baseUrl(), endpoint, new Target("gemini", "gemini 2.5/x"));

        assertThat(path).isEqualTo("/v1beta/models/gemini%202.5%2Fx:streamGenerateContent?alt=sse");
    }

    @Test
    void wireWithAPathOfItsOwn_isAskedThere() {
        Endpoint messages = new Endpoint(null, "anthropic_messages", "messages", null);

        ProviderEntry entry = bundle.providers().get("deepseek");
        String path = UpstreamPath.of(entry, entry.baseUrl(), messages, new Target("deepseek", "deepseek-chat"));

        assertThat(path).isEqualTo("/anthropic/v1/messages");
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.anthropic.com,     /v1/messages",
        "https://api.anthropic.com/,    /v1/messages",
        "https://api.anthropic.com/v1,  /v1/messages",
        "https://api.anthropic.com/v1/, /v1/messages",
        "https://proxy/llm/anthropic,   /llm/anthropic/v1/messages",
    })
    void version_isPutInOnce_howeverTheBaseUrlEnds(String baseUrl, String expected) {
        assertThat(upstream("/anthropic/messages", baseUrl)).isEqualTo(expected);
        assertThat(upstream("/anthropic/v1/messages", baseUrl)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/chat/completions",
                "/chat/completions",
                "/_stainless_unknown_path?limit=0&page=page",
                "/v1/models/a%2Fb",
                "/v1/models/%E4%B8%96%E7%95%8C",
                "/v1/models/x:free",
                "/v1/models/it's(ok)!*",
                "/v1//models",
                "/v1/models/",
                "/v1/files?",
                "/v1/files?a=1&a=2&a[]=3&a%5B%5D=4",
                "/openai/deployments/gpt-4o/chat/completions?api-version=2024-12-01-preview",
                "/model/us.anthropic.claude-3-7-sonnet-20250219-v1%3A0/converse",
                "/v1beta1/projects/<P>/locations/<L>/publishers/google/models/g:generateContent",
                "/api/paas/v4/chat/completions",
                "/together/v1/chat/completions",
            })
    void path_isKeptExactly_whereTheBaseUrlHasNone(String path) {
        assertThat(upstream("/v1/openai" + path, NO_VERSION)).isEqualTo(path);
        assertThat(upstream("/openai" + path, NO_VERSION)).isEqualTo(path);
    }

    private String upstream(String target, String baseUrl) {
        Endpoint endpoint = endpoint("POST", target);
        ProviderEntry entry = bundle.providers().get(endpoint.provider());
        return UpstreamPath.of(
                entry, baseUrl == null ? entry.baseUrl() : baseUrl, endpoint, new Target(endpoint.provider(), null));
    }

    private Endpoint endpoint(String method, String target) {
        return ((PathTable.Match.Known) table.find(method, target)).endpoint();
    }
}
