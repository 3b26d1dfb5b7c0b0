package dev.tollgate.detect;

/**
 * Searches a view of a text that was searched: only near what reads otherwise. What was met elsewhere is taken over, and told again if something that was read to
 * judge it lies where the view reads otherwise; the rest can come to nothing that the search of the text did not find.
 *
 * <pre>
 *   view   … kept ……………………………………………… | swapped | kept ………………
 *            ──── taken over ────┤ searched          ├─ taken over ─
 * </pre>
 */
final class SecondReading implements KeywordSieve.Hits {
    private final View view;
    private final KeywordSieve.Hits to;
    private final KeywordSieve sieve;
    private final TakenOver keywords;
    private final TakenOver digits;
    /** Index of the segment that was looked at last. */
    private int segment;

    /**
     * @param keywords that were met in the outer text; all of them
     * @param digits   that were met there
     * @param to       is told what is found, as if all of the view were searched
     */
    SecondReading(View view, KeywordSieve sieve, Met keywords, Met digits, KeywordSieve.Hits to) {
        this.view = view;
        this.sieve = sieve;
        this.to = to;
        this.keywords = new TakenOver(keywords);
        this.digits = new TakenOver(digits);
    }

    void run(KeywordSieve.Notes notes) {
        final int around = sieve.longest();
        int from = 0;
        for (int i = 0; i < view.segments(); i++) {
            final int innerFrom = view.start(i) + around;
            final int innerTo = view.end(i) - around - Surroundings.AHEAD;
            if (view.isKept(i) && innerFrom < innerTo) {
                sieve.search(view.text(), view.image(), from, innerFrom, notes, this);
                from = innerTo;
            }
        }
        sieve.search(view.text(), view.image(), from, view.text().length(), notes, this);
        keywords.tell(Integer.MAX_VALUE);
        digits.tell(Integer.MAX_VALUE);
    }

    @Override
    public void hit(int keyword, int start) {
        if (!isKeptWithin(start - 1, start + sieve.length(keyword) + Surroundings.AHEAD)) {
            keywords.tell(start);
            to.hit(keyword, start);
        }
    }

    @Override
    public void digits(int start) {
        if (!isKeptWithin(start - 1, start + 1)) {
            digits.tell(start);
            to.digits(start);
        }
    }

    /** Whether this is read in the outer text as well: then it was met there. Asked for places that lie near each other. */
    private boolean isKeptWithin(int from, int end) {
        while (segment > 0 && view.start(segment) > from) {
            segment--;
        }
        while (segment + 1 < view.segments() && view.end(segment) <= from) {
            segment++;
        }
        return view.isKept(segment) && view.start(segment) <= from && end <= view.end(segment);
    }

    /** What was met in the outer text, in the order of the view. */
    private final class TakenOver {
        private final Met met;
        private int segment;
        private int next;

        TakenOver(Met met) {
            this.met = met;
            this.next = view.segments() == 0 ? 0 : met.firstFrom(view.outerStart(0));
        }

        /** Tells what stands before {@code before}. */
        void tell(int before) {
            while (segment < view.segments() && view.start(segment) < before) {
                if (view.isKept(segment)) {
                    tell(before, view.start(segment) - view.outerStart(segment));
                }
                if (view.end(segment) > before) {
                    return;
                }
                segment++;
            }
        }

        private void tell(int before, int shift) {
            final int from = view.outerStart(segment);
            final int end = view.outerEnd(segment);
            while (next < met.count() && met.start(next) < end && met.start(next) + shift < before) {
                final int start = met.start(next) + shift;
                if (met.start(next) >= from && (isNearBeginning(start) || !met.wasReadWithin(next, from, end))) {
                    tellAgain(met.what(next), start);
                }
                next++;
            }
        }

        /** Some numbers count only there. */
        private boolean isNearBeginning(int start) {
            return met == digits.met && start <= Trigger.MOST_WINDOW;
        }

        private void tellAgain(int what, int start) {
            if (met == keywords.met) {
                if (isKeptWithin(start - 1, start + sieve.length(what) + Surroundings.AHEAD)) {
                    to.hit(what, start);
                }
            } else if (isKeptWithin(start - 1, start + 1)) {
                to.digits(start);
            }
        }
    }
}
