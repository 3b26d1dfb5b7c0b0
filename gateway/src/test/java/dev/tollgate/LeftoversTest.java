package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node that is killed leaves on the disk besides its data. */
final class LeftoversTest {
    @TempDir
    private Path folder;

    @Test
    void killedAgainAndAgain_leavesNothingInTheTemporaryFolder() throws Exception {
        Path data = folder.resolve("data");
        List<Path> libraries;
        try (GatewayProcess gateway = GatewayProcess.start(data)) {
            assertThat(gateway.chat("sandbox/sandbox-small").statusCode()).isEqualTo(200);
            libraries = files(data.resolve("native"));

            gateway.kill().again(Path.of("../policies"), data, 0, 0).kill();
        }

        assertThat(files(GatewayProcess.temporary(data))).isEmpty();
        assertThat(libraries).singleElement().asString().contains("sqlite");
        assertThat(files(data.resolve("native"))).isEqualTo(libraries);
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> !file.equals(folder)).sorted().toList();
        }
    }
}
