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

    /** The text as it is. */
    private View(String text) {
        this.text = text;
        this.outer = null;
        this.viewStart = new int[1];
        this.outerStart = viewStart;
        this.outerEnd = new int[] {text.length()};
        this.kept = new BitSet();
    }

    private View(Builder builder) {
        this.text = new String(builder.chars, 0, builder.length);
        this.image = Image.of(builder.bytes, builder.length, builder.isAscii);
        this.outer = builder.outer;
        this.viewStart = Arrays.copyOf(builder.viewStart, builder.segments);
        this.outerStart = Arrays.copyOf(builder.outerStart, builder.segments);
        this.outerEnd = Arrays.copyOf(builder.outerEnd, builder.segments);
        this.kept = builder.kept;
    }

    /** The text as it is. */
    static View of(String text) {
        return new View(text);
    }

    String text() {
        return text;
    }

    /** Of its text. */
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
        return end(segment) - viewStart[segment] == outerEnd[segment] - outerStart[segment];
    }

    /** How many pieces it consists of: those that are kept, and those that are put in their place. */
    int segments() {
        return viewStart.length;
    }

    /** Whether the piece reads as in the outer text. */
    boolean isKept(int segment) {
        return kept.get(segment);
    }

    /** Where the piece begins. */
    int start(int segment) {
        return viewStart[segment];
    }

    /** Behind the piece. */
    int end(int segment) {
        return segment + 1 < viewStart.length ? viewStart[segment + 1] : text.length();
    }

    /** Where the piece begins in the outer text. */
    int outerStart(int segment) {
        return outerStart[segment];
    }

    /** Where in the outer text the piece ends. */
    int outerEnd(int segment) {
        return outerEnd[segment];
    }

    private int segmentOf(int position) {
        final int found = Arrays.binarySearch(viewStart, position);
        return found >= 0 ? found : -found - 2;
    }

    /** Writes a view from left to right along its outer text. */
    static final class Builder {
        private static final int USUAL_CHARS = 1024;

        private final View outer;
        private char[] chars = new char[USUAL_CHARS];
        /** The image of the characters, which for those that are kept need not be made again. */
        private byte[] bytes = new byte[USUAL_CHARS + 2 * Image.MARGIN];

        private int length;
        private boolean isAscii;
        private int[] viewStart = new int[16];
        private int[] outerStart = new int[16];
        private int[] outerEnd = new int[16];
        private final BitSet kept = new BitSet();
        private int segments;
        private int position;
        private boolean extendable;

        /** @param position where in the outer text the view begins */
        Builder(View outer, int position) {
            this.outer = outer;
            this.position = position;
            this.isAscii = outer.image().isAscii();
        }

        /** Takes over the outer characters from where the builder stands. */
        @CanIgnoreReturnValue
        Builder keepTo(int to) {
            if (to > position) {
                if (extendable) {
                    outerEnd[segments - 1] = to;
                } else {
                    kept.set(segments);
                    segment(to);
                    extendable = true;
                }
                final int count = to - position;
                reserve(count);
                outer.text.getChars(position, to, chars, length);
                System.arraycopy(outer.image().bytes(), Image.MARGIN + position, bytes, Image.MARGIN + length, count);
                length += count;
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
                reserve(replacement.length());
                for (int i = 0; i < replacement.length(); i++) {
                    final char c = replacement.charAt(i);
                    chars[length] = c;
                    bytes[Image.MARGIN + length++] = Image.of(c);
                    isAscii &= c < 0x80;
                }
            }
            position += outerLength;
            return this;
        }

        int position() {
            return position;
        }

        int length() {
            return length;
        }

        View build() {
            return new View(this);
        }

        private void reserve(int count) {
            if (length + count > chars.length) {
                final int more = Math.max(2 * chars.length, length + count);
                chars = Arrays.copyOf(chars, more);
                bytes = Arrays.copyOf(bytes, more + 2 * Image.MARGIN);
            }
        }

        private void segment(int end) {
            if (segments == viewStart.length) {
                viewStart = Arrays.copyOf(viewStart, 2 * segments);
                outerStart = Arrays.copyOf(outerStart, 2 * segments);
                outerEnd = Arrays.copyOf(outerEnd, 2 * segments);
            }
            viewStart[segments] = length;
            outerStart[segments] = position;
            outerEnd[segments] = end;
            segments++;
        }
    }
}
