package dev.tollgate.detect;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A piece of text as it reads once something that hides it is taken away, with the way back: which characters of the original
 * each of its characters came from. Views may be taken of views.
 *
 * <pre>
 *   outer  …I%47NORE…      a segment of equal lengths maps character by character,
 *   view   …IGNORE…        any other maps as a whole: G came from %47
 * </pre>
 */
final class View {
    private final String text;
    private final @Nullable View outer;
    private final int[] viewStart;
    private final int[] outerStart;
    private final int[] outerEnd;
    /** Segments that read as in the outer text. */
    private final BitSet kept;

    private @Nullable Image image;

    private View(String text, Builder builder) {
        this.text = text;
        this.outer = builder.outer;
        this.viewStart = Arrays.copyOf(builder.viewStart, builder.segments);
        this.outerStart = Arrays.copyOf(builder.outerStart, builder.segments);
        this.outerEnd = Arrays.copyOf(builder.outerEnd, builder.segments);
        this.kept = builder.kept;
    }

    /** The text as it is. */
    static View of(String text) {
        final Builder whole = new Builder(null, 0);
        whole.segment(text.length());
        return new View(text, whole);
    }

    String text() {
        return text;
    }

    /** Of its text; made when first asked for, because not all views are searched. */
    Image image() {
        Image known = image;
        if (known == null) {
            known = Image.of(text);
            image = known;
        }
        return known;
    }

    /** Whether its last character is the original's last. */
    boolean reachesEnd() {
        return outer == null
                || (!text.isEmpty() && outerEnd[outerEnd.length - 1] == outer.text.length() && outer.reachesEnd());
    }

    /** How many views this is away from the original. */
    int depth() {
        return outer == null ? 0 : outer.depth() + 1;
    }

    /** @return where in the original the character at {@code position} begins */
    int originalStart(int position) {
        final int segment = segmentOf(position);
        final int start = outerStart[segment] + (isLinear(segment) ? position - viewStart[segment] : 0);
        return outer == null ? start : outer.originalStart(start);
    }

    /** @return where in the original the character before {@code end}, at least 1, ends */
    int originalEnd(int end) {
        final int segment = segmentOf(end - 1);
        final int last = isLinear(segment) ? outerStart[segment] + end - viewStart[segment] : outerEnd[segment];
        return outer == null ? last : outer.originalEnd(last);
    }

    /** Whether anything was taken away within {@code start..end} or at its borders: else the outer text reads the same there. */
    boolean isChangedWithin(int start, int end) {
        if (outer == null) {
            return true;
        }
        final int from = segmentOf(Math.max(0, start));
        final int to = segmentOf(Math.max(0, Math.min(end, text.length() - 1)));
        return from != to || !kept.get(from);
    }

    private boolean isLinear(int segment) {
        final int viewEnd = segment + 1 < viewStart.length ? viewStart[segment + 1] : text.length();
        return viewEnd - viewStart[segment] == outerEnd[segment] - outerStart[segment];
    }

    private int segmentOf(int position) {
        final int found = Arrays.binarySearch(viewStart, position);
        return found >= 0 ? found : -found - 2;
    }

    /** Writes a view from left to right along its outer text. */
    static final class Builder {
        private final StringBuilder text = new StringBuilder();
        private final @Nullable View outer;
        private int[] viewStart = new int[16];
        private int[] outerStart = new int[16];
        private int[] outerEnd = new int[16];
        private final BitSet kept = new BitSet();
        private int segments;
        private int position;
        private boolean extendable;

        /** @param position where in the outer text the view begins */
        Builder(@Nullable View outer, int position) {
            this.outer = outer;
            this.position = position;
        }

        /** Takes over the outer characters {@code from..to}, {@code from} being where the builder stands. */
        @CanIgnoreReturnValue
        Builder keep(String source, int from, int to) {
            if (to > from) {
                if (extendable) {
                    outerEnd[segments - 1] = to;
                } else {
                    kept.set(segments);
                    segment(to);
                    extendable = true;
                }
                text.append(source, from, to);
                position = to;
            }
            return this;
        }

        /** Puts {@code replacement} where the outer text has its next {@code outerLength} characters. */
        @CanIgnoreReturnValue
        Builder swap(int outerLength, CharSequence replacement) {
            extendable = false;
            if (!replacement.isEmpty()) {
                segment(position + outerLength);
                text.append(replacement);
            }
            position += outerLength;
            return this;
        }

        int position() {
            return position;
        }

        int length() {
            return text.length();
        }

        View build() {
            return new View(text.toString(), this);
        }

        private void segment(int end) {
            if (segments == viewStart.length) {
                viewStart = Arrays.copyOf(viewStart, 2 * segments);
                outerStart = Arrays.copyOf(outerStart, 2 * segments);
                outerEnd = Arrays.copyOf(outerEnd, 2 * segments);
            }
            viewStart[segments] = text.length();
            outerStart[segments] = position;
            outerEnd[segments] = end;
            segments++;
        }
    }
}
