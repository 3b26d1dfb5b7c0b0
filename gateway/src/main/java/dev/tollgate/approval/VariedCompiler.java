package dev.tollgate.approval;

import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.ViewCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads what clients vary between attempts, and refuses what would let another call pass with the leave for one. */
public final class VariedCompiler implements ViewCompiler<VariedMembers> {
    private static final int MAX_PATHS = 64;
    private static final int MAX_NAMES = 8;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_$-]{1,100}");

    /**
     * Members of bodies, on any wire, that say what the model reads, what it may do, or what it may cost: in lower case, without underscores
     * and hyphens. Left out of the fingerprint, they could be changed after a person has agreed.
     */
    private static final Set<String> MEANING = Set.of(
            "additionalmodelrequestfields",
            "background",
            "bestof",
            "cachedcontent",
            "chathistory",
            "container",
            "content",
            "contents",
            "contextmanagement",
            "conversation",
            "documents",
            "file",
            "files",
            "functioncall",
            "functions",
            "generationconfig",
            "guardrailconfig",
            "image",
            "images",
            "inferenceconfig",
            "input",
            "inputs",
            "instructions",
            "maxcompletiontokens",
            "maxoutputtokens",
            "maxtokens",
            "maxtokenstosample",
            "maxtoolcalls",
            "mcpservers",
            "message",
            "messages",
            "modalities",
            "model",
            "models",
            "n",
            "outputconfig",
            "plugins",
            "preamble",
            "prediction",
            "previousresponseid",
            "prompt",
            "promptvariables",
            "provider",
            "query",
            "reasoning",
            "reasoningeffort",
            "requests",
            "responseformat",
            "safetysettings",
            "servicetier",
            "suffix",
            "system",
            "systeminstruction",
            "text",
            "texts",
            "thinking",
            "toolchoice",
            "toolconfig",
            "tools",
            "websearchoptions");

    @Override
    public Class<VariedMembers> type() {
        return VariedMembers.class;
    }

    @Override
    public VariedMembers compile(Bundle bundle) throws PolicyException {
        List<String> entries = bundle.approval().retriesVary();
        if (entries.size() > MAX_PATHS) {
            throw PolicyException.at("approval.retries_vary", entries.size() + " paths, and the limit is " + MAX_PATHS);
        }
        List<List<String>> paths = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            paths.add(names("approval.retries_vary[" + i + "]", entries.get(i)));
        }
        return VariedMembers.of(paths);
    }

    private static List<String> names(String place, String entry) throws PolicyException {
        List<String> names = List.of(entry.split("\\.", -1));
        if (names.size() > MAX_NAMES) {
            throw PolicyException.at(
                    place, "\"" + entry + "\" has " + names.size() + " names, and the limit is " + MAX_NAMES);
        }
        for (String name : names) {
            if (!name.equals(VariedMembers.ANY) && !NAME.matcher(name).matches()) {
                throw PolicyException.at(
                        place,
                        "\"" + entry
                                + "\" is no path: names of members with dots between them, such as metadata.attempt,"
                                + " where * stands for every member or element");
            }
        }
        String first = names.get(0);
        if (first.equals(VariedMembers.ANY)) {
            throw PolicyException.at(
                    place, "\"" + entry + "\" is about every member of the body: a path begins with the name of one");
        }
        if (MEANING.contains(first.toLowerCase(Locale.ROOT).replace("_", "").replace("-", ""))) {
            throw PolicyException.at(
                    place,
                    "\"" + entry + "\" cannot be left out: " + first
                            + " says what the model reads, may do or may cost, and could be changed after a person has agreed");
        }
        return names;
    }
}
