package dev.tollgate.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SseReaderTest {
    private static final int MAX_EVENT = 1000;

    private static CutEvents read(String stream, int chunkSize) {
        return CutEvents.of(stream.getBytes(UTF_8), chunkSize, new SseReader(MAX_EVENT));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 64, 4096})
    void events_cutAnywhere_areTheSame(int chunkSize) {
        String stream =
                ": hello\n\nevent: ping\ndata: {}\n\ndata:a\ndata:  b\ndata\n\nid: 7\nevent:zwölf\ndata: é😀\n\n";

        CutEvents recorder = read(stream, chunkSize);

        assertThat(recorder.seen).containsExactly("-|-", "ping|{}", "-|a\n b\n", "zwölf|é😀");
        assertThat(recorder.raw.toString(UTF_8)).isEqualTo(stream);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void endings_ofEveryKind_areUnderstood(String ending) {
        String stream = "event: a\ndata: 1\n\ndata: 2\ndata: 3\n\n".replace("\n", ending);
        for (int chunkSize = 1; chunkSize < 40; chunkSize++) {
            CutEvents recorder = read(stream, chunkSize);

            assertThat(recorder.seen).filteredOn(event -> !event.equals("-|-")).containsExactly("a|1", "-|2\n3");
            assertThat(recorder.raw.toString(UTF_8)).isEqualTo(stream);
        }
    }

    @Test
    void endings_mixed_areUnderstood() {
        String stream = "data: 1\r\rdata: 2\r\n\ndata: 3\n\r\ndata: 4\r\n\r\ndata: 5\r\n\r";

        CutEvents recorder = read(stream, 4096);

        assertThat(recorder.seen).containsExactly("-|1", "-|2", "-|3", "-|4", "-|5");
        assertThat(recorder.raw.toString(UTF_8)).isEqualTo(stream);
    }

    @Test
    void event_endedByLoneCr_isNotHeldBack() {
        SseReader reader = new SseReader(MAX_EVENT);
        CutEvents recorder = new CutEvents();
        byte[] bytes = "data: now\r\r".getBytes(UTF_8);

        reader.feed(bytes, 0, bytes.length, recorder);

        assertThat(recorder.seen).containsExactly("-|now");
    }

    @Test
    void event_halfOfCrLfMissing_waitsForIt() {
        SseReader reader = new SseReader(MAX_EVENT);
        CutEvents recorder = new CutEvents();
        byte[] bytes = "data: 1\r\n\r\n".getBytes(UTF_8);

        reader.feed(bytes, 0, bytes.length - 1, recorder);
        assertThat(recorder.seen).isEmpty();
        reader.feed(bytes, bytes.length - 1, 1, recorder);

        assertThat(recorder.seen).containsExactly("-|1");
    }

    @Test
    void byteOrderMark_atTheStart_isNoPartOfTheFirstField() {
        CutEvents recorder = read("\uFEFFdata: 1\n\n\uFEFFdata: 2\n\n", 4096);

        assertThat(recorder.seen).containsExactly("-|1", "-|-");
    }

    @Test
    void rest_withoutBlankLine_isHandedOverAtTheEnd() {
        CutEvents recorder = read("data: 1\n\ndata: [DONE]\n", 4);

        assertThat(recorder.seen).containsExactly("-|1", "-|[DONE]");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 1 << 20})
    void event_overTheLimit_isPassedOnInPieces(int chunkSize) {
        String stream = "data: 1\n\ndata: " + "x".repeat(3 * MAX_EVENT) + "\ndata: y\n\ndata: 2\n\n";

        CutEvents recorder = read(stream, chunkSize);

        assertThat(recorder.seen).startsWith("-|1", "piece").endsWith("piece", "-|2");
        assertThat(recorder.seen.stream().filter(event -> !event.equals("piece")))
                .hasSize(2);
        assertThat(recorder.raw.toString(UTF_8)).isEqualTo(stream);
    }

    @Test
    void bytes_ofAnyKind_comeOutAsTheyWentIn() {
        Random random = new Random(7);
        String alphabet = "\r\n\n\r:da taevent: x";
        for (int round = 0; round < 2000; round++) {
            StringBuilder stream = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                stream.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }

            CutEvents recorder = read(stream.toString(), 1 + random.nextInt(10));

            assertThat(recorder.raw.toString(UTF_8)).isEqualTo(stream.toString());
        }
    }
}
