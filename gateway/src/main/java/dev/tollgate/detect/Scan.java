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
    private final KeywordSieve.Notes notes = new KeywordSieve.Notes();
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
        engine.search(view.text(), view.image(), notes, pass);
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
    final class Pass implements KeywordSieve.Hits, DigitRuns.Groups {
        private final View view;
        private final String text;
        private final boolean[] judging;

        private final Tried tried = new Tried(engine.size());
        /** What expressions read. */
        private final MeteredText metered;

        private final KnownFailures failures;

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
            this.metered = new MeteredText(text, work);
            this.failures = new KnownFailures(engine.size(), text, work);
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
                digitsEnd = DigitRuns.run(view.image(), start, engine.fewestDigits(), this);
            }
        }

        @Override
        public void group(int start, int digits) {
            for (DigitRules some : engine.digitRules()) {
                for (long left = some.at(view.image(), start, digits); left != 0; left &= left - 1) {
                    final int rule = some.rule(Long.numberOfTrailingZeros(left));
                    if (judging[rule]) {
                        attempt(rule, start);
                    }
                }
            }
        }

        /** Tries a rule that was triggered at {@code hit}. */
        private void attempt(int index, int hit) {
            work.spend(1);
            if (hit < tried.behindMatch(index)) {
                return;
            }
            final Rule rule = engine.rule(index);
            final Trigger trigger = rule.trigger();
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
                tryFrom(index, rule, first, last, end);
                if (last > first) {
                    settle(index, rule, last, end);
                }
            }
        }

        private void tryFrom(int index, Rule rule, int first, int last, int end) {
            final Gate gate = rule.expression().gate();
            int start = gate.nextBeginning(view.image(), Math.max(first, tried.first(index)), last);
            while (start <= last) {
                if (isOpen && end == text.length() && gate.mayGoOn(text, start)) {
                    open(start);
                }
                final boolean mayMatch =
                        !failures.isKnown(index, start, end) && rule.mayMatchAt(text, start, end, work);
                start = gate.nextBeginning(view.image(), mayMatch ? matchAt(index, rule, start, end) : start + 1, last);
            }
        }

        /** Further hits nearby need not try again where a match would have ended before {@code end} already. */
        private void settle(int index, Rule rule, int last, int end) {
            final int longest = rule.expression().gate().mostChars();
            tried.settled(index, 1 + (end == text.length() ? last : Math.min(last, end - longest)));
        }

        /** @return where to go on */
        private int matchAt(int index, Rule rule, int start, int end) {
            work.spend(Work.ATTEMPT);
            // The words are looked for in all that the match may cover: cheaper than the expression, and seldom there.
            final ContextWords context = rule.expression().context();
            if (isOpen && end + context.nearby() > text.length() && !context.isEmpty()) {
                open(start);
            }
            if (!context.standNear(text, view.image(), start, end, work)) {
                return start + 1;
            }
            final Matcher matcher = tried.matcher(index, rule, metered).region(start, end);
            metered.begin();
            if (!matcher.lookingAt()) {
                failures.add(index, start, end, metered.first(), metered.last());
                return start + 1;
            }
            keep(rule, matcher);
            final int next = Math.max(start + 1, matcher.end());
            tried.matched(index, next);
            return next;
        }

        private void open(int start) {
            if (start < text.length()) {
                openFrom = Math.min(openFrom, view.originalStart(start));
            }
        }

        private void keep(Rule rule, Matcher matcher) {
            final int start = rule.expression().start(matcher);
            final int end = rule.expression().end(matcher);
            if (end > start && rule.expression().holds(text, view.image(), start, end, work)) {
                Scan.this.keep(rule.found(view.originalStart(start), view.originalEnd(end)));
            }
        }
    }
}
