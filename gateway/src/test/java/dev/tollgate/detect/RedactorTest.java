package dev.tollgate.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedactorTest {
    private static final RuleSet RULES = RuleSets.shipped();

    @Test
    void redact_sameValueTwice_getsTheSamePlaceholderInEveryText() {
        final Redactor redactor = new Redactor(RULES);

        final String first = redact(redactor, "ask ann@firm.com or bob@firm.com, not ann@firm.com");
        final String second = redact(redactor, "bob@firm.com and eve@firm.com");

        assertThat(first).isEqualTo("ask [EMAIL_1] or [EMAIL_2], not [EMAIL_1]");
        assertThat(second).isEqualTo("[EMAIL_2] and [EMAIL_3]");
    }

    @Test
    void redact_conversationThatGrows_readsTheSameInItsOldPart() {
        final String old = "mail ann@firm.com";

        final String before = redact(new Redactor(RULES), old);
        final String after = redact(new Redactor(RULES), old + " and bob@firm.com");

        assertThat(after).startsWith(before);
    }

    @Test
    void redact_findingsThatOverlap_becomeOnePlaceholder() {
        final List<Finding> findings = List.of(
                new Finding("email_address", Kind.PERSONAL, "f", Severity.LOW, 2, 8, 1, true),
                new Finding("iban", Kind.PERSONAL, "f", Severity.LOW, 5, 10, 1, true));

        assertThat(new Redactor(RULES).redact("0123456789abc", findings)).isEqualTo("01[EMAIL_1]abc");
    }

    private static String redact(Redactor redactor, String text) {
        return redactor.redact(text, RULES.scan(text, EnumSet.of(Kind.PERSONAL), Trust.USER));
    }
}
