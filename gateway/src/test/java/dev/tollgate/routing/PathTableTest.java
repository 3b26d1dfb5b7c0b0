package dev.tollgate.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.exchange.Endpoint;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.routing.PathTable.Match;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTableTest {
    private final PathTable table = RoutingViews.compiled(RoutingViews.paths(), RoutingViews.bundle());

    @ParameterizedTest
    @CsvSource({
        "/v1/openai/chat/completions,                                 openai,    chat/completions",
        "/openai/v1/chat/completions,                                 openai,    v1/chat/completions",
        "/v1/openai/v1/chat/completions,                              openai,    v1/chat/completions",
        "/v1/v1/openai/chat/completions,                              openai,    chat/completions",
        "/openai/chat/completions,                                    openai,    chat/completions",
        "/openai//chat/completions,                                   openai,    chat/completions",
        "//openai/chat/completions,                                   openai,    chat/completions",
        "/openai/v1//models,                                          openai,    v1//models",
        "/openai/v1/models/,                                          openai,    v1/models/",
        "/openai/v1/models/a%2Fb,                                     openai,    v1/models/a%2Fb",
        "/openai/v1/models/%E4%B8%96,                                 openai,    v1/models/%E4%B8%96",
        "/anthropic/messages,                                         anthropic, messages",
        "/v1/anthropic/v1/messages/count_tokens,                      anthropic, v1/messages/count_tokens",
        "/claude/v1/messages,                                         anthropic, v1/messages",
        "/gemini/v1beta/models/gemini-2.5-flash:generateContent,      gemini,    v1beta/models/gemini-2.5-flash:generateContent",
        "/v1/gemini/v1/models/gemini-2.5-flash:generateContent,       gemini,    v1/models/gemini-2.5-flash:generateContent",
        "/v1beta/gemini/models/gemini-2.5-flash:generateContent,      gemini,    models/gemini-2.5-flash:generateContent",
        "/groq/openai/v1/chat/completions,                            groq,      openai/v1/chat/completions",
        "/bedrock/model/us.amazon.nova-lite-v1%3A0/converse,          bedrock,   model/us.amazon.nova-lite-v1%3A0/converse",
        "/vertex/v1/projects/<P>/locations/x,                         vertex,    v1/projects/<P>/locations/x",
    })
    void providerPath_isKnown_andKeptAsWritten(String path, String provider, String below) {
        assertThat(endpoint("GET", path)).satisfies(endpoint -> {
            assertThat(endpoint.provider()).isEqualTo(provider);
            assertThat(endpoint.path()).isEqualTo(below);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions,         chat/completions",
        "/chat/completions,            chat/completions",
        "/v1/v1/chat/completions,      chat/completions",
        "/v1/chat/completions/,        chat/completions",
        "/v1/completions,              completions",
        "/v1/responses,                responses",
        "/responses,                   responses",
        "/v1/messages,                 messages",
        "/messages/count_tokens,       messages/count_tokens",
        "/v1beta/models/gemini-2.5-flash:generateContent, models/gemini-2.5-flash:generateContent",
        "/v1/embeddings,               embeddings",
    })
    void unifiedPath_isKnown_withoutProviderOrVersion(String path, String below) {
        assertThat(endpoint("POST", path)).satisfies(endpoint -> {
            assertThat(endpoint.provider()).isNull();
            assertThat(endpoint.path()).isEqualTo(below);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/models", "/v1/models/"})
    void modelList_isOurs(String path) {
        assertThat(table.find("GET", path)).isInstanceOf(Match.Models.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1",
                "/v1/",
                "/openai",
                "/v1/openai/",
                "/favicon.ico",
                "/v1/files",
                "/v1/models/gpt-5",
                "/v1/responses/resp_1",
                "/v2/chat/completions/x",
                "/OPENAI/v1/models",
                "/%6Fpenai/v1/models",
                "/openai%2Fv1/models",
                "/v1/chat%2Fcompletions",
                "/.env",
                "/nobody/v1/chat/completions"
            })
    void otherPath_isUnknown(String path) {
        assertThat(table.find("POST", path)).isInstanceOf(Match.Unknown.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "openai/v1/models",
                "http://elsewhere/openai",
                "*",
                "",
                "/openai/../admin",
                "/openai/./v1/models",
                "/openai/%2e%2e/admin",
                "/openai/a%2F..%2Fb",
                "/openai/..;x=1/admin",
                "/openai/v1/models/%2E",
                "/openai/a\\b",
                "/openai/a%5cb",
                "/openai/a b",
                "/openai/\u00e4",
                "/openai/a\tb",
                "/openai/a%00b",
                "/openai/a%0d%0ab",
                "/openai/a%7fb",
                "/openai/a%ffb",
                "/openai/a%c3",
                "/openai/a%",
                "/openai/a%4",
                "/openai/a%zz",
                "/openai/a#b",
                "/openai/a\"b",
                "/openai/a?x=a b",
                "/openai/a?x=\u00e4",
                "/openai/a?x#y"
            })
    void oddPath_isMalformed(String target) {
        assertThat(table.find("POST", target)).isInstanceOf(Match.Malformed.class);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /openai/v1/chat/completions,                openai_chat",
        "POST, /openai/v1/chat%2Fcompletions,              openai_chat",
        "POST, /openai/v1//chat/%63ompletions/,            openai_chat",
        "POST, /groq/openai/v1/chat/completions,           openai_chat",
        "POST, /azure/openai/deployments/x/chat/completions, openai_chat",
        "POST, /azure/openai/v1/Chat/Completions,          openai_chat",
        "POST, /gemini/v1beta/models/x:streamGenerateContent, gemini_generate",
        "POST, /v1/anthropic/v1/messages/count_tokens,     anthropic_messages",
        "GET,  /openai/v1/chat/completions,                opaque",
        "POST, /openai/v1/files,                           opaque",
    })
    void wire_isThatOfThePath_howeverItIsSpelled(String method, String path, String wire) {
        assertThat(endpoint(method, path).wire()).isEqualTo(wire);
    }

    @Test
    void wrongMethod_isNamed() {
        assertThat(table.find("GET", "/v1/chat/completions"))
                .isEqualTo(new Match.WrongMethod("/v1/chat/completions takes POST, not GET"));
        assertThat(table.find("POST", "/v1/models")).isInstanceOf(Match.WrongMethod.class);
    }

    @Test
    void query_isKeptAsItCame_butForGatewayKeys() {
        assertThat(endpoint("GET", "/openai/v1/files?a=1&a=2&x=%2B%20+").query())
                .isEqualTo("a=1&a=2&x=%2B%20+");
        assertThat(endpoint("GET", "/openai/v1/files?").query()).isEmpty();
        assertThat(endpoint("GET", "/openai/v1/files?u=https://e.com/?a=1").query())
                .isEqualTo("u=https://e.com/?a=1");
        assertThat(endpoint("GET", "/openai/v1/files").query()).isNull();
        assertThat(endpoint("GET", "/openai/v1/files?key=tg_x").query()).isNull();
        assertThat(endpoint("GET", "/openai/v1/files?a=%20&key=%74g_x&b").query())
                .isEqualTo("a=%20&b");
        assertThat(endpoint("GET", "/openai/v1/files?key=AIza").query()).isEqualTo("key=AIza");
    }

    @Test
    void providerNames_mustNotCollide() {
        assertThatThrownBy(() -> RoutingViews.paths()
                        .compile(RoutingViews.bundle("providers.house={base_url: 'http://h', aliases: [openai]}")))
                .isInstanceOf(PolicyException.class)
                .hasMessage("providers.\"house\".aliases: the name openai already stands for provider openai");
        assertThatThrownBy(() ->
                        RoutingViews.paths().compile(RoutingViews.bundle("providers.chat={base_url: 'http://h'}")))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("\"chat\" cannot name a provider in paths");
    }

    private Endpoint endpoint(String method, String target) {
        return ((Match.Known) table.find(method, target)).endpoint();
    }
}
