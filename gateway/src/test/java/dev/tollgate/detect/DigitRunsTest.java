package dev.tollgate.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DigitRunsTest {
    @Test
    void search_groupsOfOneNumber_tellsHowManyDigitsFollowFromEach() {
        assertThat(groups("x 4111 1111-22 y", 1)).containsExactly("2:10", "7:6", "12:2");
    }

    @Test
    void search_separatorsInPairs_areOfOneNumber() {
        assertThat(groups("(030) 123", 6)).containsExactly("1:6");
    }

    @Test
    void search_tableOfSingleDigits_isNotTakenForOneNumber() {
        assertThat(groups("1 2 3 4 5 6 7 8", 2)).isEmpty();
    }

    @Test
    void search_fewerDigitsThanAsked_areNotTold() {
        assertThat(groups("12 ab 345", 3)).containsExactly("6:3");
    }

    private static List<String> groups(String text, int least) {
        final List<String> groups = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            at = Character.isDigit(text.charAt(at))
                    ? DigitRuns.run(Image.of(text), at, least, (start, digits) -> groups.add(start + ":" + digits))
                    : at + 1;
        }
        return groups;
    }
}
