package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * One search of one text: the text as it is, then its views, then theirs. Not thread-safe.
 *
 * <pre>
 *   text ─┬─ escapes undone ──┬─ disguises undone
 *         ├─ disguises undone └─ encodings undone …       at most {@link #MOST_DEPTH} deep,
 *         └─ encodings undone ─…                          all paid from one work budget
 * </pre>
 */
final class Scan {
    /** Layers of hiding that are undone, one within the other. */
    private static final int MOST_DEPTH = 2;
    /** What reading one character in the keyword pass and in the making of a view costs of the budget. */
    private static final int PASS_COST = 1;
    /** Findings of one text; a text that yields more is beyond judging one by one. */
    static final int MOST_FINDINGS = 10_000;

    private static final Encodings ENCODINGS = new Encodings();
    private static final List<Normaliser> NORMALISERS = List.of(new Escapes(), new Disguises(), ENCODINGS);
    private static final Rot13 ROT13 = new Rot13();

    private final List<Engine> engines;
    private final Set<Kind> kinds;
    private final Trust writer;
    private final Work work;
    private final List<Finding> found = new ArrayList<>();
    private boolean encoded;

    /** @param engines those of {@code kinds} */
    Scan(List<Engine> engines, Set<Kind> kinds, Trust writer, Work work) {
        this.engines = engines;
        this.kinds = kinds;
        this.writer = writer;
        this.work = work;
    }

    /** @throws Work.Exceeded when the budget is spent; what was found until then stays in {@link #found} */
    void run(String text) {
        layer(View.of(text));
    }

    /** All matches, also those that overlap, with their spans in the text that was run. */
    List<Finding> found() {
        return found;
    }

    private void layer(View view) {
        boolean signed = false;
        for (Engine engine : engines) {
            final Pass pass = new Pass(engine, view);
            work.spend((long) PASS_COST * view.text().length());
            engine.search(view.text(), pass);
            signed |= pass.signed;
        }
        if (view.depth() == MOST_DEPTH) {
            return;
        }
        for (Normaliser normaliser : NORMALISERS) {
            final boolean outerEncoded = encoded;
            encoded |= normaliser == ENCODINGS;
            normaliser.views(view, this::layer);
            encoded = outerEncoded;
        }
        if (signed) {
            ROT13.views(view, this::layer);
        }
    }

    /** Personal data inside an encoding (a token's claims, say) is the token's business. */
    private Set<Kind> kindsHere() {
        if (!encoded || !kinds.contains(Kind.PERSONAL)) {
            return kinds;
        }
        final Set<Kind> without = EnumSet.copyOf(kinds);
        without.remove(Kind.PERSONAL);
        return without;
    }

    /** The search of one view by one engine. */
    final class Pass {
        private final Engine engine;
        private final View view;
        private final MeteredText metered;
        private final boolean[] judging;
        private final @Nullable Matcher[] matchers;
        /** Per rule, where its last match ended: hits before that are part of it. */
        private final int[] resume;

        private boolean signed;

        Pass(Engine engine, View view) {
            this.engine = engine;
            this.view = view;
            this.judging = engine.judging(kindsHere(), writer);
            this.metered = new MeteredText(view.text(), work);
            this.matchers = new Matcher[engine.size()];
            this.resume = new int[engine.size()];
        }

        void sign() {
            signed = true;
        }

        /** Tries a rule that was triggered at {@code hit}. */
        void attempt(int index, int hit) {
            if (hit < resume[index] || !judging[index]) {
                return;
            }
            final Rule rule = engine.rule(index);
            final Trigger trigger = rule.trigger();
            work.spend(1);
            if (trigger.mayMatch(view.text(), hit)) {
                final int end = trigger.endFor(view.text(), hit);
                final int first = trigger.firstStart(view.text(), hit);
                final int last = trigger.lastStart(view.text(), hit, first);
                work.spend((long) hit - first + last - first);
                int start = Math.max(resume[index], first);
                while (start <= last) {
                    start = rule.mayBeginAt(view.text(), start) ? matchAt(index, rule, start, end) : start + 1;
                }
            }
        }

        /** @return where to go on */
        private int matchAt(int index, Rule rule, int start, int end) {
            work.spend(Work.ATTEMPT);
            final Matcher matcher = matcher(index, rule).region(start, end);
            if (!matcher.lookingAt()) {
                return start + 1;
            }
            keep(rule, matcher);
            resume[index] = Math.max(start + 1, matcher.end());
            return resume[index];
        }

        private Matcher matcher(int index, Rule rule) {
            Matcher matcher = matchers[index];
            if (matcher == null) {
                matcher = rule.expression().pattern().matcher(metered);
                matcher.useTransparentBounds(true).useAnchoringBounds(false);
                matchers[index] = matcher;
            }
            return matcher;
        }

        private void keep(Rule rule, Matcher matcher) {
            final int start = rule.expression().start(matcher);
            final int end = rule.expression().end(matcher);
            if (end > start && rule.expression().holds(view.text(), start, end, work)) {
                if (found.size() == MOST_FINDINGS) {
                    throw new Work.Exceeded();
                }
                found.add(rule.found(view.originalStart(start), view.originalEnd(end)));
            }
        }
    }
}
