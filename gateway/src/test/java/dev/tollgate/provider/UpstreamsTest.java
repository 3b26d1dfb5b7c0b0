package dev.tollgate.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamsTest {
    private static final Map<String, String> VARIABLES = Map.of("OPENAI_API_KEY", "here", "HALF_AWS", "x");
    private static final String POLICY = """
            providers:
              deepseek: {enabled: false}
              elsewhere: {base_url: "https://${NOT_SET}/v1", credential: x}
              secretless: {base_url: "https://a.example/v1"}
              unset: {base_url: "https://a.example/v1", credential: "${NO_SUCH_KEY}"}
              unread: {base_url: "https://a.example/v1", credential: "file:/nowhere/key"}
              signed: {base_url: "https://a.example", auth: sigv4, credential_env: [HALF_AWS, OTHER_HALF], bearer_env: TOKEN}
              mine: {base_url: "http://gpu:8000/v1", local: true}
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nobody     | there is no provider nobody",
                "deepseek   | the provider deepseek is switched off (providers.deepseek.enabled: false)",
                "elsewhere  | the provider elsewhere is not in use here: environment variable NOT_SET is not set (its base_url)",
                "secretless | the provider secretless has no credential here: set providers.secretless.credential",
                "unset      | the provider unset has no credential here: environment variable NO_SUCH_KEY is not set (providers.unset.credential)",
                "unread     | the provider unread has no credential here: file /nowhere/key cannot be read (NoSuchFileException) (providers.unread.credential)",
                "signed     | the provider signed has no credential here: set HALF_AWS and OTHER_HALF, or TOKEN",
                "anthropic  | the provider anthropic has no credential here: set ANTHROPIC_API_KEY",
                "gemini     | the provider gemini has no credential here: set GEMINI_API_KEY or GOOGLE_API_KEY",
            })
    void provider_thatTakesNoCalls_saysWhatIsMissing(String id, String missing) throws Exception {
        Upstreams upstreams = upstreams(POLICY);

        assertThat(upstreams.accepts(id, false)).isFalse();
        assertThat(upstreams.missing(id)).isEqualTo(missing);
    }

    @Test
    void provider_withItsCredential_orOfTheOperator_takesCalls() throws Exception {
        Upstreams upstreams = upstreams(POLICY);

        assertThat(upstreams.accepts("openai", false)).isTrue();
        assertThat(upstreams.accepts("mine", false)).isTrue();
        assertThat(upstreams.accepts("anthropic", true))
                .as("with the client's own credential")
                .isTrue();
        assertThat(upstreams.accepts("deepseek", true)).as("switched off").isFalse();
    }

    @Test
    void baseUrls_thatAreNone_areAllTold_withFileLineAndPath() {
        String policy = """
                providers:
                  one: {base_url: "ftp://a.example"}
                  two:
                    base_url: "https://user:word@a.example"
                  three: {base_url: "https://a b"}
                  four: {base_url: "https://a.example/v1?x=1"}
                  five: {base_url: "https://a.example/v1#x"}
                """;

        assertThat(refusals(policy))
                .containsExactly(
                        "policy.yaml:2: providers.one.base_url: is not http(s)://host[:port][/path] without user, query or fragment",
                        "policy.yaml:4: providers.two.base_url: is not http(s)://host[:port][/path] without user, query or fragment",
                        "policy.yaml:5: providers.three.base_url: is not a URL: Illegal character in authority",
                        "policy.yaml:6: providers.four.base_url: is not http(s)://host[:port][/path] without user, query or fragment",
                        "policy.yaml:7: providers.five.base_url: is not http(s)://host[:port][/path] without user, query or fragment");
    }

    private Upstreams upstreams(String policy) throws Exception {
        Files.writeString(folder.resolve("policy.yaml"), policy);
        return PolicySource.snapshot(
                        new PolicyLoader(folder, List.of(), VARIABLES::get),
                        List.of(Upstreams.compiler(VARIABLES::get, "http://127.0.0.1:1")),
                        InstantSource.system())
                .view(Upstreams.class);
    }

    private List<String> refusals(String policy) {
        try {
            Upstreams unused = upstreams(policy);
            return List.of();
        } catch (PolicyException refused) {
            return refused.errors().stream()
                    .map(error -> error.toString().replace(folder + "/", ""))
                    .toList();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
