package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.value.ExchangeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UnrecordedTest {
    private Instant now = Instant.parse("2026-11-21T14:00:00Z");
    private final List<String> lines = new ArrayList<>();
    private final Unrecorded unrecorded = new Unrecorded(() -> now, lines::add);

    @Test
    void calls_thatCannotBeRecordedByTheThousand_areOneLineInTenSeconds() {
        for (int i = 0; i < 1000; i++) {
            unrecorded.tell("exchange", new ExchangeId("ex_" + i), new IllegalStateException("the disk is full"));
        }
        now = now.plus(Unrecorded.PAUSE);
        unrecorded.tell("the end of exchange", new ExchangeId("ex_last"), new IllegalStateException("still full"));

        assertThat(lines)
                .containsExactly(
                        "exchange ex_0 could not be recorded: java.lang.IllegalStateException: the disk is full",
                        "the end of exchange ex_last could not be recorded, nor 999 others since the last line like"
                                + " this: java.lang.IllegalStateException: still full");
    }
}
