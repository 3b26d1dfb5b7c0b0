package dev.tollgate.detect;

import java.util.function.Consumer;

/** One way in which text is hidden, undone. Adds nothing when the text hides nothing in this way. */
interface Normaliser {
    /** Longest view handed on at once, in chars; longer texts come as several. */
    int BLOCK = 1 << 18;

    /** Chars that successive views of one text have in common, so that a match across their border lies whole in one of them. */
    int OVERLAP = 1 << 13;

    /** Hands the views of {@code outer} to {@code views}, in order. */
    void views(View outer, Consumer<View> views);
}
