package dev.tollgate.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.tollgate.exchange.Originals;
import dev.tollgate.http.ReplySearch.Hit;
import dev.tollgate.wire.JsonEdits.Edit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One text of a stream that comes in pieces: what one choice says, thinks, or calls a tool with. Keeps what may not leave yet. Positions count
 * the chars of the whole text.
 *
 * <pre>
 *   0 ──────── left ─────────── decided ─────────── end
 *     gone out       may go out          may become a finding, or a placeholder that is to be replaced
 * </pre>
 */
final class ReplyChannel {
    /** Chars in front of what is undecided that rules may look back at. */
    private static final int LOOK_BACK = 256;
    /** Looking at every char that comes would cost as many looks: so many are waited for, */
    private static final int STEP = 32;
    /** and this part of what is undecided, so that a text of which nothing is decided costs a few looks and not one for each step. */
    private static final int PART_OF_UNDECIDED = 8;

    private final boolean isJson;
    private final StringBuilder tail = new StringBuilder();
    private final List<Mask> masks = new ArrayList<>();
    private final Set<Hit> judged = new HashSet<>();
    private int tailAt;
    private int restored;
    private int decided;
    private int looked;
    private int left;

    /** A part of the text and what takes its place. */
    private record Mask(int start, int end, String replacement, boolean putsBack) {}

    /** @param isJson whether the text is JSON, into whose strings what is put back must fit */
    ReplyChannel(boolean isJson) {
        this.isJson = isJson;
    }

    /** @return where it begins */
    int append(String text) {
        int start = end();
        tail.append(text);
        return start;
    }

    int end() {
        return tailAt + tail.length();
    }

    /** Chars that may not leave yet. */
    int undecided() {
        return end() - decided;
    }

    /** Whether enough has come since the last look. */
    boolean isDue(ReplyRules rules) {
        return !rules.isSearching() || end() - looked >= Math.max(STEP, undecided() / PART_OF_UNDECIDED);
    }

    boolean isDecided(int until) {
        return decided >= until;
    }

    /** Whether something is left here of pieces that have gone out. */
    boolean hasRest() {
        return left < end();
    }

    /** Searches what has come. */
    void look(ReplyRules rules, boolean isOver) {
        if (end() == looked && !isOver) {
            return;
        }
        looked = end();
        int open = putBack(rules, isOver);
        if (rules.isSearching()) {
            String written = tail.toString();
            ReplySearch.Look look = rules.look(withoutReplaced(written), written, isOver);
            for (Hit hit : look.hits()) {
                judge(hit, written, rules);
            }
            open = Math.min(open, tailAt + look.decided());
        }
        decided = Math.max(decided, isOver ? end() : open);
        forget();
    }

    /** Finds placeholders that came whole since the last look; yields where one may begin that has not. */
    private int putBack(ReplyRules rules, boolean isOver) {
        Originals originals = rules.originals();
        if (originals.isEmpty()) {
            return end();
        }
        Originals.Hit hit = originals.next(tail, restored - tailAt);
        while (hit != null) {
            String value = hit.value();
            if (value == null) {
                restored = tailAt + hit.start();
                return isOver ? end() : restored;
            }
            restored = tailAt + hit.end();
            String fitting = isJson ? new String(JsonStringEncoder.getInstance().quoteAsString(value)) : value;
            masks.add(new Mask(tailAt + hit.start(), restored, fitting, true));
            rules.findings().restored();
            hit = originals.next(tail, hit.end());
        }
        restored = end();
        return end();
    }

    /** What is put back is no word of the model's: rules see blanks there. */
    private String withoutReplaced(String written) {
        StringBuilder plain = null;
        for (Mask mask : masks) {
            if (mask.putsBack && mask.end > tailAt) {
                plain = plain == null ? new StringBuilder(written) : plain;
                for (int at = Math.max(mask.start, tailAt); at < mask.end; at++) {
                    plain.setCharAt(at - tailAt, ' ');
                }
            }
        }
        return plain == null ? written : plain.toString();
    }

    private void judge(Hit found, String written, ReplyRules rules) {
        Hit hit = found.movedBy(tailAt);
        String value = written.substring(found.start(), found.end());
        if (hit.end() <= left || !judged.add(hit) || !rules.isMasked(hit, value)) {
            return;
        }
        if (hit.start() < left) {
            rules.tooLate(hit);
        } else {
            mask(hit.start(), hit.end(), rules.placeholder(hit, value));
        }
    }

    /** Covers what is masked already in the same place. */
    private void mask(int from, int to, String replacement) {
        int start = from;
        int end = to;
        for (Mask mask : masks) {
            if (mask.start < to && mask.end > from) {
                start = Math.min(start, mask.start);
                end = Math.max(end, mask.end);
            }
        }
        masks.removeIf(mask -> mask.start < to && mask.end > from);
        masks.add(new Mask(start, end, replacement, false));
    }

    private void forget() {
        masks.removeIf(mask -> mask.end <= left);
        masks.sort(Comparator.comparingInt(Mask::start));
        int keep = Math.max(tailAt, Math.min(decided, left) - LOOK_BACK);
        if (keep - tailAt >= LOOK_BACK) {
            tail.delete(0, keep - tailAt);
            tailAt = keep;
            judged.removeIf(hit -> hit.end() <= keep);
        }
    }

    /**
     * What of the text leaves with a piece of it: all that may and has not, and nothing behind the piece.
     *
     * @param start where the piece begins
     * @param length its chars
     * @return changes to the piece; empty where it leaves as it came
     */
    List<Edit> pass(int start, int length) {
        int end = start + length;
        int until = until(end);
        if (left == start && until == end && masks.isEmpty()) {
            left = end;
            return List.of();
        }
        List<Edit> edits = new ArrayList<>();
        if (left > start) {
            edits.add(new Edit(0, Math.min(left, end) - start, ""));
        }
        StringBuilder before = new StringBuilder();
        int at = left;
        for (Mask mask : masks) {
            if (mask.end > at && mask.start < until) {
                carry(at, Math.min(mask.start, start), before);
                if (mask.start < start) {
                    before.append(mask.replacement);
                    cut(0, Math.min(mask.end, end) - start, edits);
                } else {
                    edits.add(new Edit(mask.start - start, Math.min(mask.end, end) - start, mask.replacement));
                }
                at = mask.end;
            }
        }
        carry(at, Math.min(until, start), before);
        at = Math.max(at, until);
        cut(Math.max(at, start) - start, length, edits);
        left = Math.max(left, at);
        if (!before.isEmpty()) {
            edits.addFirst(new Edit(0, 0, before.toString()));
        }
        return edits;
    }

    private static void cut(int from, int to, List<Edit> edits) {
        if (from < to) {
            edits.add(new Edit(from, to, ""));
        }
    }

    /** Adds what pieces before left behind. */
    private void carry(int from, int to, StringBuilder before) {
        if (from < to) {
            before.append(tail, from - tailAt, to - tailAt);
        }
    }

    /** Half of a character that takes two chars does not leave alone. */
    private int until(int end) {
        int until = Math.min(end, decided);
        boolean splits = until > left && until < end && Character.isHighSurrogate(tail.charAt(until - 1 - tailAt));
        return Math.max(left, splits ? until - 1 : until);
    }
}
