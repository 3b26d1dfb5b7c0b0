package dev.tollgate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The published schema, as an editor applies it, and the loader say the same of a file. */
class SchemaAgreementTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Schema SCHEMA = schema();

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("publishedFiles")
    void publishedBundle_isSound(Path file) throws IOException {
        assertThat(faults(Files.readString(file))).isEmpty();
    }

    static Stream<Path> publishedFiles() throws IOException {
        List<Path> files = new ArrayList<>(BundleFiles.list(Path.of("../policies")));
        files.add(Path.of("../policies/catalog/providers.yaml"));
        try (Stream<Path> bundles = Files.list(Path.of("../.ci/policies"))) {
            bundles.forEach(bundle -> files.add(bundle.resolve("policy.yaml")));
        }
        files.add(Path.of("../load-tests/bench/policies/policy.yaml"));
        return files.stream();
    }

    @Test
    void publishedFiles_nameTheirSchema() throws IOException {
        for (Path file : BundleFiles.list(Path.of("../policies"))) {
            assertThat(Files.readString(file)).startsWith("# yaml-language-server: $schema=schema.json\n");
        }
        assertThat(Files.readString(Path.of("../policies/catalog/providers.yaml")))
                .startsWith("# yaml-language-server: $schema=../schema.json\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "scan:",
                "server: {data_plane: {port: 9000}, console: {port: '9001', host: }}",
                "server: {data_plane: {port: '${PORT}'}, limits: {body: 1GiB, head: 65536, first_byte: 90s}}",
                "server: {limits: {body: '${SIZE:-8MiB}', header_count: 1_000}}",
                "store: {redis: '${REDIS}', timeout: 250ms, when_away: open}",
                "identity: {key_cache: 1s, pass_through: false}",
                "routing: {attempts: 10, fallback: 'true', retry_delay: 0ms}",
                "budget: {request_cap: 0.25, budgets: [{id: day, limit: $5}, {id: 7, limit: '0.000000001', only: [1]}]}",
                "budget: {request_cap: , mode: off}",
                "scan: {mode: '${MODE:-observe}', rules: {email_address: mark, iban: off}}",
                "detect: {threshold: 1, disabled: [a, b]}",
                "detect: {threshold: '0.5'}",
                "approval: {holds: [{id: dear, when: cost_usd > 5.0, deadline: 2h}], quiet: 0ms}",
                "models: {fast: {targets: [{model: openai/gpt-5-mini, weight: 0}]}}",
                "models: {gpt-4.1: {strategy: weighted, targets: [{model: openai/gpt-4.1}]}}",
                "providers: {openai: {credential: 'file:/run/secrets/openai'}, deepseek: }",
                "providers: {house: {base_url: 'http://gpu-1:8000/v1', local: true, headers: {x-team: 7}, wires: [openai]}}",
            })
    void goodDocument_isAccepted_byBoth(String yaml) throws IOException {
        assertThat(refusals(yaml)).isEmpty();
        assertThat(faults(yaml)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sacn: {}",
                "scan: {mod: off}",
                "scan: []",
                "- scan",
                "scan: {mode: loud}",
                "scan: {mode: [off]}",
                "scan: {rules: [email_address]}",
                "scan: {rules: {email_address: hide}}",
                "scan: {rules: {email_address: }}",
                "server: {data_plane: {port: many}}",
                "server: {data_plane: {port: 65536}}",
                "server: {data_plane: {port: -1}}",
                "server: {data_plane: {port: 80.5}}",
                "server: {data_plane: {http2_clear_text: yes}}",
                "server: {limits: {body: 2147483648}}",
                "server: {limits: {body: 32MB}}",
                "server: {limits: {first_byte: 90}}",
                "server: {limits: {first_byte: 90 seconds}}",
                "routing: {attempts: 0}",
                "routing: {attempts: 11}",
                "routing: {fallback: 1}",
                "budget: {request_cap: 5 euros}",
                "budget: {request_cap: -1}",
                "budget: {request_cap: true}",
                "budget: {budgets: [{id: day}]}",
                "budget: {budgets: [{limit: 5}]}",
                "budget: {budgets: [{id: day, limit: }]}",
                "budget: {budgets: [{id: day, limit: 5, period: fortnight}]}",
                "budget: {budgets: [null]}",
                "budget: {budgets: {day: 5}}",
                "detect: {threshold: 0}",
                "detect: {threshold: 1.01}",
                "detect: {threshold: high}",
                "detect: {disabled: one}",
                "approval: {holds: [{id: dear}]}",
                "approval: {max_held: 0}",
                "models: {fast: {}}",
                "models: {fast: }",
                "models: {fast: {targets: []}}",
                "models: {fast: {targets: [openai/gpt-5-mini]}}",
                "models: {fast: {targets: [{model: openai/gpt-5-mini, weigth: 1}]}}",
                "providers: {openai: {base_ulr: x}}",
                "providers: {openai: {wires: openai}}",
                "providers: {openai: {auth: basic}}",
                "providers: {openai: [x]}",
            })
    void badDocument_isRefused_byBoth(String yaml) throws IOException {
        assertThat(refusals(yaml)).isNotEmpty();
        assertThat(faults(yaml)).isNotEmpty();
    }

    private List<String> refusals(String yaml) throws IOException {
        Files.writeString(folder.resolve("policy.yaml"), yaml);
        Map<String, String> variables = Map.of("PORT", "9000", "REDIS", "redis://127.0.0.1");
        try {
            var unused = new PolicyLoader(folder, List.of(), variables::get).load();
            return List.of();
        } catch (PolicyException refused) {
            return refused.errors().stream().map(PolicyError::toString).toList();
        }
    }

    private static List<String> faults(String yaml) {
        return SCHEMA.validate(json(yaml)).stream()
                .map(fault -> fault.getInstanceLocation() + ": " + fault.getMessage())
                .toList();
    }

    private static Schema schema() {
        try {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(Files.readString(Path.of("../policies/schema.json")), InputFormat.JSON);
        } catch (IOException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static JsonNode json(String yaml) {
        List<PolicyError> errors = new ArrayList<>();
        YamlNode document = YamlReader.readFile("test", yaml, errors);
        assertThat(errors).isEmpty();
        // An editor does not complain of a file of comments.
        return document == null ? JSON.createObjectNode() : json(document);
    }

    private static JsonNode json(YamlNode node) {
        return switch (node) {
            case YamlNode.Mapping mapping -> {
                ObjectNode object = JSON.createObjectNode();
                mapping.members().forEach((key, member) -> object.set(key, json(member.value())));
                yield object;
            }
            case YamlNode.Sequence sequence -> {
                ArrayNode array = JSON.createArrayNode();
                sequence.items().forEach(item -> array.add(json(item)));
                yield array;
            }
            case YamlNode.Scalar scalar -> scalar(scalar);
        };
    }

    /** What YAML 1.2 makes of a value (core schema, YAML 1.2.2 §10.3.2), as the YAML language server does. */
    private static JsonNode scalar(YamlNode.Scalar scalar) {
        String text = scalar.text();
        if (scalar.isNull()) {
            return NullNode.instance;
        }
        if (!scalar.isPlain()) {
            return TextNode.valueOf(text);
        }
        if (text.matches("true|false")) {
            return BooleanNode.valueOf(Boolean.parseBoolean(text));
        }
        if (text.matches("[-+]?[0-9]+")) {
            return LongNode.valueOf(Long.parseLong(text));
        }
        return text.matches("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?")
                ? DecimalNode.valueOf(new BigDecimal(text))
                : TextNode.valueOf(text);
    }
}
