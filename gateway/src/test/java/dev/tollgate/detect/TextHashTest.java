package dev.tollgate.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TextHashTest {
    private final TextHash hash = TextHash.random();

    @Test
    void of_sameText_isTheSame() {
        final String text = "What was said before, and “quoted”. ".repeat(100);

        assertThat(hash.of(new String(text.toCharArray()))).isEqualTo(hash.of(text));
    }

    @Test
    void of_textsThatDifferInOneCharacter_differ() {
        final Random random = new Random(5);
        final StringBuilder text = new StringBuilder("abc忽 ".repeat(500));
        final Set<TextHash.Hash> seen = new HashSet<>();
        seen.add(hash.of(text.toString()));

        for (int i = 0; i < 2000; i++) {
            final int at = random.nextInt(text.length());
            text.setCharAt(at, (char) (text.charAt(at) + 1 + random.nextInt(1000)));
            seen.add(hash.of(text.toString()));
        }

        assertThat(seen).hasSize(2001);
    }

    @Test
    void of_textsWhosePartsChangePlaces_differ() {
        final String one = "a".repeat(512);
        final String other = "b".repeat(512);

        assertThat(hash.of(one + other)).isNotEqualTo(hash.of(other + one));
        assertThat(hash.of("abcd")).isNotEqualTo(hash.of("cdab"));
        assertThat(hash.of("\uD800")).isNotEqualTo(hash.of("?"));
    }

    @Test
    void of_otherKey_isAnother() {
        assertThat(TextHash.random().of("the same text")).isNotEqualTo(hash.of("the same text"));
    }
}
