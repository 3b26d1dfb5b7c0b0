package dev.tollgate.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VerdictCacheTest {
    private static final Set<Kind> SECRETS = EnumSet.of(Kind.SECRET);
    private static final RuleSet RULES = rules("acme-[0-9]{4}");
    private static final String TEXT = "x".repeat(VerdictCache.SHORTEST_REMEMBERED) + " acme-1234";

    @Test
    void scan_sameTextAgain_isNotSearchedAgain() {
        final VerdictCache cache = new VerdictCache(1 << 20);

        final List<Finding> first = cache.scan(RULES, TEXT, SECRETS, Trust.USER);
        final List<Finding> second = cache.scan(RULES, new String(TEXT.toCharArray()), SECRETS, Trust.USER);

        assertThat(first).hasSize(1);
        assertThat(second).isSameAs(first);
    }

    @Test
    void scan_otherRulesKindsOrWriter_isSearchedAnew() {
        final VerdictCache cache = new VerdictCache(1 << 20);
        assertThat(cache.scan(RULES, TEXT, SECRETS, Trust.USER)).hasSize(1);

        assertThat(cache.scan(rules("acme-[0-9]{5}"), TEXT, SECRETS, Trust.USER))
                .isEmpty();
        assertThat(cache.scan(RULES, TEXT, EnumSet.of(Kind.PERSONAL), Trust.USER))
                .isEmpty();
        assertThat(cache.scan(RULES, TEXT, SECRETS, Trust.TOOL_RESULT)).hasSize(1);
        assertThat(cache.size()).isEqualTo(4);
    }

    @Test
    void scan_shortText_isNotRemembered() {
        final VerdictCache cache = new VerdictCache(1 << 20);

        assertThat(cache.scan(RULES, "acme-1234", SECRETS, Trust.USER)).hasSize(1);
        assertThat(cache.size()).isZero();
    }

    private static RuleSet rules(String pattern) {
        return RuleSets.of(Map.of(
                "p.yaml",
                "kind: secret\nrules:\n  - {id: acme_key, title: t, family: f, keywords: [acme-], pattern: '" + pattern
                        + "'}"));
    }
}
