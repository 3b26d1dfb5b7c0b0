package dev.tollgate.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicySourceTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    /** What a domain might make of a bundle. */
    private record Threshold(double value) {}

    @TempDir
    Path folder;

    private final List<String> told = new ArrayList<>();

    @Test
    void start_withABrokenBundle_fails() {
        write("scan: {mode: loud}\n");

        assertThatThrownBy(this::source)
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("policy.yaml:1: scan.mode");
    }

    @Test
    void view_isWhatItsCompilerMade() throws PolicyException {
        write("detect: {threshold: 0.5}\n");

        PolicySnapshot snapshot = source().current();

        assertThat(snapshot.view(Threshold.class)).isEqualTo(new Threshold(0.5));
        assertThat(snapshot.loadedAt()).isEqualTo(NOW);
        assertThatThrownBy(() -> snapshot.view(String.class)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void reload_swapsTheSnapshot_andTellsListeners() throws PolicyException {
        write("detect: {threshold: 0.5}\n");
        PolicySource source = source();
        PolicySnapshot pinned = source.current();

        write("detect: {threshold: 0.6}\n");
        boolean loaded = source.reload();

        assertThat(loaded).isTrue();
        assertThat(source.current().view(Threshold.class)).isEqualTo(new Threshold(0.6));
        assertThat(pinned.view(Threshold.class)).isEqualTo(new Threshold(0.5));
        assertThat(source.current().version()).isNotEqualTo(pinned.version());
        assertThat(told).containsExactly("loaded " + source.current().version());
    }

    @Test
    void reload_ofABrokenBundle_leavesTheOldInForce() throws PolicyException {
        write("detect: {threshold: 0.5}\n");
        PolicySource source = source();
        PolicySnapshot before = source.current();

        write("detect: {threshold: high}\n");
        boolean loaded = source.reload();

        assertThat(loaded).isFalse();
        assertThat(source.current()).isSameAs(before);
        assertThat(source.lastFailure()).hasValueSatisfying(failure -> {
            assertThat(failure.at()).isEqualTo(NOW);
            assertThat(failure.cause())
                    .hasMessageContaining("policy.yaml:1: detect.threshold: \"high\" is not a number");
        });
        assertThat(told).hasSize(1).first().asString().startsWith("refused");
    }

    @Test
    void refusalOfAView_namesFileAndLine_andLeavesTheOldInForce() throws PolicyException {
        write("detect: {threshold: 0.5}\n");
        PolicySource source = source();

        write("# changed\ndetect:\n  threshold: 0.05\n");
        source.reload();

        assertThat(source.current().view(Threshold.class)).isEqualTo(new Threshold(0.5));
        assertThat(source.lastFailure().orElseThrow().cause().errors())
                .containsExactly(new PolicyError(
                        folder.resolve("policy.yaml").toString(), 3, "detect.threshold", "0.05 is below all scores"));
    }

    @Test
    void failure_isForgotten_onceABundleIsSound() throws PolicyException {
        write("detect: {threshold: 0.5}\n");
        PolicySource source = source();

        write("detect: {threshold: high}\n");
        source.reload();
        write("detect: {threshold: 0.7}\n");
        source.reload();

        assertThat(source.lastFailure()).isEmpty();
        assertThat(source.current().view(Threshold.class)).isEqualTo(new Threshold(0.7));
    }

    private PolicySource source() throws PolicyException {
        PolicySource source = PolicySource.start(
                new PolicyLoader(folder, List.of(), name -> null), List.of(new ThresholdCompiler()), () -> NOW);
        source.listen(new PolicyListener() {
            @Override
            public void onLoad(PolicySnapshot snapshot) {
                told.add("loaded " + snapshot.version());
            }

            @Override
            public void onFailure(Failure failure) {
                told.add("refused " + failure.cause().getMessage());
            }
        });
        return source;
    }

    private void write(String text) {
        try {
            Files.writeString(folder.resolve("policy.yaml"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class ThresholdCompiler implements ViewCompiler<Threshold> {
        @Override
        public Class<Threshold> type() {
            return Threshold.class;
        }

        @Override
        public Threshold compile(Bundle bundle) throws PolicyException {
            double threshold = bundle.detect().threshold();
            if (threshold < 0.1) {
                throw PolicyException.at("detect.threshold", threshold + " is below all scores");
            }
            return new Threshold(threshold);
        }
    }
}
