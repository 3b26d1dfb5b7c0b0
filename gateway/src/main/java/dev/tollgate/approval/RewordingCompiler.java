package dev.tollgate.approval;

import dev.tollgate.approval.Rewordings.Opening;
import dev.tollgate.policy.ApprovalPolicy.ReorderEntry;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.ViewCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what clients write anew into their texts, and refuses what could stand for a sentence. */
public final class RewordingCompiler implements ViewCompiler<Rewordings> {
    private static final int MAX_ENTRIES = 32;
    private static final int MAX_LENGTH = 400;

    /** Characters of its own that an entry for a whole line has at least. */
    private static final int MIN_LINE = 8;

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z]+)\\}");

    /** Stays as it is: which of several it is makes another call. */
    private static final String KEPT = "name";

    private static final Pattern OF_NAMES = Pattern.compile("[A-Za-z0-9_.-]");

    private static final String DAYS = "(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?";

    private static final String MONTHS =
            "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:tember)?"
                    + "|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)";

    /** What a placeholder can stand for: nothing in which something could be asked for. */
    private static final Map<String, String> FORMS = new TreeMap<>(Map.of(
            "date",
            "(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|(?:" + DAYS + ",? )?" + MONTHS + " [0-9]{1,2},? [0-9]{4})",
            KEPT,
            OF_NAMES + "{1,64}",
            "time",
            "[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,9})?)?",
            "uuid",
            "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}",
            "weekday",
            "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)",
            "zone",
            "(?:[A-Z]{1,5}(?:[+-][0-9]{1,2})?|[+-][0-9]{2}:?[0-9]{2})"));

    @Override
    public Class<Rewordings> type() {
        return Rewordings.class;
    }

    @Override
    public Rewordings compile(Bundle bundle) throws PolicyException {
        List<String> entries = bundle.approval().retriesReword();
        requireAtMost("approval.retries_reword", entries);
        List<Opening> openings = new ArrayList<>();
        List<TextDigest> lines = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            String place = "approval.retries_reword[" + i + "]";
            if (entries.get(i).startsWith(TextDigest.PREFIX)) {
                lines.add(TextDigest.read(place, entries.get(i), "line"));
            } else {
                openings.add(opening(place, entries.get(i)));
            }
        }
        return new Rewordings(openings, lines, reorderings(bundle));
    }

    private static List<Reordering> reorderings(Bundle bundle) throws PolicyException {
        List<ReorderEntry> entries = bundle.approval().retriesReorder();
        requireAtMost("approval.retries_reorder", entries);
        List<Reordering> reorderings = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            reorderings.add(Reordering.read("approval.retries_reorder[" + i + "]", entries.get(i)));
        }
        return reorderings;
    }

    private static void requireAtMost(String place, List<?> entries) throws PolicyException {
        if (entries.size() > MAX_ENTRIES) {
            throw PolicyException.at(place, entries.size() + " entries, and the limit is " + MAX_ENTRIES);
        }
    }

    private static Opening opening(String place, String entry) throws PolicyException {
        if (entry.length() > MAX_LENGTH) {
            throw PolicyException.at(place, entry.length() + " characters, and the limit is " + MAX_LENGTH);
        }
        if (entry.chars().anyMatch(Character::isISOControl)) {
            throw PolicyException.at(place, "has a line break or another control character: it is how one line begins");
        }
        StringBuilder form = new StringBuilder();
        StringBuilder steady = new StringBuilder();
        Matcher matcher = PLACEHOLDER.matcher(entry);
        int from = 0;
        boolean isVaried = false;
        for (int group = 1; matcher.find(); group++) {
            String name = matcher.group(1);
            String written = entry.substring(from, matcher.start());
            requireEnd(place, name, entry, matcher.end());
            form.append(Pattern.quote(written))
                    .append("((?>")
                    .append(form(place, name, written))
                    .append("))");
            steady.append(Matcher.quoteReplacement(written))
                    .append(name.equals(KEPT) ? "$" + group : Matcher.quoteReplacement(matcher.group()));
            isVaried |= !name.equals(KEPT);
            from = matcher.end();
        }
        String last = entry.substring(from);
        if (!isVaried) {
            throw PolicyException.at(
                    place,
                    "\"" + entry + "\" is not how a line begins that is written anew: it needs one of {"
                            + String.join("}, {", variedNames()) + "}");
        }
        int written = PLACEHOLDER.matcher(entry).replaceAll("").length();
        if (last.isEmpty() && written < MIN_LINE) {
            throw PolicyException.at(
                    place,
                    "\"" + entry + "\" ends with a placeholder, and so is a whole line: it needs " + MIN_LINE
                            + " characters of its own, to be told from what people write");
        }
        return new Opening(
                entry.charAt(0),
                Pattern.compile(form + Pattern.quote(last)),
                steady + Matcher.quoteReplacement(last),
                last.isEmpty());
    }

    /** A placeholder takes all that it can and gives nothing back: what goes on behind it with the characters of a name would never be found. */
    private static void requireEnd(String place, String name, String entry, int end) throws PolicyException {
        String behind = entry.substring(end, Math.min(end + 1, entry.length()));
        if (name.equals(KEPT) && OF_NAMES.matcher(behind).matches()) {
            throw PolicyException.at(
                    place,
                    "{" + name + "} cannot end in front of \"" + behind
                            + "\": letters, digits, _, . and - belong to the name, which goes as far as it can");
        }
    }

    /** @param written what stands in front of the placeholder */
    private static String form(String place, String name, String written) throws PolicyException {
        String form = FORMS.get(name);
        if (form == null) {
            throw PolicyException.at(
                    place,
                    "{" + name + "} stands for nothing: there are {" + String.join("}, {", FORMS.keySet()) + "}");
        }
        if (written.isEmpty()) {
            throw PolicyException.at(
                    place,
                    "{" + name + "} needs characters of its own in front of it, to be told from what people write");
        }
        return form;
    }

    private static List<String> variedNames() {
        return FORMS.keySet().stream().filter(name -> !name.equals(KEPT)).toList();
    }
}
