package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.console.LineDiff.Line;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What changes between two texts. */
final class LineDiffTest {
    @Test
    void changedLines_standBetweenThoseThatStay() {
        assertThat(text(LineDiff.of("a\nb\nc\nd", "a\nx\nc\ny\nd"))).isEqualTo(" a|-b|+x| c|+y| d");
        assertThat(text(LineDiff.of("same", "same"))).isEqualTo(" same");
        assertThat(text(LineDiff.of("", "new"))).isEqualTo("+new");
        assertThat(text(LineDiff.of("old", ""))).isEqualTo("-old");
        assertThat(text(LineDiff.of("a\na\na", "a"))).isEqualTo(" a|-a|-a");
    }

    @Test
    void whatIsHardToSee_isAChangeToo() {
        assertThat(text(LineDiff.of("a", "a\n"))).isEqualTo(" a|+");
        assertThat(text(LineDiff.of("a", "a "))).isEqualTo("-a|+a ");
        assertThat(text(LineDiff.of("a\nb", "a\r\nb"))).isEqualTo("-a|+a\r| b");
    }

    @Test
    void longTexts_loseNoLine() {
        String old = "x\n".repeat(4_000) + "end";
        String changed = "y\n".repeat(4_000) + "end";

        List<Line> lines = LineDiff.of(old, changed);

        assertThat(lines).hasSize(8_001);
        assertThat(lines.getLast()).isEqualTo(new Line(LineDiff.Sign.SAME, "end"));
    }

    @Test
    void patch_isShownAsItComes() {
        String patch = "*** Begin Patch\n*** Update File: a.txt\n@@ here\n kept\n-old\n+new\n\n*** End Patch";

        assertThat(text(LineDiff.ofPatch(patch)))
                .isEqualTo("@*** Begin Patch|@*** Update File: a.txt|@@@ here| kept|-old|+new| |@*** End Patch");
    }

    private static String text(List<Line> lines) {
        return lines.stream().map(line -> line.sign().mark() + line.text()).collect(Collectors.joining("|"));
    }
}
