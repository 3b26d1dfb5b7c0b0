package dev.tollgate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MomentsTest {
    private static final long LAST_SECOND_OF_9999 = 253_402_300_799L;

    @Test
    void moments_ofAllKinds_areWrittenAndReadAsByInstant() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            int nano = switch (i % 4) {
                case 0 -> 0;
                case 1 -> random.nextInt(1000) * 1_000_000;
                case 2 -> random.nextInt(1_000_000) * 1000;
                default -> random.nextInt(1_000_000_000);
            };
            // Close together and far apart: the day is remembered.
            long second = i % 2 == 0
                    ? 1_795_000_000L + random.nextInt(200_000)
                    : random.nextLong(-62_135_596_800L, LAST_SECOND_OF_9999 + 1_000_000);
            Instant moment = Instant.ofEpochSecond(second, nano);

            String text = Moments.format(moment);

            assertThat(text).isEqualTo(moment.toString());
            assertThat(Moments.parse(text)).isEqualTo(moment);
        }
    }

    @Test
    void textThatIsNoMoment_afterOneOfThatDay_isRefused() {
        assertThat(Moments.parse("2026-03-01T12:00:00.5Z")).isEqualTo(Instant.parse("2026-03-01T12:00:00.500Z"));
        for (String text : List.of(
                "",
                "2026-03-01T12:00:00",
                "2026-03-01T12:60:00Z",
                "2026-03-01T25:00:00Z",
                "2026-03-01T12:00:0xZ",
                "2026-03-01T12:00:00,5Z",
                "2026-03-01T12:00:00.1234567890Z")) {
            assertThatThrownBy(() -> Moments.parse(text)).as(text).isInstanceOf(DateTimeParseException.class);
        }
    }
}
