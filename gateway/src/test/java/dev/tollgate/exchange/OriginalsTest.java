package dev.tollgate.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OriginalsTest {
    private static final String PLACEHOLDER = "[EMAIL_kxqhwtzr]";
    private static final Originals ORIGINALS = Originals.of(List.of(
            new Splice(0, 1, new byte[0], Map.of(PLACEHOLDER, "ann@firm.com"), Map.of()),
            new Splice(2, 3, new byte[0], Map.of("[NAME_bcdfghjk]", "ann"), Map.of("[CARD_bcdfghjk]", "4111"))));

    @Test
    void next_wholePlaceholder_isFoundWithItsValue() {
        Originals.Hit hit = ORIGINALS.next("to [x] [[EMAIL_kxqhwtzr]!", 0);

        assertThat(hit).isEqualTo(new Originals.Hit(8, 8 + PLACEHOLDER.length(), "ann@firm.com"));
    }

    @Test
    void next_anyBeginningAtTheEnd_isOpen() {
        for (int length = 1; length < PLACEHOLDER.length(); length++) {
            assertThat(ORIGINALS.next("to " + PLACEHOLDER.substring(0, length), 0))
                    .isEqualTo(new Originals.Hit(3, 3 + length, null));
        }
        assertThat(ORIGINALS.next("to [EMAIL_z", 0)).isNull();
        assertThat(ORIGINALS.next("to [EMAIL_kxqhwtzx]", 0)).isNull();
    }

    @Test
    void hide_valueThatIsPartOfAnother_doesNotSpoilIt() {
        assertThat(ORIGINALS.hide("ann@firm.com and ann")).isEqualTo(PLACEHOLDER + " and [NAME_bcdfghjk]");
    }

    @Test
    void hidden_isNoOriginal_andNothingIsPrinted() {
        assertThat(ORIGINALS.next("[CARD_bcdfghjk]", 0)).isNull();
        assertThat(Originals.hidden(List.of(new Splice(2, 3, new byte[0], Map.of(), Map.of("[CARD_x]", "4111"))))
                        .hide("4111"))
                .isEqualTo("[CARD_x]");
        assertThat(ORIGINALS.toString()).doesNotContain("ann");
    }
}
