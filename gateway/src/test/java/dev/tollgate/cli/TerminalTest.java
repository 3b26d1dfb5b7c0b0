package dev.tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class TerminalTest {
    @Test
    void value_inALine_staysOnIt_andHidesNothing() {
        assertThat(Terminal.plain("gpt\n[2] A9  boss to all\u202e\u001b[2J"))
                .isEqualTo("gpt [2] A9  boss to all[U+202E][U+001B][2J");
        assertThat(Terminal.plain("a  long\n\ntext", 6)).isEqualTo("a long…");
        assertThat(Terminal.plain("a\u001b ", 3)).isEqualTo("a[U+001B] ");
    }

    static Stream<Arguments> written() {
        return Stream.of(
                arguments("plain\ttext\n", "plain\ttext\n"),
                arguments("data: 1\r\n\r\n", "data: 1\r\n\r\n"),
                arguments("good\revil", "good[U+000D]evil"),
                arguments("\u001b]0;title\u0007", "[U+001B]]0;title[U+0007]"),
                arguments("\u009b2J", "[U+009B]2J"),
                arguments("\r\r\n", "[U+000D]\r\n"));
    }

    @ParameterizedTest
    @MethodSource("written")
    void text_thatATerminalWouldObey_isNamed_inOnePieceAndByCharacters(String text, String shown) {
        StringWriter whole = new StringWriter();
        StringWriter apart = new StringWriter();
        PrintWriter guard = Terminal.guarded(apart);
        Terminal.guarded(whole).print(text);
        text.chars().forEach(guard::write);

        assertThat(whole).hasToString(shown);
        assertThat(apart).hasToString(shown);
    }
}
