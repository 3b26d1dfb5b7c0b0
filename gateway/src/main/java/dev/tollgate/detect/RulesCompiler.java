package dev.tollgate.detect;

import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.RuleFiles;
import dev.tollgate.policy.ScanPolicy;
import dev.tollgate.policy.ScanPolicy.Action;
import dev.tollgate.policy.ViewCompiler;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a bundle: the shipped packs and those in its folder {@code rules}. Refuses settings for rules that do not exist, because a
 * misspelt id would leave a rule as it was without a word.
 */
public final class RulesCompiler implements ViewCompiler<RuleSet> {
    private final @Nullable Path bundle;

    /** @param bundle the bundle's folder; null for the default bundle */
    public RulesCompiler(@Nullable Path bundle) {
        this.bundle = bundle;
    }

    @Override
    public Class<RuleSet> type() {
        return RuleSet.class;
    }

    @Override
    public RuleSet compile(Bundle policies) throws PolicyException {
        final RuleSet rules;
        try {
            rules = RuleSets.with(RuleFiles.of(bundle));
        } catch (RulePackException unsound) {
            throw new PolicyException(String.valueOf(unsound.getMessage()), unsound);
        }
        requireApproval(policies);
        final Map<String, Kind> kinds =
                rules.rules().stream().collect(Collectors.toMap(RuleSet.Summary::id, RuleSet.Summary::kind));
        for (String id : policies.scan().rules().keySet()) {
            if (kind("scan.rules." + id, id, kinds) == Kind.INJECTION) {
                throw PolicyException.at(
                        "scan.rules." + id, "the rule looks for injection and belongs under detect.disabled");
            }
        }
        for (String id : policies.detect().disabled()) {
            if (kind("detect.disabled", id, kinds) != Kind.INJECTION) {
                throw PolicyException.at(
                        "detect.disabled", "rule \"" + id + "\" belongs under scan.rules, as " + id + ": off");
            }
        }
        return rules;
    }

    /** A call that nobody can hold would be sent. */
    private static void requireApproval(Bundle policies) throws PolicyException {
        if (policies.approval().mode() != Mode.OFF) {
            return;
        }
        final ScanPolicy scan = policies.scan();
        final String holding = scan.secrets() == Action.HOLD
                ? "scan.secrets"
                : scan.personal() == Action.HOLD
                        ? "scan.personal"
                        : scan.rules().containsValue(Action.HOLD) ? "scan.rules" : null;
        if (holding != null) {
            throw PolicyException.at(holding, "hold needs people who decide, and approval.mode is off");
        }
        if (policies.detect().holdFrom() != null) {
            throw PolicyException.at("detect.hold_from", "needs people who decide, and approval.mode is off");
        }
    }

    private static Kind kind(String path, String id, Map<String, Kind> kinds) throws PolicyException {
        final Kind kind = kinds.get(id);
        if (kind == null) {
            throw PolicyException.at(path, "no rule is called \"" + id + "\"; the packs in rules/ have their ids");
        }
        return kind;
    }
}
