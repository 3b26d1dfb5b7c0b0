package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.cli.TollgateCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code check}, with all that a node makes of a bundle. */
class CheckTest {
    private static final Instant SOON = Instant.parse("2026-09-01T00:00:00Z");

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void defaultBundle_isSound() {
        int code = check(SOON);

        assertThat(code).isZero();
        assertThat(out.toString())
                .startsWith("the default bundle is sound: version ")
                .contains("sandbox");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void shippedFolder_isSound() {
        int code = check(SOON, "--policies", "../policies");

        assertThat(err.toString()).isEmpty();
        assertThat(code).isZero();
    }

    @Test
    void faultsOfFilesAndViews_areTold_andTheCodeIsOne() {
        write("""
                budget: {request_cap: 10}
                approval:
                  holds:
                    - id: broken
                      when: cost_usd >
                models:
                  house: {targets: [{model: nobody/x}]}
                """);

        int code = check(SOON, "--policies", folder.toString());

        assertThat(code).isEqualTo(1);
        assertThat(err.toString())
                .contains("policy.yaml:5: approval.holds[0].when: ")
                .contains("policy.yaml:7: models.house.targets[0].model: nobody/x does not begin with a known provider")
                .contains("is not sound: 2 faults");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void valuesPutBackIntoLinks_areWarnedOf_unlessLinksAreLookedAt() {
        write("scan: {personal: restore}\n");
        assertThat(check(Instant.parse("2026-09-01T00:00:00Z"), "--policies", folder.toString()))
                .isZero();
        assertThat(err.toString()).contains("warning: scan puts values back", "scan.replies.links");

        err.getBuffer().setLength(0);
        write("scan: {personal: restore, replies: {links: block}}\n");
        assertThat(check(Instant.parse("2026-09-01T00:00:00Z"), "--policies", folder.toString()))
                .isZero();
        assertThat(err.toString()).doesNotContain("scan.replies.links");
    }

    @Test
    void oddThings_areWarnedOf_andTheCodeIsZero() {
        write("""
                server: {data_plane: {host: 0.0.0.0}}
                models:
                  house: {targets: [{model: custom/x}]}
                """);

        int code = check(Instant.parse("2027-04-01T00:00:00Z"), "--policies", folder.toString());

        assertThat(code).isZero();
        assertThat(err.toString())
                .contains("warning: the prices are of 2026-11-10, 142 days old")
                .contains("warning: models.house leads nowhere from here: ")
                .contains("warning: server.data_plane listens on 0.0.0.0 without TLS");
    }

    @Test
    void overrides_areChecked_andWrongArgumentsAreTwo() {
        assertThat(check(SOON, "--set", "scan.mode=loud")).isEqualTo(1);
        assertThat(err.toString()).contains("--set scan.mode: scan.mode: \"loud\" is not one of enforce, observe, off");
        assertThat(check(SOON, "--polices", "x")).isEqualTo(2);
    }

    private int check(Instant now, String... arguments) {
        List<String> all = new ArrayList<>(List.of("check"));
        all.addAll(List.of(arguments));
        return TollgateCommand.commandLine(new Serving(), () -> now)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    private void write(String text) {
        try {
            Files.writeString(folder.resolve("policy.yaml"), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
