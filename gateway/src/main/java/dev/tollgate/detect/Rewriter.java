package dev.tollgate.detect;

import java.util.function.Consumer;

/**
 * A normaliser that undoes many small things along a text. Its views cover what lies near them: a stretch without any is left to the
 * search of the outer text, so that one escape in a megabyte costs little.
 */
abstract class Rewriter implements Normaliser {
    /** So much of the outer text is kept before the first and behind the last thing undone: more than matches of names and phrases span. */
    private static final int MARGIN = 320;
    /** So much more is kept if no blank comes before: keys may be as long. */
    private static final int LONGEST_WORD = OVERLAP / 2;

    @Override
    public final void views(View outer, Consumer<View> views) {
        final String text = outer.text();
        final Image image = outer.image();
        int next = next(text, image, 0);
        while (next < text.length()) {
            final View.Builder view = new View.Builder(outer, before(text, next));
            next = rewrite(text, image, next, view);
            views.accept(view.build());
            if (next < text.length() && next <= view.position()) {
                // The view ended because it was full: the next one takes its end up again, for what matches across it.
                next = next(text, image, Math.max(next - OVERLAP, 0));
            }
        }
    }

    /** @return where the next thing is that the view does not cover */
    private int rewrite(String text, Image image, int first, View.Builder view) {
        final int full = view.position() + BLOCK;
        int next = first;
        int end = first;
        while (next < text.length() && next < full && next <= end) {
            view.keepTo(next);
            undo(text, next, view);
            next = next(text, image, view.position());
            end = next - view.position() <= 2 * MARGIN ? next : behind(text, view.position());
        }
        view.keepTo(Math.min(next, end));
        return next;
    }

    /** Where a view begins whose first thing to undo stands at {@code first}. */
    private static int before(String text, int first) {
        final int least = Math.max(0, first - MARGIN - LONGEST_WORD);
        int at = Math.max(0, first - MARGIN);
        while (at > least && text.charAt(at - 1) > ' ') {
            at--;
        }
        return at;
    }

    /** Where a view ends whose last thing to undo ends at {@code last}. */
    private static int behind(String text, int last) {
        final int most = Math.min(text.length(), last + MARGIN + LONGEST_WORD);
        int at = Math.min(text.length(), last + MARGIN);
        while (at < most && text.charAt(at) > ' ') {
            at++;
        }
        return at;
    }

    /** Where the next thing to undo begins at or behind {@code from}; the text's length if there is none. */
    abstract int next(String text, Image image, int from);

    /** Undoes what {@link #next} found: moves the builder on by at least one character and at most a few thousand. */
    abstract void undo(String text, int at, View.Builder view);
}
