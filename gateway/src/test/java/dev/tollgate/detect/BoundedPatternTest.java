package dev.tollgate.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedPatternTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a*",
                "a+",
                "a{3,}",
                ".*",
                "(?:ab)+",
                "[a-z]*?",
                "a{1,5000}",
                "(?:a{1,3}){2}",
                "(?:x(?:a{0,3}b)c){1,4}",
                "(?:a?){30}",
                "\\bword",
                "(a)\\1",
                "\\Qa*\\E",
                "[^\\]]*",
                "(?<v>a{1,2}){3}",
                "(?i:a{2,3}){2}",
                "a{2}{3,9}*"
            })
    void compile_expressionThatMayBeSlow_isRefused(String regex) {
        assertThatThrownBy(() -> BoundedPattern.compile(regex)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a{1,5}",
                "(?<![A-Za-z])x{2}y?",
                "(?:ab?){2,7}",
                "(?:a|b|c){40}",
                "[\\]*+]{3}",
                "\\{a\\+",
                "(?i)a(?:b{1,3}|c)?",
                "\\p{L}{1,9}",
                "(?<v>[a-z]{2,8})=",
                "(?=a)b(?!c)",
                "[a-z&&[^x]]{3}"
            })
    void compile_boundedExpression_isAccepted(String regex) {
        assertThat(BoundedPattern.compile(regex).pattern()).isEqualTo(regex);
    }

    @Test
    void compile_refusal_saysWhereInTheExpression() {
        assertThatThrownBy(() -> BoundedPattern.compile("abc(?:d{1,2}){3}"))
                .hasMessage("a repeated group must not hold a repetition that varies itself (char 16 of the pattern)");
    }
}
