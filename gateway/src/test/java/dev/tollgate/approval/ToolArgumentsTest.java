package dev.tollgate.approval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ToolArgumentsTest {
    @Test
    void commands_areToldAsAWhole_andOneByOne_withoutWhatStandsBefore() {
        ToolArguments read =
                ToolArguments.of("{\"command\": \"cd /tmp && FOO=1 sudo -E /bin/rm   -rf build; ls | wc -l\"}");

        assertThat(read.commands())
                .containsExactly(
                        "cd /tmp && FOO=1 sudo -E /bin/rm -rf build; ls | wc -l",
                        "cd /tmp",
                        "rm -rf build",
                        "ls",
                        "wc -l");
        assertThat(read.paths()).contains("/tmp", "/bin/rm");
    }

    @Test
    void commands_insideAnotherShell_areFound() {
        assertThat(ToolArguments.of("{\"cmd\": [\"bash\", \"-lc\", \"cd x && rm -rf /\"]}")
                        .commands())
                .contains("rm -rf /");
        assertThat(ToolArguments.of("{\"script\": \"bash -c 'cd x; rm -rf /'\"}")
                        .commands())
                .contains("rm -rf /");
        assertThat(ToolArguments.of("{\"script\": \"echo $(rm -rf /) `reboot`\"}")
                        .commands())
                .contains("rm -rf /", "reboot");
    }

    @Test
    void paths_areThoseOfArgumentsThatAreNamedSo_resolved() {
        ToolArguments read = ToolArguments.of(
                "{\"file_path\": \"/srv/app/../.env\", \"edits\": [{\"newFile\": \"a/./b\"}], \"content\": \"/not/a/path\"}");

        assertThat(read.paths()).containsExactly("/srv/.env", "a/b");
    }

    @Test
    void hosts_areThoseOfAddresses_whereverTheyStand() {
        ToolArguments read = ToolArguments.of(
                "{\"url\": \"https://user@EXAMPLE.com:8443/x\", \"command\": \"curl http://169.254.169.254/latest http://a_b.test/\"}");

        assertThat(read.hosts()).containsExactly("example.com", "169.254.169.254", "a_b.test");
    }

    @Test
    void arguments_thatAreNoObject_areNotRead() {
        assertThat(ToolArguments.of("{\"command\": \"rm").isRead()).isFalse();
        assertThat(ToolArguments.of("[1]").isRead()).isFalse();
        assertThat(ToolArguments.of("").isRead()).isTrue();
        assertThat(ToolArguments.of("{\"a\":1}")).hasToString("ToolArguments[7 characters, redacted]");
    }
}
