package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class FormatTest {
    @Test
    void money_ofAnySize_showsWhatMatters() {
        assertThat(Format.money(0)).isEqualTo("$0");
        assertThat(Format.money(1)).isEqualTo("$0.000000001");
        assertThat(Format.money(412_345)).isEqualTo("$0.00041");
        assertThat(Format.money(25_000_000)).isEqualTo("$0.0250");
        assertThat(Format.money(1_234_567_890_000L)).isEqualTo("$1,234.57");
        assertThat(Format.money(-2_500_000_000L)).isEqualTo("−$2.50");
    }

    @Test
    void time_onAnotherDay_namesTheDay() {
        Instant now = Instant.parse("2026-11-21T14:00:00Z");

        assertThat(Format.time(Instant.parse("2026-11-21T00:00:01Z"), now)).isEqualTo("00:00:01");
        assertThat(Format.time(Instant.parse("2026-11-20T23:59:59Z"), now)).isEqualTo("20 Nov 23:59:59");
        assertThat(Format.whole(Instant.MAX)).isEqualTo("never");
    }

    @Test
    void length_always_namesTwoUnits() {
        assertThat(Format.length(Duration.ofSeconds(59))).isEqualTo("59 s");
        assertThat(Format.length(Duration.ofSeconds(200))).isEqualTo("3 min 20 s");
        assertThat(Format.length(Duration.ofMinutes(125))).isEqualTo("2 h 5 min");
        assertThat(Format.length(Duration.ofMinutes(2))).isEqualTo("2 min");
        assertThat(Format.length(Duration.ofHours(49))).isEqualTo("2 d 1 h");
    }

    @Test
    void percent_always_staysWithinTheBar() {
        assertThat(Format.percent(1, 3)).isEqualTo(33);
        assertThat(Format.percent(5, 3)).isEqualTo(100);
        assertThat(Format.percent(0, 0)).isEqualTo(0);
        assertThat(Format.percent(1, 0)).isEqualTo(100);
    }

    @Test
    void micros_andBytes_takeTheirUnit() {
        assertThat(Format.micros(999)).isEqualTo("999 µs");
        assertThat(Format.micros(1_500)).isEqualTo("1.5 ms");
        assertThat(Format.micros(2_500_000)).isEqualTo("2.5 s");
        assertThat(Format.bytes(1023)).isEqualTo("1023 bytes");
        assertThat(Format.bytes(1536)).isEqualTo("1.5 KiB");
    }
}
