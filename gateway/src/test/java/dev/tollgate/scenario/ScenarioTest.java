package dev.tollgate.scenario;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollgate.GatewayFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every scenario of every file, one test each; scenarios with the same policy share a gateway. */
class ScenarioTest {
    private static final Path FOLDER = Path.of("src/test/resources/scenarios");
    private static final Map<JsonNode, GatewayFixture> GATEWAYS = new HashMap<>();
    private static int number;

    @TestFactory
    Stream<DynamicTest> scenarios() throws IOException {
        WireTemplates wires = WireTemplates.read(FOLDER.resolve("wires.yaml"));
        List<Path> files;
        try (Stream<Path> all = Files.list(FOLDER)) {
            files = all.filter(file -> file.toString().endsWith(".yaml") && !file.endsWith("wires.yaml"))
                    .sorted()
                    .toList();
        }
        Stream.Builder<DynamicTest> tests = Stream.builder();
        for (Path file : files) {
            for (Scenario scenario : Scenario.read(file)) {
                tests.add(DynamicTest.dynamicTest(scenario.name(), file.toUri(), () -> run(wires, scenario)));
            }
        }
        return tests.build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lack: [x]                  | unknown key lack, allowed are",
                "lacks: x                   | lacks is a list",
                "provider: none             | provider is nothing, a call, or a list of calls",
                "provider: {lakcs: [x]}     | unknown key lakcs",
                "provider: [{has: x}]       | has is a list",
            })
    void expectation_thatWouldHoldOfEverything_isRefused(String then, String fault, @TempDir Path folder)
            throws IOException {
        Path file = Files.writeString(
                folder.resolve("odd.yaml"),
                "scenarios:\n  - {name: one, wires: [chat], when: {user: hello}, then: {" + then + "}}\n");

        assertThatThrownBy(() -> Scenario.read(file)).hasMessageContainingAll("odd.yaml: one: ", fault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"then: &same {status: 200}", "then: *same", "then: {has: [*same]}", "then: {<<: *same}"})
    void anchorOrAlias_isRefused_withItsLine(String then, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("odd.yaml"),
                "scenarios:\n  - name: one\n    wires: [chat]\n    when: {user: hello}\n    " + then + "\n");

        assertThatThrownBy(() -> Scenario.read(file)).hasMessageContaining("odd.yaml:5: anchors");
    }

    private static void run(WireTemplates wires, Scenario scenario) throws Exception {
        GatewayFixture fixture = GATEWAYS.get(scenario.policy());
        if (fixture == null) {
            // JSON is YAML.
            fixture = new GatewayFixture(
                    Template.merged(wires.providers(), scenario.policy()).toString());
            GATEWAYS.put(scenario.policy(), fixture);
        }
        number++;
        new ScenarioRun(fixture, wires, scenario, number).run();
    }

    @AfterAll
    static void close() throws IOException {
        for (GatewayFixture fixture : GATEWAYS.values()) {
            fixture.close();
        }
        GATEWAYS.clear();
    }
}
