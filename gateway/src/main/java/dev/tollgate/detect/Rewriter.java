package dev.tollgate.detect;

import java.util.function.Consumer;

/**
 * A normaliser that undoes many small things along a text. Its views cover what lies near them: a stretch without any is left to the
 * search of the outer text, so that one escape in a megabyte costs little.
 */
abstract class Rewriter implements Normaliser {
    /** So much of the outer text is kept before the first and behind the last thing undone: more than matches of names and keys span. */
    static final int MARGIN = 512;

    @Override
    public final void views(View outer, Consumer<View> views) {
        final String text = outer.text();
        if (!mayConcern(text)) {
            return;
        }
        int next = next(text, 0);
        while (next < text.length()) {
            final View.Builder view = new View.Builder(outer, Math.max(0, next - MARGIN));
            next = rewrite(text, next, view);
            views.accept(view.build());
            if (next < text.length() && next - view.position() <= MARGIN) {
                // The view ended because it was full: the next one takes its end up again, for what matches across it.
                next = next(text, Math.max(next - OVERLAP, 0));
            }
        }
    }

    /** @return where the next thing is that the view does not cover */
    private int rewrite(String text, int first, View.Builder view) {
        final int full = view.position() + BLOCK;
        int next = first;
        int last = first;
        while (next < text.length() && next < full && next - last <= 2 * MARGIN) {
            view.keep(text, view.position(), next);
            undo(text, next, view);
            last = view.position();
            next = next(text, last);
        }
        view.keep(text, last, Math.min(next, Math.min(text.length(), last + MARGIN)));
        return next;
    }

    /** A quick look: false if there is surely nothing to undo. */
    boolean mayConcern(String text) {
        return true;
    }

    /** Where the next thing to undo begins at or behind {@code from}; the text's length if there is none. */
    abstract int next(String text, int from);

    /** Undoes what {@link #next} found: moves the builder on by at least one character and at most a few thousand. */
    abstract void undo(String text, int at, View.Builder view);
}
