package dev.tollgate.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Numbered;
import java.util.EnumSet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
    private static final RuleSet RULES = RuleSets.shipped();
    private static final Placeholders PLACEHOLDERS = new Placeholders(new byte[Placeholders.KEY_BYTES]);

    @Test
    void redact_sameValueTwice_getsTheSamePlaceholderInEveryTextAndCall() {
        final Redactor redactor = redactor("blue");

        final String first = redact(redactor, "ask ann@firm.com or bob@firm.com, not ann@firm.com");
        final String second = redact(redactor, "bob@firm.com and eve@firm.com");
        final String laterCall = redact(redactor("blue"), "bob@firm.com and eve@firm.com");

        assertThat(Numbered.in(first)).isEqualTo("ask [EMAIL_1] or [EMAIL_2], not [EMAIL_1]");
        assertThat(Numbered.in(first + " / " + second)).endsWith(" / [EMAIL_2] and [EMAIL_3]");
        assertThat(laterCall).isEqualTo(second);
    }

    @Test
    void redact_otherTenantOrKey_getsOtherPlaceholders() {
        final byte[] key = new byte[Placeholders.KEY_BYTES];
        key[0] = 1;

        final String blue = redact(redactor("blue"), "ann@firm.com");

        assertThat(redact(redactor("red"), "ann@firm.com")).isNotEqualTo(blue);
        assertThat(redact(new Redactor(RULES, new Placeholders(key), "blue"), "ann@firm.com"))
                .isNotEqualTo(blue);
    }

    @Test
    void redact_findingsThatOverlap_becomeOnePlaceholder() {
        final List<Finding> findings = List.of(found("email_address", 2, 8), found("iban", 5, 10));

        assertThat(Numbered.in(redactor("blue").redact("0123456789abc", findings)))
                .isEqualTo("01[EMAIL_1]abc");
    }

    @Test
    void redact_givesBackOnlyWhatAllFindingsOfAStretchGiveBack() {
        final List<Finding> findings =
                List.of(found("email_address", 0, 2), found("email_address", 4, 6), found("iban", 5, 8));

        final Redactor.Redacted redacted = redactor("blue")
                .redact(
                        "ab..cdef",
                        findings,
                        finding -> finding.ruleId().equals("email_address"),
                        UnaryOperator.identity());

        assertThat(redacted.originals()).containsValue("ab").hasSize(1);
        assertThat(redacted.toString()).doesNotContain("ab");
    }

    /** What was redacted comes again with every turn: a rule that found its placeholder would redact or block that. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "password = \"%s\"",
                "API_KEY=%s",
                "token: %s",
                "Authorization: Bearer %s",
                "postgres://user:%s@db.internal/app",
                "{\"secret\": \"%s\"}",
                "my card is %s, iban %s, phone %s",
                "ssn %s",
                "passport no. %s",
            })
    void placeholder_isNoFinding(String context) {
        for (String name : List.of("AWS_KEY_ID", "PASSWORD", "EMAIL", "CARD", "SECRET")) {
            for (int i = 0; i < 50; i++) {
                final String placeholder =
                        "[" + name + "_" + PLACEHOLDERS.name("t", "value " + i).substring(0, 8) + "]";
                final String text = context.replace("%s", placeholder);

                assertThat(RULES.scan(text, EnumSet.of(Kind.SECRET, Kind.PERSONAL), Trust.USER))
                        .as(text)
                        .allMatch(finding -> Placeholders.isFoundIn(text, finding));
            }
        }
    }

    private static Redactor redactor(String tenant) {
        return new Redactor(RULES, PLACEHOLDERS, tenant);
    }

    private static Finding found(String rule, int start, int end) {
        return new Finding(rule, Kind.PERSONAL, "f", Severity.LOW, start, end, 1, true);
    }

    private static String redact(Redactor redactor, String text) {
        return redactor.redact(text, RULES.scan(text, EnumSet.of(Kind.PERSONAL), Trust.USER));
    }
}
