package dev.tollgate.approval;

import dev.cel.runtime.Program;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.Names;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.ToolsPolicy;
import dev.tollgate.policy.ToolsPolicy.ToolRule;
import dev.tollgate.policy.ViewCompiler;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles a bundle's rules for tools, those of its profile behind its own. */
public final class ToolCompiler implements ViewCompiler<ToolRules> {
    @Override
    public Class<ToolRules> type() {
        return ToolRules.class;
    }

    @Override
    public ToolRules compile(Bundle bundle) throws PolicyException {
        ToolsPolicy policy = bundle.tools();
        List<ToolRule> entries = new ArrayList<>(policy.rules());
        int own = entries.size();
        entries.addAll(ToolProfiles.of(policy.profile()));
        if (policy.mode() == Mode.OFF || entries.isEmpty()) {
            return ToolRules.NONE;
        }
        HoldLanguage language = new HoldLanguage(ToolVariables.TYPES);
        List<ToolRules.Rule> rules = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            ToolRule entry = entries.get(i);
            String path = "tools.rules[" + i + "]";
            if (!ids.add(entry.id())) {
                throw PolicyException.at(path + ".id", "\"" + entry.id() + "\" names another rule already");
            }
            if (i < own && entry.define() == null && entry.call() == null) {
                throw PolicyException.at(path, "a rule needs define or call: it says nothing otherwise");
            }
            if (entry.review().denyAs() != null) {
                throw PolicyException.at(
                        path + ".review.deny_as",
                        "is for calls that are held; a call of a tool is taken out with the reason");
            }
            rules.add(rule(entry, program(language, path, entry.when())));
        }
        return new ToolRules(rules);
    }

    private static ToolRules.Rule rule(ToolRule entry, @Nullable Program when) {
        return new ToolRules.Rule(
                entry,
                ToolRules.Rule.pattern(small(entry.tools())),
                ToolRules.Rule.pattern(entry.agents()),
                ToolRules.Rule.pattern(entry.teams()),
                ToolRules.Rule.pattern(entry.commands()),
                ToolRules.Rule.pattern(entry.paths()),
                ToolRules.Rule.pattern(small(entry.hosts())),
                when);
    }

    private static @Nullable Program program(HoldLanguage language, String path, @Nullable String when)
            throws PolicyException {
        return when == null ? null : language.program(path + ".when", when);
    }

    private static Names small(Names names) {
        return new Names(
                names.all().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList());
    }
}
