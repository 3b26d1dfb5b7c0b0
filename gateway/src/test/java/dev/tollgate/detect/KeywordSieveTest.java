package dev.tollgate.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeywordSieveTest {
    @Test
    void search_keywordsThatOverlapAndHoldEachOther_reportsAllInAnyCase() {
        final List<String> keywords = List.of("he", "she", "his", "hers", "忽略");

        final List<String> hits = hits(keywords, "uSHErs и 忽略");

        assertThat(hits).containsExactlyInAnyOrder("she@1", "he@2", "hers@2", "忽略@9");
    }

    @Test
    void search_textLongerThanABlock_findsWhatLiesAcrossTheBorder() {
        final String text = "x".repeat(1022) + "token" + "x".repeat(8190);

        assertThat(hits(List.of("token"), text)).containsExactly("token@1022");
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

    @Test
    void search_capitalsAsked_looksAtWhatIsWrittenSo() {
        final KeywordSieve sieve =
                new KeywordSieve(SieveTables.of(List.of(new SieveTables.Keyword("sk", List.of("SK")))));

        assertThat(hits(sieve, List.of("sk"), "SK")).containsExactly("sk@0");
        assertThat(hits(sieve, List.of("sk"), "ask Sk")).isEmpty();
    }

    @Test
    void search_keywordsInAnyPlace_comeInTheOrderOfTheirStarts() {
        final List<String> keywords = List.of("instructions above", "structure", "uc", "on");
        final String text = "instructions above structure ".repeat(200);

        final List<Integer> starts = new ArrayList<>();
        sieve(keywords).search(text, Image.of(text), new KeywordSieve.Notes(), new KeywordSieve.Hits() {
            @Override
            public void hit(int keyword, int start) {
                starts.add(start);
            }

            @Override
            public void digits(int start) {}
        });

        assertThat(starts).isSorted().hasSize(200 * 5);
    }

    @Test
    void search_digits_tellsWhereGroupsBegin() {
        final List<Integer> starts = new ArrayList<>();
        final String text = "7 a12b345" + "x".repeat(1100) + "6忽89\u00B0" + "1";

        sieve(List.of("none")).search(text, Image.of(text), new KeywordSieve.Notes(), new KeywordSieve.Hits() {
            @Override
            public void hit(int keyword, int start) {}

            @Override
            public void digits(int start) {
                starts.add(start);
            }
        });

        assertThat(starts).containsExactly(0, 3, 6, 1109, 1111, 1114);
    }

    private static KeywordSieve sieve(List<String> keywords) {
        return new KeywordSieve(SieveTables.of(keywords.stream()
                .map(keyword -> new SieveTables.Keyword(keyword, List.of()))
                .toList()));
    }

    private static List<String> hits(List<String> keywords, String text) {
        return hits(sieve(keywords), keywords, text);
    }

    private static List<String> hits(KeywordSieve sieve, List<String> keywords, String text) {
        final List<String> hits = new ArrayList<>();
        sieve.search(text, Image.of(text), new KeywordSieve.Notes(), new KeywordSieve.Hits() {
            @Override
            public void hit(int keyword, int start) {
                hits.add(keywords.get(keyword) + "@" + start);
            }

            @Override
            public void digits(int start) {}
        });
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
