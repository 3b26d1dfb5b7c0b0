package dev.tollgate.approval;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.Originals;
import dev.tollgate.exchange.Place;
import dev.tollgate.exchange.Splice;
import dev.tollgate.exchange.Text;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.policy.Mode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What a turn brought in, as a reviewer may read it: with every redaction of the scan made, and shortened. */
final class NewTurn {
    /** Longest summary in characters. */
    static final int MAX_LENGTH = 4_000;

    /** Most passages that a reviewer may change. */
    static final int MAX_PASSAGES = 4;

    private static final String HIDDEN = "[redacted]";
    private static final String CUT = " …";
    /** Line break, one character and what says that the rest is cut: with less room left nothing more is shown. */
    private static final int SHORTEST = 1 + CUT.length();

    private NewTurn() {}

    /**
     * The new texts, one per line with who wrote it. Where there is too much, the later texts are kept: they say
     * what is wanted now. Definitions of tools come last, as far as there is room.
     */
    static String of(Exchange exchange) {
        if (isUnscanned(exchange)) {
            return "[not shown: what holds this call comes before the scan]";
        }
        if (wouldShowFindings(exchange)) {
            return "[not shown: the scan only observes, and found something in this call]";
        }
        List<String> lines = new ArrayList<>();
        int left = add(exchange, false, MAX_LENGTH, lines);
        Collections.reverse(lines);
        List<String> asides = new ArrayList<>();
        var unused = add(exchange, true, left, asides);
        Collections.reverse(asides);
        lines.addAll(asides);
        return String.join("\n", lines);
    }

    /**
     * Adds new texts as lines, the last one first, until there is no room.
     *
     * @param aside whether those that nobody said, or all others
     * @return the room that is left
     */
    private static int add(Exchange exchange, boolean aside, int room, List<String> lines) {
        Originals hidden = Originals.hidden(exchange.splices());
        int left = room;
        List<Text> texts = exchange.facts().texts();
        for (int i = texts.size() - 1; i >= 0 && left > SHORTEST; i--) {
            Text text = texts.get(i);
            if (text.isNew() && aside == isAside(text)) {
                String said = hidden.hide(shown(exchange, text));
                String line = cut(text.place().name().toLowerCase(Locale.ROOT) + ": " + said, left - 1);
                lines.add(line);
                left -= line.length() + 1;
            }
        }
        return left;
    }

    /** The new texts that can be shown whole, those that came last. */
    static List<Passage> passages(Exchange exchange) {
        if (!mayShow(exchange) || exchange.content().json() == null) {
            return List.of();
        }
        List<Passage> passages = new ArrayList<>();
        List<Text> texts = exchange.facts().texts();
        for (int i = texts.size() - 1; i >= 0 && passages.size() < MAX_PASSAGES; i--) {
            Text text = texts.get(i);
            if (text.isNew() && text.isJsonString() && !isAside(text)) {
                String shown = shown(exchange, text);
                if (shown.length() <= Passage.MAX_LENGTH) {
                    passages.add(new Passage(
                            text.path(),
                            text.place().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                            shown));
                }
            }
        }
        Collections.reverse(passages);
        return passages;
    }

    /** What nobody said: the tools that the agent's program defines, and ids and labels, without which a changed call would not fit together. */
    private static boolean isAside(Text text) {
        return text.place() == Place.TOOL_DEFINITION || text.place() == Place.METADATA;
    }

    /** Whether what a call says may be kept with a ticket. */
    static boolean mayShow(Exchange exchange) {
        return !isUnscanned(exchange) && !wouldShowFindings(exchange);
    }

    /** What nobody has searched for secrets is kept nowhere. */
    private static boolean isUnscanned(Exchange exchange) {
        return exchange.policy().bundle().scan().mode() != Mode.OFF
                && exchange.verdicts().stream()
                        .noneMatch(verdict -> verdict.stage().equals("scan"));
    }

    /** A scan that only observes changes nothing, so that what it found would be kept with the ticket in clear. */
    private static boolean wouldShowFindings(Exchange exchange) {
        return exchange.policy().bundle().scan().mode() != Mode.ENFORCE
                && exchange.verdicts().stream()
                        .anyMatch(verdict -> verdict.stage().equals("scan") && found(verdict));
    }

    private static boolean found(Verdict verdict) {
        return !verdict.rules().isEmpty();
    }

    private static String shown(Exchange exchange, Text text) {
        List<Splice> changes = exchange.splices().stream()
                .filter(splice -> splice.start() < text.end() && splice.end() > text.start())
                .toList();
        if (changes.isEmpty()) {
            return text.value();
        }
        boolean allWithin =
                changes.stream().allMatch(splice -> splice.start() >= text.start() && splice.end() <= text.end());
        return allWithin ? changed(exchange.content().bytes(), text, changes) : HIDDEN;
    }

    private static String changed(byte[] body, Text text, List<Splice> changes) {
        byte[] span = Arrays.copyOfRange(body, text.start(), text.end());
        byte[] result = Splice.apply(
                span,
                changes.stream()
                        .map(splice -> new Splice(
                                splice.start() - text.start(), splice.end() - text.start(), splice.replacement()))
                        .toList());
        if (!text.isJsonString()) {
            return new String(result, StandardCharsets.UTF_8);
        }
        try {
            return JsonReader.read(result) instanceof Json.Str string ? string.value() : HIDDEN;
        } catch (JsonReader.JsonRefused notAString) {
            // What cannot be shown as it will be sent is not shown as it came.
            return HIDDEN;
        }
    }

    /** A line of at most this length. */
    static String cut(String line, int length) {
        if (line.length() <= length) {
            return line;
        }
        int end = length - CUT.length();
        return line.substring(0, Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end) + CUT;
    }
}
