package dev.tollgate.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyLoaderTest {
    private static final Map<String, String> VARIABLES =
            Map.of("PORT", "9001", "REDIS_URL", "redis://:hidden@cache", "EMPTY", "");

    @TempDir
    Path folder;

    @BeforeEach
    void nothingButComments() {
        write("empty.yaml", "# nothing\n");
    }

    @Test
    void defaultBundle_isSound() throws PolicyException {
        Bundle bundle = new PolicyLoader(null, List.of(), VARIABLES::get).load().bundle();

        assertThat(bundle.models()).containsKeys("fast", "smart");
        assertThat(bundle.scan().secrets()).isEqualTo(ScanPolicy.Action.BLOCK);
        assertThat(bundle.budget().budgets()).isNotEmpty();
    }

    @Test
    void sections_mayStandInAnyFile() throws PolicyException {
        write("a.yaml", "scan: {mode: off}\nmodels:\n  one: {targets: [{model: openai/a}]}\n");
        write("b.yml", "detect: {threshold: 0.5}\nmodels:\n  two: {targets: [{model: openai/b}]}\n");

        Bundle bundle = load().bundle();

        assertThat(bundle.scan().mode()).isEqualTo(Mode.OFF);
        assertThat(bundle.detect().threshold()).isEqualTo(0.5);
        assertThat(bundle.models()).containsOnlyKeys("one", "two");
    }

    @Test
    void section_inTwoFiles_isRefused() {
        write("a.yaml", "scan: {mode: observe}\n");
        write("b.yaml", "\nscan: {mode: off}\n");

        assertErrors("b.yaml:2: scan: stands here a second time, first at " + folder.resolve("a.yaml") + ":1");
    }

    @Test
    void alias_inTwoFiles_isRefused() {
        write("a.yaml", "models: {one: {targets: [{model: openai/a}]}}\n");
        write("b.yaml", "models:\n  one: {targets: [{model: openai/b}]}\n");

        assertErrors("b.yaml:2: models.one: stands here a second time, first at " + folder.resolve("a.yaml") + ":1");
    }

    @Test
    void key_twice_isRefused() {
        write("a.yaml", "scan:\n  mode: observe\n  mode: off\n");

        assertErrors("a.yaml:3: scan.mode: stands here a second time, first in line 2");
    }

    @Test
    void allFaults_areTold_withFileLineAndPath() {
        write("a.yaml", """
                server:
                  data_plane: {port: many}
                  consol: {port: 1}
                scan:
                  mode: loud
                  rules: [x]
                """);
        write("b.yaml", """
                budget:
                  request_cap: 5 euros
                  lease: 30 minutes
                  budgets:
                    - id: one
                approval:
                  holds:
                    -
                    - id: two
                      when: {}
                """);

        assertErrors(
                "a.yaml:2: server.data_plane.port: \"many\" is not a whole number",
                "a.yaml:3: server.consol: unknown key, did you mean console?"
                        + " allowed are data_plane, console, limits, data_folder",
                "a.yaml:5: scan.mode: \"loud\" is not one of enforce, observe, off",
                "a.yaml:6: scan.rules: expected keys and values",
                "b.yaml:2: budget.request_cap: \"5 euros\" is not an amount in dollars such as 5 or 0.25, with at most 9"
                        + " decimals",
                "b.yaml:3: budget.lease: \"30 minutes\" is not a duration such as 250ms, 15s, 5m, 24h or 30d",
                "b.yaml:5: budget.budgets[0].limit: is missing",
                "b.yaml:8: approval.holds[0]: nothing is said",
                "b.yaml:10: approval.holds[1].when: expected a text");
    }

    @Test
    void file_thatIsNoYaml_isRefused_withItsLine() {
        write("a.yaml", "scan:\n  mode: [observe\n");
        write("b.yaml", "- server\n");
        write("c.yaml", "scan: {}\n---\ndetect: {}\n");
        write("d.yaml", "scan: !!java.lang.Runtime {}\n");

        assertThat(errors())
                .hasSize(4)
                .satisfiesExactly(
                        error -> assertThat(error).startsWith("a.yaml:3: not YAML: while parsing"),
                        error -> assertThat(error).isEqualTo("b.yaml:1: expected sections such as server: or budget:"),
                        error -> assertThat(error).contains("c.yaml").contains("single document"),
                        error -> assertThat(error).startsWith("d.yaml:1: not YAML: Global tag is not allowed"));
    }

    @Test
    void anchors_thatMultiply_areRefused() {
        StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            text.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(10)));
        }
        write("a.yaml", text.toString());

        assertThat(errors()).singleElement().asString().contains("exceeds the specified max=50");
    }

    @Test
    void bytes_thatAreNotUtf8_areRefused() throws IOException {
        Files.write(folder.resolve("a.yaml"), new byte[] {'#', (byte) 0xC3, '\n'});

        assertErrors("a.yaml: is not UTF-8");
    }

    @Test
    void folder_withoutFiles_isRefused() throws IOException {
        Files.delete(folder.resolve("empty.yaml"));

        assertThatThrownBy(this::load).hasMessage(folder + ": the folder has no *.yaml files");
    }

    @Test
    void folder_thatIsMissing_isRefused() {
        PolicyLoader loader = new PolicyLoader(folder.resolve("none"), List.of(), VARIABLES::get);

        assertThatThrownBy(loader::load).isInstanceOf(PolicyException.class).hasMessageContaining("none");
    }

    @Test
    void catalogEntry_isOverridden_keyByKey() throws PolicyException {
        write("a.yaml", "providers:\n  openai: {base_url: 'http://localhost:1'}\n  house: {base_url: 'http://h/v1'}\n");

        Map<String, ProviderEntry> providers = load().bundle().providers();

        assertThat(providers).containsKeys("anthropic", "house");
        assertThat(providers.get("openai").baseUrl()).isEqualTo("http://localhost:1");
        assertThat(providers.get("openai").credentialEnv()).containsExactly("OPENAI_API_KEY");
    }

    @Test
    void references_areReplaced_butNotThoseOfProviders() throws PolicyException {
        write("a.yaml", """
                server: {data_plane: {port: "${PORT}"}, console: {port: "${EMPTY:-9002}"}}
                store: {redis: "${REDIS_URL}"}
                providers: {house: {base_url: "${HOUSE}/v1", credential: "${HOUSE_KEY}"}}
                """);

        Bundle bundle = load().bundle();

        assertThat(bundle.server().dataPlane().port()).isEqualTo(9001);
        assertThat(bundle.server().console().port()).isEqualTo(9002);
        assertThat(bundle.store().redis()).isEqualTo("redis://:hidden@cache");
        assertThat(bundle.providers().get("house").baseUrl()).isEqualTo("${HOUSE}/v1");
    }

    @Test
    void reference_toNothing_isRefused() {
        write("a.yaml", "store: {redis: '${NOWHERE}', mongo: 'file:/does/not/exist'}\n");

        assertErrors(
                "a.yaml:1: store.redis: environment variable NOWHERE is not set",
                "a.yaml:1: store.mongo: file /does/not/exist cannot be read (NoSuchFileException)");
    }

    @Test
    void credentialFile_isRead() throws PolicyException {
        write("secret", "redis://:hidden@cache\n");
        write("a.yaml", "store: {redis: 'file:" + folder.resolve("secret") + "'}\n");

        assertThat(load().bundle().store().redis()).isEqualTo("redis://:hidden@cache");
    }

    @Test
    void wrongValue_behindAReference_isNotShown() {
        write("a.yaml", "server: {data_plane: {port: '${REDIS_URL}'}}\n");

        assertErrors("a.yaml:1: server.data_plane.port: \"${REDIS_URL}\" is not a whole number");
    }

    @Test
    void overrides_winOverFiles() throws PolicyException {
        write("a.yaml", "scan: {mode: enforce}\nbudget: {budgets: [{id: day, limit: 5}, {id: month, limit: 50}]}\n");

        Bundle bundle = load(
                        "scan.mode=observe",
                        "server.data_plane.port=0",
                        "providers.openai.base_url=http://127.0.0.1:4400",
                        "budget.budgets.month.limit=7",
                        "budget.budgets[0].limit=6",
                        "models.\"gpt-4.1\"={targets: [{model: openai/gpt-4.1}]}",
                        "server.limits=")
                .bundle();

        assertThat(bundle.scan().mode()).isEqualTo(Mode.OBSERVE);
        assertThat(bundle.server().dataPlane().port()).isZero();
        assertThat(bundle.providers().get("openai").baseUrl()).isEqualTo("http://127.0.0.1:4400");
        assertThat(bundle.budget().budgets().toString()).contains("limit=6", "limit=7");
        assertThat(bundle.models()).containsKey("gpt-4.1");
    }

    @Test
    void overrides_thatDoNotFit_areRefused() {
        write("a.yaml", "scan: {mode: enforce}\nbudget: {budgets: [{id: day, limit: 5}]}\n");

        assertThat(errors(
                        "scan.mod=off", "detect.threshold=2", "audit", "budget.budgets.week.limit=1", "scan.mode.x=1"))
                .containsExactlyInAnyOrder(
                        "--set scan.mod: scan.mod: unknown key, did you mean mode?"
                                + " allowed are mode, secrets, personal, rules, unreadable, replies",
                        "--set detect.threshold: detect.threshold: \"2\" is out of range, allowed are above 0 to 1",
                        "--set audit: not of the form path=value, such as server.data_plane.port=9000",
                        "--set budget.budgets.week.limit: the list has no element week; it has 1, named by index from 0 or by id",
                        "--set scan.mode.x: there is a single value above x, at a.yaml:1");
    }

    @Test
    void version_followsContentAndOverrides_notTheFolder() throws PolicyException {
        String before = load().version();

        String overridden = load("scan.mode=off").version();
        write("a.yaml", "scan: {mode: off}\n");
        String changed = load().version();
        write("a.yaml", "scan: {mode: off}\r\n");

        assertThat(before).hasSize(16).matches("[0-9a-f]+");
        assertThat(List.of(before, overridden, changed)).doesNotHaveDuplicates();
        assertThat(load().version()).isEqualTo(changed);
    }

    @Test
    void durations_haveUnits() throws PolicyException {
        write(
                "a.yaml",
                "server: {limits: {head_time: 250ms, body_idle: 15s, keep_alive: 5m, connect: 24h, first_byte: 30d}}\n");

        LimitsPolicy limits = load().bundle().server().limits();

        assertThat(List.of(
                        limits.headTime(), limits.bodyIdle(), limits.keepAlive(), limits.connect(), limits.firstByte()))
                .containsExactly(
                        Duration.ofMillis(250),
                        Duration.ofSeconds(15),
                        Duration.ofMinutes(5),
                        Duration.ofHours(24),
                        Duration.ofDays(30));
    }

    private LoadedBundle load(String... overrides) throws PolicyException {
        return new PolicyLoader(folder, List.of(overrides), VARIABLES::get).load();
    }

    private List<String> errors(String... overrides) {
        try {
            var unused = load(overrides);
            return List.of();
        } catch (PolicyException refused) {
            return refused.errors().stream()
                    .map(error -> error.toString().replace(folder + "/", ""))
                    .toList();
        }
    }

    private void assertErrors(String... expected) {
        assertThat(errors())
                .containsExactly(List.of(expected).stream()
                        .map(line -> line.replace(folder + "/", ""))
                        .toArray(String[]::new));
    }

    private void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
