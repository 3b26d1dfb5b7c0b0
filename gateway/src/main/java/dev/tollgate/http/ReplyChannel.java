package dev.tollgate.http;

import dev.tollgate.detect.Finding;
import dev.tollgate.detect.Kind;
import dev.tollgate.detect.RuleSet;
import dev.tollgate.detect.Trust;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One text of a stream that comes in pieces: what one choice says, thinks, or calls a tool with. Keeps as much of its end as rules may still
 * match. Positions count the chars of the whole text.
 */
final class ReplyChannel {
    /** Chars in front of what is undecided that rules may look back at. */
    private static final int LOOK_BACK = 256;
    /** Looking at every char that comes would cost as many looks: so many are waited for. */
    private static final int STEP = 32;

    private final StringBuilder tail = new StringBuilder();
    private final List<Mask> masks = new ArrayList<>();
    private int tailAt;
    private int decided;
    private int looked;
    private int passed;
    private int handled;

    /** A part of the text and what takes its place. */
    private record Mask(int start, int end, String placeholder) {}

    /** Decides about findings. */
    interface Judge {
        /** @return whether a placeholder takes its place; else nothing happens to it */
        boolean isMasked(Finding finding);

        /** A finding of which a part has been passed on. */
        void tooLate(Finding finding);

        String placeholder(String text, Finding finding);
    }

    /** @return where it begins */
    int append(String text) {
        int start = end();
        tail.append(text);
        return start;
    }

    private int end() {
        return tailAt + tail.length();
    }

    /** Whether enough has come since the last look. */
    boolean isDue() {
        return end() - looked >= STEP;
    }

    boolean isDecided(int until) {
        return decided >= until;
    }

    /** Searches what has come. */
    void look(RuleSet rules, Set<Kind> kinds, Judge judge, boolean isOver) {
        if (end() == looked && !isOver) {
            return;
        }
        String text = tail.toString();
        looked = end();
        if (isOver) {
            rules.scan(text, kinds, Trust.ASSISTANT).forEach(finding -> judge(finding, text, judge));
            decided = end();
        } else {
            RuleSet.Look look = rules.look(text, kinds, Trust.ASSISTANT);
            look.findings().forEach(finding -> judge(finding, text, judge));
            decided = Math.max(decided, tailAt + look.decided());
        }
        forget();
    }

    private void judge(Finding finding, String text, Judge judge) {
        int start = tailAt + finding.start();
        int end = tailAt + finding.end();
        if (start < handled || end <= passed || !judge.isMasked(finding)) {
            return;
        }
        handled = end;
        if (start < passed) {
            judge.tooLate(finding);
        } else {
            masks.add(new Mask(start, end, judge.placeholder(text, finding)));
        }
    }

    private void forget() {
        int keep = Math.max(tailAt, Math.min(decided, passed) - LOOK_BACK);
        tail.delete(0, keep - tailAt);
        tailAt = keep;
    }

    /** What is passed on of a piece: itself where nothing in it is masked. */
    String pass(String piece, int start) {
        int end = start + piece.length();
        passed = Math.max(passed, end);
        StringBuilder out = new StringBuilder();
        int at = start;
        for (Mask mask : masks) {
            if (mask.start < end && mask.end > start) {
                out.append(piece, at - start, Math.max(at, mask.start) - start);
                out.append(mask.start >= start ? mask.placeholder : "");
                at = Math.min(end, mask.end);
            }
        }
        return out.append(piece, at - start, piece.length()).toString();
    }
}
