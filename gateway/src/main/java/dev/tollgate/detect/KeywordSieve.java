package dev.tollgate.detect;

import java.util.Arrays;

/**
 * Finds every occurrence of many keywords in one pass, whatever their case. Each keyword is known by four of its characters in a row, the least
 * common ones; the pass looks with every four characters of the text into a set of bits whether any keyword may be there. Only then that keyword
 * is compared. Shorter keywords are known by a pair, and so are the starts of digit groups.
 *
 * <pre>
 *   text   … t h e   i g n o r e …
 *                      └─┬─┘        gnor: in the set; the keyword begins one character before
 * </pre>
 *
 * What a text costs is bounded by how many keywords share four characters ({@link SieveTables#MOST_SHARING}), whatever the text is.
 */
final class KeywordSieve {
    /** Longest keyword, in chars. */
    static final int MOST_LENGTH = 64;

    private static final int BLOCK = 512;
    /** Bytes before the character looked at that are read with it. */
    private static final int BACK = Integer.BYTES - 1;

    private final SieveTables tables;
    private final Surroundings surroundings;

    /** Receives what one pass finds. */
    interface Hits {
        /**
         * A keyword. They come in the order of their starts.
         *
         * @param keyword index of the keyword in the list given at construction
         * @param start   first char of the occurrence
         */
        void hit(int keyword, int start);

        /** A digit that no digit stands before. They come in order, but apart from the keywords. */
        void digits(int start);
    }

    KeywordSieve(SieveTables tables) {
        this(tables, Surroundings.none(tables.size()));
    }

    /** @param surroundings keywords are not told where they do not allow it */
    KeywordSieve(SieveTables tables, Surroundings surroundings) {
        this.tables = tables;
        this.surroundings = surroundings;
    }

    /** Room for what a search takes note of: a bit for each character of a block. May be used again when a search is over. */
    static final class Notes {
        private final long[] places = new long[BLOCK / Long.SIZE];
        private final long[] digits = new long[BLOCK / Long.SIZE];
    }

    /** @param image of {@code text} */
    void search(String text, Image image, Notes notes, Hits hits) {
        search(text, image, 0, text.length(), notes, hits);
    }

    /**
     * Searches a part of a text. Every keyword is told that lies within {@code from..to}, some of those that lie in it in part, and every digit in it.
     *
     * @param image of all of {@code text}
     */
    void search(String text, Image image, int from, int to, Notes notes, Hits hits) {
        new Pass(text, image, notes, hits).run(from, to);
    }

    /** Length of the longest keyword, in chars. */
    int longest() {
        return tables.longest();
    }

    /** Length of a keyword, in chars. */
    int length(int keyword) {
        return tables.keywordAt(keyword).length;
    }

    /** One pass over one text, block by block. */
    private final class Pass {
        private final String text;
        private final byte[] bytes;
        private final Hits hits;
        /** Where in the image what a keyword is known by may end. */
        private final Notes notes;

        private final byte[] fours = tables.fours();
        private final byte[] pairs = tables.pairs();
        private final Sorted sorted = new Sorted();

        Pass(String text, Image image, Notes notes, Hits hits) {
            this.text = text;
            this.bytes = image.bytes();
            this.notes = notes;
            this.hits = hits;
        }

        void run(int first, int last) {
            final int end = Image.MARGIN + last;
            for (int from = Image.MARGIN + first; from < end; from += BLOCK) {
                final int to = Math.min(end, from + BLOCK);
                mark(from, to);
                look(from, to);
                sorted.release(to - Image.MARGIN - MOST_LENGTH, hits);
            }
            sorted.release(text.length(), hits);
        }

        /** Takes note of where something may be. */
        private void mark(int from, int to) {
            long digitBefore = Image.digits(bytes[from - 1] & 0xFF);
            for (int at = from; at < to; at += Long.SIZE) {
                final int count = Math.min(Long.SIZE, to - at);
                final int word = (at - from) / Long.SIZE;
                notes.places[word] = places(at, count);
                final long digits = digits(at, count);
                notes.digits[word] = digits & ~(digits << 1 | digitBefore);
                digitBefore = digits >>> (Long.SIZE - 1);
            }
        }

        /** The tight loop: of at most 64 characters a bit each, set if something that a keyword is known by may end there. */
        private long places(int at, int count) {
            final byte[] read = bytes;
            final byte[] knownFours = fours;
            final byte[] knownPairs = pairs;
            long marked = 0;
            for (int i = 0; i < count; i++) {
                final int four = Image.four(read, at + i - BACK);
                final int kindsBehind =
                        knownFours[SieveTables.hash(SieveTables.folded(four))] | knownPairs[SieveTables.lastPair(four)];
                marked |= ((kindsBehind >>> SieveTables.kind(read[at + i + 1])) & 1L) << i;
            }
            return marked;
        }

        /** Of at most 64 characters a bit each, set for a digit. */
        private long digits(int at, int count) {
            long digits = 0;
            for (int i = 0; i < count; i += Long.BYTES) {
                digits |= Image.digits(Image.eight(bytes, at + i)) << i;
            }
            return count == Long.SIZE ? digits : digits & ((1L << count) - 1);
        }

        /** A closer look at the places: at most of them there is nothing, and most lists hold one keyword, or are that of nothing. */
        private void look(int from, int to) {
            for (int at = from; at < to; at += Long.SIZE) {
                for (long left = notes.places[(at - from) / Long.SIZE]; left != 0; left &= left - 1) {
                    final int place = at + Long.numberOfTrailingZeros(left);
                    final long eight = Image.eight(bytes, place - SieveTables.WINDOW_BEFORE + 1);
                    compare(tables.byPair(eight), eight, place);
                    compare(tables.byFour(eight), eight, place);
                }
            }
            for (int at = from; at < to; at += Long.SIZE) {
                for (long left = notes.digits[(at - from) / Long.SIZE]; left != 0; left &= left - 1) {
                    hits.digits(at + Long.numberOfTrailingZeros(left) - Image.MARGIN);
                }
            }
        }

        /** Looks for each keyword of a list. */
        private void compare(int list, long eight, int at) {
            int index = list;
            while (true) {
                final int entry = tables.entry(index);
                if (tables.mayStand(index, eight)) {
                    compare(entry, at);
                }
                if (SieveTables.isLast(entry)) {
                    return;
                }
                index++;
            }
        }

        private void compare(int entry, int at) {
            final int start = at - SieveTables.distance(entry);
            final int keyword = SieveTables.keyword(entry);
            final char[] word = tables.keywordAt(keyword);
            if (start >= Image.MARGIN
                    && start + word.length <= bytes.length - Image.MARGIN
                    && surroundings.allow(keyword, bytes, start, start + word.length)
                    && stands(word, start - Image.MARGIN)) {
                sorted.add(start - Image.MARGIN, keyword);
            }
        }

        private boolean stands(char[] keyword, int start) {
            for (int i = 0; i < keyword.length; i++) {
                final char c = text.charAt(start + i);
                if (c != keyword[i] && Character.toLowerCase(c) != keyword[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Hits on their way, put in the order of their starts. */
    private static final class Sorted {
        private long[] waiting = new long[16];
        private int size;
        private boolean isOrdered = true;

        void add(int start, int keyword) {
            if (size == waiting.length) {
                waiting = Arrays.copyOf(waiting, 2 * size);
            }
            final long hit = ((long) start << Integer.SIZE) | keyword;
            isOrdered &= size == 0 || waiting[size - 1] <= hit;
            waiting[size++] = hit;
        }

        /** Hands on the hits that start before {@code before}. */
        void release(int before, Hits to) {
            if (size == 0) {
                return;
            }
            if (!isOrdered) {
                Arrays.sort(waiting, 0, size);
                isOrdered = true;
            }
            int released = 0;
            while (released < size && (int) (waiting[released] >>> Integer.SIZE) < before) {
                to.hit((int) waiting[released], (int) (waiting[released] >>> Integer.SIZE));
                released++;
            }
            System.arraycopy(waiting, released, waiting, 0, size - released);
            size -= released;
        }
    }
}
