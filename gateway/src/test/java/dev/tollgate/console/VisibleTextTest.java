package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.console.VisibleText.Piece;
import org.junit.jupiter.api.Test;

/** Texts in which something would not be seen. */
final class VisibleTextTest {
    @Test
    void text_withoutHiddenCharacters_isOnePieceAsItIs() {
        String text = "rm -rf build\n\techo 'größer 漢字 שלום 👍'";

        assertThat(VisibleText.of(text).pieces()).containsExactly(new Piece(text, null));
        assertThat(VisibleText.of("").pieces()).isEmpty();
    }

    @Test
    void charactersThatReorderOrAreNotSeen_standOutWithTheirNumbers() {
        assertThat(shown("ls \u202E#gnp.\u202C")).isEqualTo("ls [U+202E]#gnp.[U+202C]");
        assertThat(shown("\u2066a\u2069\u200Fb\u061C")).isEqualTo("[U+2066]a[U+2069][U+200F]b[U+061C]");
        assertThat(shown("pass\u200Bwd\uFEFF\u2060\u00AD")).isEqualTo("pass[U+200B]wd[U+FEFF][U+2060][U+00AD]");
        assertThat(shown("echo ok\r\u001B[2K\u0008\u0000\u007F\u009B"))
                .isEqualTo("echo ok[U+000D][U+001B][2K[U+0008][U+0000][U+007F][U+009B]");
        assertThat(shown("a\u00A0b\u3000c\u2028d")).isEqualTo("a[U+00A0]b[U+3000]c[U+2028]d");
        assertThat(shown("\uDB40\uDC41\uFE0F\u3164\u115F\u2800"))
                .isEqualTo("[U+E0041][U+FE0F][U+3164][U+115F][U+2800]");
        assertThat(shown("half \uD83D pair \uE000 \u0378")).isEqualTo("half [U+D83D] pair [U+E000] [U+0378]");
    }

    @Test
    void hiddenCharacter_always_tellsItsName() {
        assertThat(VisibleText.of("\u202E").pieces()).containsExactly(new Piece("U+202E", "right-to-left override"));
        assertThat(VisibleText.hiddenIn("a\u200Bb\u202E")).isEqualTo(2);
    }

    private static String shown(String text) {
        return VisibleText.of(text).plain();
    }
}
