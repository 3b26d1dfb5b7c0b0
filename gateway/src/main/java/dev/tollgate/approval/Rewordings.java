package dev.tollgate.approval;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Splice;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What clients write anew into the texts of each attempt at the same call: openings of lines that name a moment or a session, lines that
 * only a later attempt has, and lists in another order. Immutable.
 */
public final class Rewordings {
    /** Members of bodies, on any wire, that have texts which a model reads. */
    private static final Set<String> SAID = Set.of(
            "contents", "input", "instructions", "messages", "system", "systemInstruction", "system_instruction");

    /** Members below these that lead to the texts: not those of tools and their calls, whose arguments may have any name but are below others. */
    private static final Set<String> INSIDE = Set.of("content", "parts", "text");

    private static final int MAX_OPENING = 1000;

    /** Lines of one body that are compared with what is known; what comes behind them counts as it is. */
    private static final int MAX_COMPARED = 10_000;

    private final List<Opening> openings;
    /** Lines, or their ends. */
    private final Set<TextDigest> lines;

    private final List<Reordering> reorderings;
    private final BitSet beginnings = new BitSet();
    private final BitSet lengths = new BitSet();

    /**
     * How a line begins.
     *
     * @param first its first character
     * @param form what it looks like
     * @param steady what stands for it, with a dollar and a number for each of its groups that stays as it is
     * @param isWhole whether the line has nothing behind it
     */
    record Opening(char first, Pattern form, String steady, boolean isWhole) {}

    Rewordings(List<Opening> openings, List<TextDigest> lines, List<Reordering> reorderings) {
        this.openings = List.copyOf(openings);
        this.lines = Set.copyOf(lines);
        this.reorderings = List.copyOf(reorderings);
        openings.forEach(opening -> beginnings.set(opening.first));
        lines.forEach(line -> lengths.set(line.length()));
    }

    /** What makes of a body one that all attempts at the same call have: none for most. */
    List<Splice> in(Json.Obj body) {
        Reading reading = new Reading();
        if (!openings.isEmpty() || !lines.isEmpty() || !reorderings.isEmpty()) {
            reading.collect(body, SAID);
        }
        return reading.changes;
    }

    /** A text as all attempts at the same call have it. */
    String steady(String text) {
        return inOrder(new Reading().steady(text));
    }

    /** A text with its lists in the order that all attempts at the same call have. */
    String inOrder(String text) {
        String ordered = text;
        for (Reordering reordering : reorderings) {
            if (reordering.mayBeIn(ordered)) {
                ordered = reordering.inOrder(ordered);
            }
        }
        return ordered;
    }

    /** One pass over the texts of one body. */
    private final class Reading {
        private final List<Splice> changes = new ArrayList<>();
        private int compared;

        void collect(Json value, Set<String> names) {
            if (value instanceof Json.Obj object) {
                object.members().forEach((name, member) -> {
                    if (names.contains(name)) {
                        collect(member, INSIDE);
                    }
                });
            } else if (value instanceof Json.Arr array) {
                array.elements().forEach(element -> collect(element, names));
            } else if (value instanceof Json.Str said) {
                String steady = inOrder(mayDiffer(said.value()) ? steady(said.value()) : said.value());
                if (!steady.equals(said.value())) {
                    String quoted =
                            '"' + new String(JsonStringEncoder.getInstance().quoteAsString(steady)) + '"';
                    changes.add(Splice.of(said.start(), said.end(), quoted));
                }
            }
        }

        /** A line that is left out goes with the breaks in front of it; where others stand in front of it, with the one behind it. */
        String steady(String text) {
            StringBuilder steady = new StringBuilder(text.length());
            boolean isJoined = true;
            for (int line = 0; line <= text.length(); ) {
                int found = text.indexOf('\n', line);
                int end = found < 0 ? text.length() : found;
                int before = steady.length();
                if (!isJoined) {
                    steady.append('\n');
                }
                int rest = open(text, line, end, steady);
                boolean isLeftOut = isLeftOut(text, rest, end);
                if (!isLeftOut) {
                    steady.append(text, rest, end);
                } else if (rest == line && !isJoined) {
                    steady.setLength(withoutBreaks(steady, before));
                }
                isJoined = isLeftOut && (rest > line || isJoined);
                line = end + 1;
            }
            return steady.toString();
        }

        /** Writes how the line begins, if it is known, and tells where it goes on. */
        private int open(String text, int line, int end, StringBuilder steady) {
            if (line == end || !beginnings.get(text.charAt(line)) || !mayCompare()) {
                return line;
            }
            String beginning = text.substring(line, Math.min(end, line + MAX_OPENING));
            for (Opening opening : openings) {
                Matcher matcher = opening.form.matcher(beginning);
                if (matcher.lookingAt() && (!opening.isWhole || line + matcher.end() == end)) {
                    matcher.appendReplacement(steady, opening.steady);
                    return line + matcher.end();
                }
            }
            return line;
        }

        private boolean isLeftOut(String text, int from, int to) {
            return lengths.get(to - from) && mayCompare() && lines.contains(TextDigest.of(text.substring(from, to)));
        }

        private boolean mayCompare() {
            return compared++ < MAX_COMPARED;
        }
    }

    /** Whether a line of it may be known: of most texts none is, and nothing is written anew for them. */
    private boolean mayDiffer(String text) {
        for (int line = 0; line < text.length(); ) {
            int found = text.indexOf('\n', line);
            int end = found < 0 ? text.length() : found;
            if (lengths.get(end - line) || (line < end && beginnings.get(text.charAt(line)))) {
                return true;
            }
            line = end + 1;
        }
        return false;
    }

    private static int withoutBreaks(StringBuilder text, int length) {
        int end = length;
        while (end > 0 && text.charAt(end - 1) == '\n') {
            end--;
        }
        return end;
    }
}
