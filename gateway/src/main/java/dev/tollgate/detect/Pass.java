package dev.tollgate.detect;

import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** The search of one view: tries the rules that are triggered, and remembers what it met for the views of this view. Not thread-safe. */
final class Pass implements KeywordSieve.Hits, DigitRuns.Groups {
    private final Scan scan;
    private final Engine engine;
    private final Work work;
    private final View view;
    private final String text;
    private final Image image;
    private final boolean[] judging;
    private final Tried tried;
    /** What expressions read. */
    private final MeteredText metered;

    private final KnownFailures failures;

    /** Whether the text goes on where this view of it ends. */
    private final boolean isOpen;

    private final Scratch scratch;
    /** Null where it is not remembered, because no view is searched only where it differs. */
    private @Nullable Met keywords;

    private @Nullable Met digits;
    /** What was read to judge what was met last. */
    private int readFrom;

    private int readTo;
    /** The same for the last run of digits. */
    private int runReadFrom;

    private int runReadTo;
    /** Whether what was met is all there is. */
    private boolean metAll;

    private boolean turned;
    private boolean reversed;
    private boolean leet;
    private int digitsEnd;

    /** @param judging by rule, whether it is tried */
    Pass(Scan scan, View view, boolean[] judging) {
        this.scan = scan;
        this.engine = scan.engine();
        this.work = scan.work();
        this.view = view;
        this.text = view.text();
        this.image = view.image();
        this.judging = judging;
        this.scratch = scan.scratch();
        this.tried = scratch.tried();
        tried.clear();
        this.isOpen = scan.goesOn() && view.reachesEnd();
        this.metered = new MeteredText(text, work);
        this.failures = new KnownFailures(tried, text, work);
    }

    View view() {
        return view;
    }

    /** Searches all of the view. */
    void run() {
        final Met metKeywords = scratch.keywords(view.depth());
        final Met metDigits = scratch.digits(view.depth());
        metKeywords.begin(text.length());
        metDigits.begin(text.length());
        keywords = metKeywords;
        digits = metDigits;
        engine.keywords().search(text, image, scratch.notes(), this);
        metAll = metKeywords.isComplete() && metDigits.isComplete();
    }

    /**
     * Searches what the view does not have in common with the text it is of. For views of the view all of it is searched again: they are seldom.
     *
     * @param outer the search of that text
     */
    void run(Pass outer) {
        if (outer.metAll && outer.keywords != null && outer.digits != null) {
            new SecondReading(view, engine.keywords(), outer.keywords, outer.digits, this).run(scratch.notes());
        } else {
            run();
        }
    }

    /** Whether a word was met that tells of a text in which letters are turned by thirteen. */
    boolean isTurned() {
        return turned;
    }

    /** Whether a word was met that reads like one of the attacks' from behind. */
    boolean isReversed() {
        return reversed;
    }

    /** Whether a word was met in which signs stand for letters. */
    boolean isLeet() {
        return leet;
    }

    @Override
    public void hit(int keyword, int start) {
        if (engine.isSign(keyword)) {
            reversed |= engine.isSignOfReversal(keyword);
            leet |= engine.isSignOfLeet(keyword);
            turned |= !engine.isSignOfReversal(keyword) && !engine.isSignOfLeet(keyword);
            readAll();
        } else {
            readFrom = start;
            readTo = start;
            for (Engine.Link link : engine.links(keyword)) {
                if (judging[link.rule()] && link.isSpelledAt(text, start)) {
                    attempt(link.rule(), start);
                }
            }
        }
        if (keywords != null) {
            keywords.add(start, keyword, readFrom, readTo);
        }
    }

    @Override
    public void digits(int start) {
        if (start >= digitsEnd) {
            readFrom = start - DigitRules.BEHIND;
            readTo = start;
            digitsEnd = DigitRuns.run(image, start, engine.fewestDigits(), this);
            runReadFrom = readFrom;
            runReadTo = Math.max(readTo, digitsEnd + DigitRules.AHEAD);
        }
        if (digits != null) {
            digits.add(start, 0, runReadFrom, runReadTo);
        }
    }

    @Override
    public void group(int start, int count) {
        for (DigitRules some : engine.digitRules()) {
            for (long left = some.at(image, start, count); left != 0; left &= left - 1) {
                final int rule = some.rule(Long.numberOfTrailingZeros(left));
                if (judging[rule]) {
                    attempt(rule, start);
                }
            }
        }
    }

    private void readAll() {
        readFrom = Integer.MIN_VALUE;
        readTo = Integer.MAX_VALUE;
    }

    private void read(int from, int to) {
        readFrom = Math.min(readFrom, from);
        readTo = Math.max(readTo, to);
    }

    /** Tries a rule that was triggered at {@code hit}. */
    private void attempt(int index, int hit) {
        work.spend(1);
        if (hit < tried.behindMatch(index)) {
            // Where the match is none, this one may be.
            readAll();
            return;
        }
        final Rule rule = engine.rule(index);
        final Trigger trigger = rule.trigger();
        if (isOpen && hit + trigger.run().least() > text.length()) {
            open(trigger.firstStart(image, hit));
        }
        read(hit - trigger.looksBack(), hit + trigger.run().least());
        if (trigger.mayMatch(image, hit)) {
            final int end = trigger.endFor(image, hit);
            final int first = trigger.firstStart(image, hit);
            final int last = Math.min(trigger.lastStart(image, hit, first), text.length() - 1);
            final ContextWords context = rule.expression().context();
            if (!view.isChangedWithin(first - context.nearby(), end + context.nearby())) {
                // What was read in the outer text is not known here.
                readAll();
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
        final Trigger trigger = rule.trigger();
        read(first - 1, last + 1);
        if (isOpen || tried.behindMatch(index) > first) {
            readAll();
        } else if (tried.first(index) > first) {
            // What begins before was judged for another hit, which a view may not have.
            read(first, tried.readTo(index));
        }
        int start = gate.nextBeginning(image, Math.max(first, tried.first(index)), last);
        while (start <= last) {
            if (isOpen && end == text.length() && gate.mayGoOn(text, start)) {
                open(start);
            }
            int next = start + 1;
            if (failures.isKnown(index, start, end)) {
                readAll();
            } else if (trigger.mayStart(image, start)) {
                final int closed = gate.closedAt(text, image, start, end, work);
                if (closed < 0) {
                    readAll();
                    next = matchAt(index, rule, start, end);
                } else {
                    read(start, closed);
                }
            }
            start = gate.nextBeginning(image, next, last);
        }
    }

    /** Further hits nearby need not try again where a match would have ended before {@code end} already. */
    private void settle(int index, Rule rule, int last, int end) {
        final int longest = rule.expression().gate().mostChars();
        tried.settled(index, 1 + (end == text.length() ? last : Math.min(last, end - longest)), readTo);
    }

    /** @return where to go on */
    private int matchAt(int index, Rule rule, int start, int end) {
        work.spend(Work.ATTEMPT);
        // The words are looked for in all that the match may cover: cheaper than the expression, and seldom there.
        final ContextWords context = rule.expression().context();
        if (isOpen && end + context.nearby() > text.length() && !context.isEmpty()) {
            open(start);
        }
        if (!context.isEmpty() && !hasContext(index, context, start, end)) {
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

    /** Does not look twice where no word was found. */
    private boolean hasContext(int index, ContextWords context, int start, int end) {
        final int from = Math.max(0, start - context.nearby());
        final int to = Math.min(text.length(), end + context.nearby());
        if (context.standWithin(text, image, tried.wordMayBegin(index, from), to, work)) {
            return true;
        }
        tried.wordless(index, from, to - context.longest() + 1);
        return false;
    }

    private void open(int start) {
        if (start < text.length()) {
            scan.open(view.originalStart(start));
        }
    }

    private void keep(Rule rule, Matcher matcher) {
        final int start = rule.expression().start(matcher);
        final int end = rule.expression().end(matcher);
        if (end > start && rule.expression().holds(text, image, start, end, work)) {
            scan.keep(rule.found(view.originalStart(start), view.originalEnd(end)));
        }
    }
}
