package dev.tollgate.detect;

import java.util.BitSet;
import java.util.Collections;
import java.util.List;

/**
 * The rules that digits trigger, sieved by the few characters around a digit group: of dozens of rules two or three are left to try. For up
 * to 64 rules.
 */
final class DigitRules {
    static final int MOST = Long.SIZE;
    /** Characters looked at from the group's first digit on. */
    static final int AHEAD = 12;
    /** Characters looked at before it. */
    static final int BEHIND = 3;

    /** Stands for the beginning or the end of the text. */
    private static final int BORDER = Shape.SYMBOLS;

    private static final int MOST_DIGITS = 32;

    private static final String BEGINNING = "\\A";
    private static final int BYTES = 1 << Byte.SIZE;

    private final int[] rules;
    private final long[] byDigits = new long[MOST_DIGITS + 1];
    /** By place, that farthest before first, and byte of an {@link Image}, the rules that may match. */
    private final long[] around = new long[(BEHIND + AHEAD) * BYTES];
    /** Rules that match at the beginning of a text only. */
    private long atBeginning;

    private int farthestFromBeginning;

    /** @param indexes of rules with {@code digits}, at most {@link #MOST} */
    DigitRules(List<Rule> all, int[] indexes) {
        this.rules = indexes.clone();
        for (int i = 0; i < rules.length; i++) {
            final Rule rule = all.get(rules[i]);
            final Trigger trigger = rule.trigger();
            final long bit = 1L << i;
            for (int digits = 0; digits <= MOST_DIGITS; digits++) {
                byDigits[digits] |= digits >= Math.min(trigger.digits(), MOST_DIGITS) ? bit : 0;
            }
            if (rule.expression().pattern().pattern().startsWith(BEGINNING)) {
                atBeginning |= bit;
                farthestFromBeginning = Math.max(farthestFromBeginning, trigger.mostBefore());
            }
            final Neighbours neighbours = rule.expression().gate().neighbours();
            final List<BitSet> inside = mayBeginBehind(trigger) ? everything() : neighbours.beforeDigit(BEHIND);
            final List<BitSet> shape =
                    mayBeginBehind(trigger) ? everything() : neighbours.aroundDigit(beginsAtDigit(trigger), AHEAD);
            for (int symbol = 0; symbol <= BORDER; symbol++) {
                for (int distance = 0; distance < BEHIND; distance++) {
                    if (mayStandBefore(trigger, distance, symbol, inside.get(distance))) {
                        allow(BEHIND - 1 - distance, symbol, bit);
                    }
                }
                for (int distance = 0; distance < AHEAD; distance++) {
                    if (shape.get(distance).get(symbol) && mayFollow(trigger, distance, symbol)) {
                        allow(BEHIND + distance, symbol, bit);
                    }
                }
            }
        }
    }

    private static boolean mayFollow(Trigger trigger, int distance, int symbol) {
        return distance >= trigger.run().least() || trigger.run().of().has(symbol);
    }

    private void allow(int place, int symbol, long bit) {
        if (symbol < Shape.ASCII) {
            around[place * BYTES + symbol] |= bit;
        } else if (symbol == BORDER) {
            around[place * BYTES] |= bit;
        } else {
            for (int wide = Shape.ASCII; wide < BYTES; wide++) {
                around[place * BYTES + wide] |= bit;
            }
        }
    }

    private static List<BitSet> everything() {
        final BitSet all = new BitSet();
        all.set(0, Shape.SYMBOLS + 1);
        return Collections.nCopies(AHEAD, all);
    }

    private static boolean beginsAtDigit(Trigger trigger) {
        return trigger.start() instanceof Trigger.Start.Fixed fixed && fixed.most() == 0;
    }

    private static boolean mayBeginBehind(Trigger trigger) {
        return trigger.start() instanceof Trigger.Start.Within within && within.after() > 0;
    }

    private static boolean mayStandBefore(Trigger trigger, int distance, int symbol, BitSet inside) {
        if (!(trigger.start() instanceof Trigger.Start.Fixed fixed)) {
            return inside.get(symbol);
        }
        if (fixed.least() > distance && !fixed.over().has(symbol)) {
            return false;
        }
        if (fixed.most() > 0) {
            return inside.get(symbol);
        }
        return distance > 0 || !trigger.fresh() || symbol >= Shape.ASCII || !Character.isLetter(symbol);
    }

    /** The rules that may match at a digit group of so many digits: a bit for each, see {@link #rule}. */
    long at(Image image, int start, int digits) {
        final byte[] bytes = image.bytes();
        final int first = Image.MARGIN + start - BEHIND;
        long left = byDigits[Math.min(digits, MOST_DIGITS)];
        if (start > farthestFromBeginning) {
            left &= ~atBeginning;
        }
        final int places = Math.min(BEHIND + AHEAD, bytes.length - first);
        for (int place = 0; place < places && left != 0; place++) {
            left &= around[place * BYTES + (bytes[first + place] & 0xFF)];
        }
        return left;
    }

    /** Index of the rule that a bit stands for. */
    int rule(int bit) {
        return rules[bit];
    }
}
