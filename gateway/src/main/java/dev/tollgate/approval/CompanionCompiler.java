package dev.tollgate.approval;

import dev.tollgate.approval.Companions.Companion;
import dev.tollgate.policy.ApprovalPolicy.CompanionEntry;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.ViewCompiler;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads which calls agents make beside the one that answers a turn. */
public final class CompanionCompiler implements ViewCompiler<Companions> {
    private static final int MAX_ENTRIES = 32;
    private static final int MAX_TEXTS = 8;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    @Override
    public Class<Companions> type() {
        return Companions.class;
    }

    @Override
    public Companions compile(Bundle bundle) throws PolicyException {
        List<CompanionEntry> entries = bundle.approval().companions();
        requireAtMost(MAX_ENTRIES, entries, "approval.companions");
        List<Companion> companions = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            CompanionEntry entry = entries.get(i);
            String place = "approval.companions[" + i + "]";
            if (!NAME.matcher(entry.name()).matches()) {
                throw PolicyException.at(
                        place + ".name",
                        "\"" + entry.name() + "\" is no name: 1 to 64 letters, digits, underscores, dots and hyphens");
            }
            if (!names.add(entry.name())) {
                throw PolicyException.at(place + ".name", "\"" + entry.name() + "\" names another companion already");
            }
            companions.add(new Companion(entry.name(), says(place + ".says", entry), entry.leads()));
        }
        return new Companions(companions);
    }

    private static Set<TextDigest> says(String place, CompanionEntry entry) throws PolicyException {
        requireAtMost(MAX_TEXTS, entry.says(), place);
        if (entry.says().isEmpty()) {
            throw PolicyException.at(place, "needs a text by which the companion is known");
        }
        Set<TextDigest> says = new LinkedHashSet<>();
        for (int i = 0; i < entry.says().size(); i++) {
            says.add(TextDigest.read(place + "[" + i + "]", entry.says().get(i), "text"));
        }
        return says;
    }

    private static void requireAtMost(int most, List<?> entries, String place) throws PolicyException {
        if (entries.size() > most) {
            throw PolicyException.at(place, entries.size() + " entries, and the limit is " + most);
        }
    }
}
