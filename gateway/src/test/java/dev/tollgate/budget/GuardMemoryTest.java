package dev.tollgate.budget;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class GuardMemoryTest {
    private static final long HOUR = 3_600_000;

    private final GuardMemory memory = new GuardMemory();

    @Test
    void turns_areCountedFromTheirFirstComingOn() {
        assertThat(memory.comes(1, 100, 1000)).isEqualTo(1);
        assertThat(memory.comes(2, 100, 1000)).isEqualTo(1);
        assertThat(memory.comes(1, 100, 1100)).isEqualTo(2);
        assertThat(memory.comes(1, 100, 1101)).isEqualTo(1);
    }

    @Test
    void helpers_thatAreThere_goOn_andOneMoreIsTooMany() {
        assertThat(memory.isOneTooMany(1, 10, 2, HOUR, 0)).isFalse();
        assertThat(memory.isOneTooMany(1, 11, 2, HOUR, 0)).isFalse();
        assertThat(memory.isOneTooMany(1, 12, 2, HOUR, 0)).isTrue();
        assertThat(memory.isOneTooMany(1, 10, 2, HOUR, 0)).isFalse();
        assertThat(memory.isOneTooMany(1, 12, 2, HOUR, HOUR + 1)).isFalse();
    }

    @Test
    void pace_isUsual_onlyAfterEnoughPeriodsWithSpend() {
        for (int hour = 0; hour < 5; hour++) {
            memory.spent(1, 100, HOUR, hour * HOUR);
            assertThat(memory.pace(1, HOUR, hour * HOUR)).isEqualTo(new GuardMemory.Pace.Compared(100, 0));
        }

        // Idle hours between change nothing.
        memory.spent(1, 700, HOUR, 50 * HOUR);

        assertThat(memory.pace(1, HOUR, 50 * HOUR)).isEqualTo(new GuardMemory.Pace.Compared(700, 100));
        assertThat(memory.pace(1, HOUR, 51 * HOUR)).isEqualTo(new GuardMemory.Pace.Compared(0, 220));
        assertThat(memory.pace(2, HOUR, 51 * HOUR)).isEqualTo(new GuardMemory.Pace.Compared(0, 0));
    }

    @Test
    void news_areToldOnceInAPause() {
        assertThat(memory.isNews(1, 100, 0)).isTrue();
        assertThat(memory.isNews(1, 100, 99)).isFalse();
        assertThat(memory.isNews(1, 100, 100)).isTrue();
    }

    @Test
    void whatIsRemembered_isBounded() {
        for (long turn = 0; turn < 50_000; turn++) {
            memory.comes(turn, HOUR, 0);
        }

        assertThat(memory.comes(0, HOUR, 0)).isEqualTo(1);
        assertThat(memory.comes(49_999, HOUR, 0)).isEqualTo(2);
    }
}
