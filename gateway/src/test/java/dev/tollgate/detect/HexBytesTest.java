package dev.tollgate.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HexBytesTest {
    private static final String HIDDEN = "ten bytes!";

    @ParameterizedTest
    @ValueSource(strings = {"%02x ", "%02X:", "%02x-", "%02x, ", "0x%02x ", "0x%02X, ", "%02x;\n"})
    void views_fewestBytesWhereverTheyStand_areRead(String format) {
        final String written = HIDDEN.chars()
                .mapToObj(c -> format.formatted(c))
                .collect(Collectors.joining())
                .strip();
        for (int before = 0; before < 48; before++) {
            assertThat(read(". ".repeat(before / 2) + " ".repeat(before % 2) + written + " end."))
                    .as("%d characters before", before)
                    .containsExactly(HIDDEN);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2025-01-02T12:34:56.789Z 2025-01-02T12:34:57.123Z 2025-01-02T12:34:58.456Z",
                "  12,  34,  56\n         \n         \n         \n 78",
                "12345678 23456789 34567890 45678901 56789012"
            })
    void views_timesAndTables_areLeftAlone(String text) {
        assertThat(read(text)).isEmpty();
    }

    private static List<String> read(String text) {
        final List<String> read = new ArrayList<>();
        new HexBytes().views(View.of(text), view -> read.add(view.text()));
        return read;
    }
}
