package dev.tollgate.approval;

import dev.tollgate.approval.History.Want;
import dev.tollgate.policy.ApprovalPolicy.HoldEntry;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.ViewCompiler;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Compiles the conditions of a bundle. Whatever can be found wrong without a call is found here: syntax, names, types, patterns. */
public final class HoldCompiler implements ViewCompiler<HoldConditions> {
    @Override
    public Class<HoldConditions> type() {
        return HoldConditions.class;
    }

    @Override
    public HoldConditions compile(Bundle bundle) throws PolicyException {
        List<HoldEntry> entries = bundle.approval().holds();
        if (entries.isEmpty()) {
            return HoldConditions.NONE;
        }
        HoldLanguage language = new HoldLanguage(HoldVariables.TYPES);
        List<HoldConditions.Condition> conditions = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            HoldEntry entry = entries.get(i);
            String path = "approval.holds[" + i + "]";
            if (!ids.add(entry.id())) {
                throw PolicyException.at(path + ".id", "\"" + entry.id() + "\" names another condition already");
            }
            conditions.add(new HoldConditions.Condition(
                    entry.id(),
                    entry.reason(),
                    entry.deadline(),
                    entry.review(),
                    language.program(path + ".when", entry.when())));
        }
        return new HoldConditions(conditions, wants(entries));
    }

    /** What conditions name, or say in a text: asked for in vain costs a question, not asked for a wrong answer. */
    private static Set<Want> wants(List<HoldEntry> entries) {
        Set<Want> wants = EnumSet.noneOf(Want.class);
        for (HoldEntry entry : entries) {
            if (entry.when().contains(HoldVariables.SESSION_COST)) {
                wants.add(Want.SESSION_COST);
            }
            if (entry.when().contains(HoldVariables.FIRST_USE)) {
                wants.add(Want.USED_MODELS);
            }
        }
        return wants;
    }
}
