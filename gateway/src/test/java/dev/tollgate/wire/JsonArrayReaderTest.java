package dev.tollgate.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class JsonArrayReaderTest {
    private static final int MAX_ELEMENT = 200;

    private static CutEvents read(String stream, int chunkSize) {
        return CutEvents.of(stream.getBytes(UTF_8), chunkSize, new JsonArrayReader(MAX_ELEMENT));
    }

    @Test
    void elements_cutAnywhere_areTheSame() {
        String stream = " [{\"a\": \"]}{[,\\\"\\\\\"}\n,\r\n{\"b\": [{}, [1, 2]], \"ü\": \"😀\"},[{}]\n] \n";
        for (int chunkSize = 1; chunkSize <= stream.length(); chunkSize++) {
            CutEvents events = read(stream, chunkSize);

            assertThat(events.seen)
                    .containsExactly(
                            "-|{\"a\": \"]}{[,\\\"\\\\\"}", "-|{\"b\": [{}, [1, 2]], \"ü\": \"😀\"}", "-|[{}]", "-|-");
            assertThat(events.raw.toString(UTF_8)).isEqualTo(stream);
        }
    }

    @Test
    void endOfTheArray_isKept_untilTheStreamEnds() {
        CutEvents events = new CutEvents();
        JsonArrayReader reader = new JsonArrayReader(MAX_ELEMENT);
        byte[] bytes = "[{},\n{}\n]".getBytes(UTF_8);

        reader.feed(bytes, 0, bytes.length, events);

        assertThat(events.raw.toString(UTF_8)).isEqualTo("[{},\n{}");
    }

    @Test
    void elementThatIsTooLarge_isPassedOnUnread_andTheNextIsRead() {
        String stream = "[{\"a\":\"" + "x".repeat(3 * MAX_ELEMENT) + "\"},{\"b\":1}]";
        for (int chunkSize : new int[] {1, 7, 64, 10_000}) {
            CutEvents events = read(stream, chunkSize);

            assertThat(events.seen).startsWith("piece").endsWith("-|{\"b\":1}", "-|-");
            assertThat(events.raw.toString(UTF_8)).isEqualTo(stream);
        }
    }

    @Test
    void whatIsNoArray_passesWhole() {
        for (String stream : new String[] {"", "]", "}}]", "7", "{\"error\":{}}", "[1,2", "[{\"a\":", "\"[{}]\""}) {
            for (int chunkSize : new int[] {1, 1000}) {
                assertThat(read(stream, chunkSize).raw.toString(UTF_8)).isEqualTo(stream);
            }
        }
    }
}
