package dev.tollgate.http;

import dev.tollgate.detect.Finding;
import dev.tollgate.detect.Kind;
import dev.tollgate.detect.Placeholders;
import dev.tollgate.detect.RuleSet;
import dev.tollgate.detect.Trust;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Looks for secrets and personal data, by the rules that judge requests too. */
final class RuleSearch implements ReplySearch {
    private final RuleSet rules;
    private final Set<Kind> kinds;

    RuleSearch(RuleSet rules, Set<Kind> kinds) {
        this.rules = rules;
        this.kinds = Set.copyOf(kinds);
    }

    @Override
    public Look look(String plain, String written, boolean isOver) {
        if (isOver) {
            return new Look(hits(plain, rules.scan(plain, kinds, Trust.ASSISTANT)), plain.length());
        }
        RuleSet.Look look = rules.look(plain, kinds, Trust.ASSISTANT);
        return new Look(hits(plain, look.findings()), look.decided());
    }

    private static List<Hit> hits(String text, List<Finding> findings) {
        if (findings.isEmpty()) {
            return List.of();
        }
        List<Hit> hits = new ArrayList<>(findings.size());
        for (Finding finding : findings) {
            if (!Placeholders.isFoundIn(text, finding)) {
                Topic topic = finding.kind() == Kind.SECRET ? Topic.SECRET : Topic.PERSONAL;
                hits.add(new Hit(finding.start(), finding.end(), finding.ruleId(), topic));
            }
        }
        return hits;
    }
}
