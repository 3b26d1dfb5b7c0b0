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
        "german_tax_checked, 65929970489, 65929970488",
        "german_health, A123456780, A123456781",
        "german_pension, 15070649C103, 15070649C104",
        "machine_readable, L01X00T44, L01X00T45",
        "french_id, 2 55 08 14 168 025 38, 2 55 08 14 168 025 39",
        "belgian_id, 85.07.30-033 28, 85.07.30-033 29",
        "dutch_id, 111222333, 111222334",
        "portuguese_tax, 123456789, 123456788",
        "norwegian_id, 01018030043, 01018030044",
        "austrian_id, 1237 010180, 1238 010180",
        "ahv, 756.9217.0769.85, 756.9217.0769.84",
        "pps, 1234567FA, 1234567GA",
        "cnp, 1800101221144, 1800101221145",
        "egn, 7523169263, 7523169264",
        "birth_number, 710319/2745, 710319/2746",
        "oib, 33392005961, 33392005962",
        "jmbg, 0101006500006, 0101006500007",
        "baltic_id, 37605030299, 37605030298",
        "amka, 01013099997, 01013099998",
        "inn, 500100732259, 500100732258",
        "snils, 112-233-445 95, 112-233-445 96",
        "ukrainian_tax, 1759013776, 1759013777",
        "nip, 123-456-32-18, 123-456-32-19",
        "cpf, 529.982.247-25, 529.982.247-26",
        "cnpj, 11.222.333/0001-81, 11.222.333/0001-82",
        "cuit, 20-12345678-6, 20-12345678-5",
        "rut, 12.345.678-5, 12.345.678-6",
        "curp, BOXW310820HNERXN09, BOXW310820HNERXN08",
        "chinese_id, 11010519491231002X, 110105194912310021",
        "hkid, A123456(3), A123456(4)",
        "taiwanese_id, A123456789, A123456788",
        "japanese_id, 1234 5678 9018, 1234 5678 9019",
        "israeli_id, 123456782, 123456783",
        "uen, T01FC6132D, T01FC6132E",
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
