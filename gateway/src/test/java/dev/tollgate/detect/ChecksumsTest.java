package dev.tollgate.detect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksumsTest {
    /** Numbers that their authorities publish as examples, and the same with one digit changed. */
    @ParameterizedTest
    @CsvSource({
        "luhn, 4111 1111 1111 1111, 4111 1111 1111 1112",
        "iban, GB82 WEST 1234 5698 7654 32, GB82 WEST 1234 5698 7654 33",
        "aba, 021000021, 021000022",
        "ssn, 536-22-1847, 666-22-1847",
        "verhoeff, 2341 2341 2346, 2341 2341 2347",
        "spanish_id, X9613851N, X9613851M",
        "finnish_id, 131052-308T, 131052-308U",
        "pesel, 44051401359, 44051401358",
        "german_tax_id, 65929970489, 65929970488",
        "nhs, 943 476 5919, 943 476 5918",
        "turkish_id, 10000000146, 10000000147",
        "south_african_id, 8001015009087, 8001015009088",
        "swedish_id, 811218-9876, 811218-9875",
        "abn, 51 824 753 556, 51 824 753 557",
        "npi, 1234567893, 1234567894",
        "codice_fiscale, MRTMTT91D08F205J, MRTMTT91D08F205K",
        "base58check, 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2, 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3"
    })
    void accepts_trueNumberAndOneOff_tellsThemApart(String name, String good, String bad) {
        final Validator validator = Validator.parse(name).orElseThrow();

        assertThat(validator.accepts(good)).isTrue();
        assertThat(validator.accepts(bad)).isFalse();
    }

    @Test
    void github_generatedToken_hasATrueChecksum() {
        final String token = new ExampleTemplate(3).fill("{github:ghp}");

        assertThat(Checksums.github(token)).isTrue();
        assertThat(Checksums.github(token.substring(0, 10) + "A" + token.substring(11)))
                .isEqualTo(token.charAt(10) == 'A');
    }

    @Test
    void parse_namedCheckOfAnotherForm_keepsTheFinding() {
        // Closed: a pack that pairs a check with numbers of another length must not turn its findings into passes.
        assertThat(Validator.parse("pesel").orElseThrow().accepts("12")).isTrue();
    }

    @Test
    void parse_thresholds_areReadAndUnknownNamesAreNot() {
        assertThat(Validator.parse("entropy>=3").orElseThrow().accepts("aaaa")).isFalse();
        assertThat(Validator.parse("distinct>=2").orElseThrow().accepts("ab")).isTrue();
        assertThat(Validator.parse("entropy>=x")).isEmpty();
        assertThat(Validator.parse("nothing")).isEmpty();
    }
}
