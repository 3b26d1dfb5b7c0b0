package dev.tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TollgateCommandTest {
    private static final ServeCommand.Starter NO_GATEWAY = (loader, out) -> 1;

    @Test
    void version_always_succeeds() {
        assertThat(TollgateCommand.execute(NO_GATEWAY, "version")).isZero();
    }

    @Test
    void unknownCommand_isCalledWrongly() {
        assertThat(TollgateCommand.execute(NO_GATEWAY, "no-such-command")).isEqualTo(2);
    }

    @Test
    void noCommand_isCalledWrongly() {
        assertThat(TollgateCommand.execute(NO_GATEWAY)).isEqualTo(2);
    }
}
