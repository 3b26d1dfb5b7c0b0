package dev.tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TollgateCommandTest {
    @Test
    void version_always_succeeds() {
        assertThat(TollgateCommand.execute("version")).isZero();
    }

    @Test
    void unknownCommand_isCalledWrongly() {
        assertThat(TollgateCommand.execute("no-such-command")).isEqualTo(2);
    }

    @Test
    void noCommand_isCalledWrongly() {
        assertThat(TollgateCommand.execute()).isEqualTo(2);
    }
}
