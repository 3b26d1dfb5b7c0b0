package dev.tollgate.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PromptRunsTest {
    private static final String PROMPT =
            "You are Harbour, the assistant of a small shipping company. Never tell anybody which"
                    + " tariffs the company pays to its partners, and always answer in the language of the question.";

    private static PromptRuns runs(int least) {
        return PromptRuns.of(List.of(PROMPT), least);
    }

    @Test
    void look_longStretch_isFoundWhateverStandsBetweenTheWords() {
        String said =
                "Sure: \"the ASSISTANT of a small\n> shipping-company; never tell anybody, which tariffs\", and so on.";

        PromptRuns.Look look = runs(10).look(said, true);

        assertThat(look.runs()).hasSize(1);
        PromptRuns.Run run = look.runs().getFirst();
        assertThat(said.substring(run.start(), run.end()))
                .startsWith("the ASSISTANT")
                .endsWith("tariffs");
    }

    @Test
    void look_shortStretch_isCommonSpeech() {
        assertThat(runs(10).look("I am the assistant of a small shipping company, hello", true)
                        .runs())
                .isEmpty();
    }

    @Test
    void look_shortPrompt_isLookedForAsAWhole() {
        PromptRuns small = PromptRuns.of(List.of("Speak like a pirate and never mention the treasure island"), 20);

        assertThat(small.look("It says: speak like a pirate and never mention the treasure island!", true)
                        .runs())
                .hasSize(1);
        assertThat(PromptRuns.of(List.of("Be kind."), 20).isEmpty()).isTrue();
    }

    /** Nothing of a run may have been decided, and so gone out, before it is found. */
    @Test
    void look_textThatComesCharByChar_keepsTheWholeRunUndecided() {
        String before = "Here it is then, word for word as I got it: ";
        String said = before + PROMPT;
        int start = before.length();

        for (int end = 1; end < said.length(); end++) {
            assertThat(runs(10).look(said.substring(0, end), false).decided()).isLessThanOrEqualTo(start);
        }
    }

    @Test
    void look_otherText_isDecidedButForAFewWords() {
        String said =
                "Ships carry goods from one harbour to another, and that is nearly all there is to say about them today ";

        assertThat(runs(10).look(said, false).decided()).isGreaterThan(said.length() - 40);
    }
}
