package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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
    private final Scratch scratch;
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
        this.scratch = engine.scratch();
        this.kinds = asked.kinds();
        this.writer = asked.writer();
        this.whole = View.of(text);
        this.work = work;
        this.classifier = classifier;
    }

    /** @throws Work.Exceeded when the budget is spent; what was found until then stays in {@link #found} */
    void run() {
        try {
            layer(whole, null);
        } finally {
            engine.putBack(scratch);
        }
    }

    /** As {@link #run}, for a text of which more is to come; see {@link #openFrom}. */
    void runOpenEnded() {
        goesOn = true;
        run();
    }

    /** Whether more of the text is to come. */
    boolean goesOn() {
        return goesOn;
    }

    Engine engine() {
        return engine;
    }

    Work work() {
        return work;
    }

    Scratch scratch() {
        return scratch;
    }

    /** Where the first match begins that may come to be, or end elsewhere, when more of the text is there; at most chars if none does. */
    int openFrom() {
        return openFrom;
    }

    /** All matches, also those that overlap, with their spans in the text that is searched. */
    List<Finding> found() {
        return found;
    }

    private void layer(View view, @Nullable Pass outer) {
        final Pass pass = new Pass(this, view, engine.judging(kindsHere(), writer));
        work.spend((long) PASS_COST * view.text().length());
        if (outer == null) {
            pass.run();
        } else {
            pass.run(outer);
        }
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
            layers(normaliser, pass, encoded);
            encoded = outerEncoded;
        }
        if (pass.isTurned()) {
            layers(ROT13, pass, true);
        }
        if (pass.isReversed()) {
            layers(REVERSED, pass, true);
        }
        if (pass.isLeet() && !leet) {
            leet = true;
            LEETSPEAK.views(view, inner -> layer(inner, pass));
            leet = false;
        }
    }

    /** @param hides whether the normaliser undoes what hides a text as a whole */
    private void layers(Normaliser normaliser, Pass outer, boolean hides) {
        final boolean outerHidden = hidden;
        hidden |= hides;
        normaliser.views(outer.view(), inner -> layer(inner, outer));
        hidden = outerHidden;
    }

    /** Takes note of where a match may begin of which the rest is to come. */
    void open(int start) {
        openFrom = Math.min(openFrom, start);
    }

    void keep(Finding finding) {
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
}
