package dev.tollgate.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeywordAutomatonTest {
    @Test
    void search_keywordsThatOverlapAndHoldEachOther_reportsAllInAnyCase() {
        final List<String> keywords = List.of("he", "she", "his", "hers", "忽略");

        final List<String> hits = hits(keywords, "uSHErs и 忽略");

        assertThat(hits).containsExactly("she@1", "he@2", "hers@2", "忽略@9");
    }

    @Test
    void search_textLongerThanABlock_findsWhatLiesAcrossTheBorder() {
        final String text = "x".repeat(8190) + "token" + "x".repeat(8190);

        assertThat(hits(List.of("token"), text)).containsExactly("token@8190");
    }

    @Test
    void search_randomTexts_agreesWithNaiveSearch() {
        final Random random = new Random(7);
        final List<String> keywords = List.of("a", "ab", "bab", "bc", "bca", "c", "caa", "я", "аяa");

        for (int round = 0; round < 200; round++) {
            final String text = random.ints(60, 0, 7)
                    .mapToObj(i -> "abcABя ".substring(i, i + 1))
                    .reduce("", String::concat);

            assertThat(hits(keywords, text)).containsExactlyInAnyOrderElementsOf(naive(keywords, text));
        }
    }

    private static List<String> hits(List<String> keywords, String text) {
        final List<String> hits = new ArrayList<>();
        KeywordAutomaton.of(keywords)
                .search(text, (keyword, start, end) -> hits.add(keywords.get(keyword) + "@" + start));
        return hits;
    }

    private static List<String> naive(List<String> keywords, String text) {
        final List<String> hits = new ArrayList<>();
        final String folded = text.toLowerCase(Locale.ROOT);
        for (String keyword : keywords) {
            for (int at = folded.indexOf(keyword); at >= 0; at = folded.indexOf(keyword, at + 1)) {
                hits.add(keyword + "@" + at);
            }
        }
        return hits;
    }
}
