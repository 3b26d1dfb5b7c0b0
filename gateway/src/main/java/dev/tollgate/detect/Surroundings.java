package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What must stand around a keyword for any rule that it triggers to match there: the character before it, and some behind it. Told by a few
 * reads of an {@link Image}, without a branch, for keywords that are met much oftener than what their rules look for.
 *
 * <p>Characters are told apart by at most 64 classes; where rules ask for more, the least asked for stand for any character.
 */
final class Surroundings {
    /** Characters looked at behind a keyword. */
    static final int AHEAD = 8;

    private static final int BYTES = 1 << Byte.SIZE;
    /** Of the number of a class. */
    private static final int CLASS_BITS = 6;

    /** By byte of an image, a bit for each class that holds it. Class 0 holds all. */
    private final long[] classesOf = new long[BYTES];
    /** By keyword, the classes asked for: that of the character before it lowest. */
    private final long[] asked;

    /** @param around by keyword, what may stand before it, and at each place behind it; an empty list for anything */
    Surroundings(List<List<BitSet>> around) {
        final Map<BitSet, Integer> uses = new LinkedHashMap<>();
        around.forEach(places -> places.forEach(bytes -> uses.merge(bytes, 1, Integer::sum)));
        final BitSet any = new BitSet();
        any.set(0, BYTES);
        uses.remove(any);
        final List<BitSet> classes = new ArrayList<>(List.of(any));
        uses.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<BitSet, Integer> use) -> -use.getValue()))
                .limit(Long.SIZE - 1)
                .forEach(use -> classes.add(use.getKey()));
        final Map<BitSet, Integer> numbers = new HashMap<>();
        for (int number = 0; number < classes.size(); number++) {
            numbers.put(classes.get(number), number);
            final long bit = 1L << number;
            classes.get(number).stream().forEach(one -> classesOf[one] |= bit);
        }
        this.asked = around.stream()
                .mapToLong(places -> {
                    long packed = 0;
                    for (int place = 0; place < places.size(); place++) {
                        packed |= (long) numbers.getOrDefault(places.get(place), 0) << (CLASS_BITS * place);
                    }
                    return packed;
                })
                .toArray();
    }

    /** For keywords that may stand anywhere. */
    static Surroundings none(int keywords) {
        return new Surroundings(java.util.Collections.nCopies(keywords, List.of()));
    }

    /**
     * Whether a rule may match at a keyword.
     *
     * @param bytes of an image
     * @param start of the keyword in them
     * @param end   behind it
     */
    boolean allow(int keyword, byte[] bytes, int start, int end) {
        long left = asked[keyword];
        long allowed = classesOf[bytes[start - 1] & 0xFF] >>> left;
        left >>>= CLASS_BITS;
        for (int at = end; left != 0; at++) {
            allowed &= classesOf[bytes[at] & 0xFF] >>> left;
            left >>>= CLASS_BITS;
        }
        return (allowed & 1) != 0;
    }

    /** What the rule asks for around the keyword; an empty list for nothing. */
    static List<BitSet> of(Rule rule, String keyword) {
        final Trigger trigger = rule.trigger();
        if (!(trigger.start() instanceof Trigger.Start.Fixed fixed) || fixed.most() > 0) {
            // The match need not begin with the keyword, nor hold it.
            return List.of();
        }
        final List<BitSet> around = new ArrayList<>();
        final BitSet before = new BitSet();
        before.set(0, BYTES);
        for (char letter = 'a'; letter <= 'z' && trigger.fresh(); letter++) {
            before.clear(letter);
            before.clear(Character.toUpperCase(letter));
        }
        around.add(before);
        final List<BitSet> behind = rule.expression().gate().neighbours().behind(keyword, AHEAD);
        for (int i = 0; i < AHEAD; i++) {
            final boolean ofRun = keyword.length() + i < trigger.run().least();
            final BitSet allowed = new BitSet();
            for (int symbol = 0; symbol < BYTES; symbol++) {
                final boolean isWide = symbol >= Shape.ASCII;
                final boolean fits = isWide
                        ? behind.get(i).get(Shape.WIDE) || behind.get(i).get(Shape.SURROGATE)
                        : behind.get(i).get(symbol);
                allowed.set(symbol, fits && (!ofRun || trigger.run().of().has(symbol)));
            }
            // Stands for the end of the text, of which more may be to come.
            allowed.set(0);
            around.add(allowed);
        }
        return around;
    }

    /** What any of them asks for. */
    static List<BitSet> either(List<BitSet> one, List<BitSet> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return List.of();
        }
        final List<BitSet> either = new ArrayList<>();
        for (int i = 0; i < one.size(); i++) {
            final BitSet both = (BitSet) one.get(i).clone();
            both.or(other.get(i));
            either.add(both);
        }
        return either;
    }
}
