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
    private static final int MOST_DEPTH = 3;
    /** What reading one character in the keyword pass and in the making of a view costs of the budget. */
    private static final int PASS_COST = 1;
    /** Findings of one text; a text that yields more is beyond judging one by one. */
    static final int MOST_FINDINGS = 10_000;

    private static final Encodings ENCODINGS = new Encodings();
    private static final HexBytes HEX_BYTES = new HexBytes();
    private static final Escapes ESCAPES = new Escapes();
    private static final List<Normaliser> NORMALISERS = List.of(ESCAPES, new Disguises(), ENCODINGS, HEX_BYTES);
    private static final Rot13 ROT13 = new Rot13();
    private static final Reversed REVERSED = new Reversed();
    private static final Leetspeak LEETSPEAK = new Leetspeak();

    private final Engine engine;
    private final Set<Kind> kinds;
    private final Trust writer;
    private final Work work;
    private final List<Finding> found = new ArrayList<>();
    private final View whole;
    /** Null to judge by rules alone. */
    private final @Nullable Classifier classifier;

    private boolean encoded;
    /** Whether signs are read as letters: then only orders are looked for, since keys and numbers are what is written. */
    private boolean leet;
    /** Whether the view at hand could not be read before: the classifier has not seen it yet. */
    private boolean hidden;
    /** Whether more of the text is to come. */
    private boolean goesOn;

    private int openFrom = Integer.MAX_VALUE;

    Scan(Engine engine, Engine.Asked asked, String text, Work work, @Nullable Classifier classifier) {
        this.engine = engine;
        this.kinds = asked.kinds();
        this.writer = asked.writer();
        this.whole = View.of(text);
        this.work = work;
        this.classifier = classifier;
    }

    /** @throws Work.Exceeded when the budget is spent; what was found until then stays in {@link #found} */
    void run() {
        layer(whole);
    }

    /** As {@link #run}, for a text of which more is to come; see {@link #openFrom}. */
    void runOpenEnded() {
        goesOn = true;
        run();
    }

    /** Where the first match begins that may come to be, or end elsewhere, when more of the text is there; at most chars if none does. */
    int openFrom() {
        return openFrom;
    }

    /** All matches, also those that overlap, with their spans in the text that is searched. */
    List<Finding> found() {
        return found;
    }

    private void layer(View view) {
        final Pass pass = new Pass(view);
        work.spend((long) PASS_COST * view.text().length());
        engine.search(view.text(), view.image(), pass);
        if (classifier != null && (view.depth() == 0 || hidden)) {
            work.spend((long) PASS_COST * Math.min(view.text().length(), Classifier.MOST_CHARS));
            classifier
                    .finding(view.text(), view.image())
                    .ifPresent(judged ->
                            keep(judged.at(view.originalStart(judged.start()), view.originalEnd(judged.end()))));
        }
        if (view.depth() == MOST_DEPTH) {
            return;
        }
        for (Normaliser normaliser : NORMALISERS) {
            final boolean outerEncoded = encoded;
            encoded |= normaliser == ENCODINGS || normaliser == HEX_BYTES;
            layers(normaliser, view, encoded);
            encoded = outerEncoded;
        }
        if (pass.turned) {
            layers(ROT13, view, true);
        }
        if (pass.reversed) {
            layers(REVERSED, view, true);
        }
        if (pass.leet && !leet) {
            leet = true;
            LEETSPEAK.views(view, this::layer);
            leet = false;
        }
    }

    /** @param hides whether the normaliser undoes what hides a text as a whole */
    private void layers(Normaliser normaliser, View view, boolean hides) {
        final boolean outerHidden = hidden;
        hidden |= hides;
        normaliser.views(view, this::layer);
        hidden = outerHidden;
    }

    private void keep(Finding finding) {
        if (found.size() == MOST_FINDINGS) {
            throw new Work.Exceeded();
        }
        found.add(finding);
    }

    /** Personal data inside an encoding (a token's claims, say) is the token's business. */
    private Set<Kind> kindsHere() {
        if (leet) {
            return kinds.contains(Kind.INJECTION) ? EnumSet.of(Kind.INJECTION) : Set.of();
        }
        if (!encoded || !kinds.contains(Kind.PERSONAL)) {
            return kinds;
        }
        final Set<Kind> without = EnumSet.copyOf(kinds);
        without.remove(Kind.PERSONAL);
        return without;
    }

    /** The search of one view. */
    final class Pass implements KeywordSieve.Hits {
        private final View view;
        private final String text;
        private final boolean[] judging;
        /** By rule; null as long as no expression was tried, which is most of the time. */
        private @Nullable Matcher @Nullable [] matchers;
        /** By rule, where its last match ended: hits before that are part of it. Null as long as nothing matched. */
        private int @Nullable [] resume;

        /** By rule, before where no match can begin that is not found. Null as long as no rule was tried in several places. */
        private int @Nullable [] settled;

        /** Whether the text goes on where this view of it ends. */
        private final boolean isOpen;

        private boolean turned;
        private boolean reversed;
        private boolean leet;
        private int digitsEnd;

        Pass(View view) {
            this.view = view;
            this.text = view.text();
            this.judging = engine.judging(kindsHere(), writer);
            this.isOpen = goesOn && view.reachesEnd();
        }

        @Override
        public void hit(int keyword, int start) {
            if (engine.isSign(keyword)) {
                reversed |= engine.isSignOfReversal(keyword);
                leet |= engine.isSignOfLeet(keyword);
                turned |= !engine.isSignOfReversal(keyword) && !engine.isSignOfLeet(keyword);
                return;
            }
            for (Engine.Link link : engine.links(keyword)) {
                if (judging[link.rule()] && link.isSpelledAt(text, start)) {
                    attempt(link.rule(), start);
                }
            }
        }

        @Override
        public void digits(int start) {
            if (start >= digitsEnd) {
                digitsEnd = DigitRuns.run(
                        text,
                        start,
                        engine.fewestDigits(),
                        (at, count) -> engine.digitRules(view.image(), at, count, rule -> {
                            if (judging[rule]) {
                                attempt(rule, at);
                            }
                        }));
            }
        }

        /** Tries a rule that was triggered at {@code hit}. */
        private void attempt(int index, int hit) {
            final int from = resume == null ? 0 : resume[index];
            if (hit < from) {
                return;
            }
            final Rule rule = engine.rule(index);
            final Trigger trigger = rule.trigger();
            work.spend(1);
            if (isOpen && hit + trigger.run() > text.length()) {
                open(trigger.firstStart(text, hit));
            }
            if (trigger.mayMatch(text, hit)) {
                final int end = trigger.endFor(text, hit);
                final int first = trigger.firstStart(text, hit);
                final int last = Math.min(trigger.lastStart(text, hit, first), text.length() - 1);
                final ContextWords context = rule.expression().context();
                if (!view.isChangedWithin(first - context.nearby(), end + context.nearby())) {
                    return;
                }
                work.spend((long) hit - first + last - first);
                int start = Math.max(Math.max(from, first), settled == null ? 0 : settled[index]);
                while (start <= last) {
                    if (isOpen
                            && end == text.length()
                            && rule.expression().gate().mayGoOn(text, start)) {
                        open(start);
                    }
                    start = rule.mayMatchAt(text, start, end, work) ? matchAt(index, rule, start, end) : start + 1;
                }
                if (last > first) {
                    settle(index, rule, last, end);
                }
            }
        }

        /** Further hits nearby need not try again where a match would have ended before {@code end} already. */
        private void settle(int index, Rule rule, int last, int end) {
            if (settled == null) {
                settled = new int[engine.size()];
            }
            final int longest = rule.expression().gate().mostChars();
            settled[index] =
                    Math.max(settled[index], 1 + (end == text.length() ? last : Math.min(last, end - longest)));
        }

        /** @return where to go on */
        private int matchAt(int index, Rule rule, int start, int end) {
            work.spend(Work.ATTEMPT);
            // The words are looked for in all that the match may cover: cheaper than the expression, and seldom there.
            final ContextWords context = rule.expression().context();
            if (isOpen && end + context.nearby() > text.length() && !context.isEmpty()) {
                open(start);
            }
            if (!context.standNear(text, start, end, work)) {
                return start + 1;
            }
            final Matcher matcher = matcher(index, rule).region(start, end);
            if (!matcher.lookingAt()) {
                return start + 1;
            }
            keep(rule, matcher);
            if (resume == null) {
                resume = new int[engine.size()];
            }
            resume[index] = Math.max(start + 1, matcher.end());
            return resume[index];
        }

        private void open(int start) {
            if (start < text.length()) {
                openFrom = Math.min(openFrom, view.originalStart(start));
            }
        }

        private Matcher matcher(int index, Rule rule) {
            if (matchers == null) {
                matchers = new Matcher[engine.size()];
            }
            Matcher matcher = matchers[index];
            if (matcher == null) {
                matcher = rule.expression().pattern().matcher(new MeteredText(text, work));
                matcher.useTransparentBounds(true).useAnchoringBounds(false);
                matchers[index] = matcher;
            }
            return matcher;
        }

        private void keep(Rule rule, Matcher matcher) {
            final int start = rule.expression().start(matcher);
            final int end = rule.expression().end(matcher);
            if (end > start && rule.expression().holds(text, start, end, work)) {
                Scan.this.keep(rule.found(view.originalStart(start), view.originalEnd(end)));
            }
        }
    }
}
