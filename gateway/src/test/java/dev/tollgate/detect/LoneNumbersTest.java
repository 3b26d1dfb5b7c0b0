package dev.tollgate.detect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoneNumbersTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "912701234", // taxpayer
                "876543210", // tax file number
                "1234567893", // provider
                "811218-9876", // personal number
                "51824753556", // business number
                "8001015009087" // South African
            })
    void accepts_numberWhoseDigitsHold_isTrue(String number) {
        assertThat(LoneNumbers.accepts(number)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1234567", "111111111", "824753557", "1234567890", "1984567890124", "1772290442134"})
    void accepts_otherNumber_isFalse(String number) {
        assertThat(LoneNumbers.accepts(number)).isFalse();
    }

    @Test
    void ruleSet_loneNumber_isMarkedOnly() {
        assertThat(RuleSets.shipped().marksOnly("lone_number")).isTrue();
        assertThat(RuleSets.shipped().marksOnly("email_address")).isFalse();
    }
}
