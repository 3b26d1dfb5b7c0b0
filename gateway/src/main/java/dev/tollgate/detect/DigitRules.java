package dev.tollgate.detect;

import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The rules that digits trigger, sieved by the few characters around a digit group: of dozens of rules two or three are left to try. For up
 * to 64 rules.
 */
final class DigitRules {
    static final int MOST = Long.SIZE;
    /** Characters looked at from the group's first digit on. */
    private static final int AHEAD = 8;
    /** Characters looked at before it. */
    private static final int BEHIND = 3;

    /** Stands for the beginning or the end of the text. */
    private static final int BORDER = Shape.SYMBOLS;

    private static final int MOST_DIGITS = 32;

    private final int[] rules;
    private final long[] byDigits = new long[MOST_DIGITS + 1];
    private final long[][] before = new long[BEHIND][Shape.SYMBOLS + 1];
    private final long[][] ahead = new long[AHEAD][Shape.SYMBOLS + 1];

    /** @param indexes of rules with {@code digits}, at most {@link #MOST} */
    DigitRules(List<Rule> all, int[] indexes) {
        this.rules = indexes.clone();
        for (int i = 0; i < rules.length; i++) {
            final Rule rule = all.get(rules[i]);
            final long bit = 1L << i;
            for (int digits = 0; digits <= MOST_DIGITS; digits++) {
                byDigits[digits] |= digits >= Math.min(rule.trigger().digits(), MOST_DIGITS) ? bit : 0;
            }
            final Gate gate = rule.expression().gate();
            final List<BitSet> inside = mayBeginBehind(rule.trigger()) ? everything() : gate.beforeDigit(BEHIND);
            for (int distance = 0; distance < BEHIND; distance++) {
                for (int symbol = 0; symbol <= BORDER; symbol++) {
                    before[distance][symbol] |=
                            mayStandBefore(rule.trigger(), distance, symbol, inside.get(distance)) ? bit : 0;
                }
            }
            final List<BitSet> shape = mayBeginBehind(rule.trigger())
                    ? everything()
                    : gate.aroundDigit(beginsAtDigit(rule.trigger()), AHEAD);
            for (int distance = 0; distance < AHEAD; distance++) {
                final BitSet allowed = shape.get(distance);
                for (int symbol = allowed.nextSetBit(0); symbol >= 0; symbol = allowed.nextSetBit(symbol + 1)) {
                    ahead[distance][symbol] |= bit;
                }
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
        if (fixed.least() > distance && !(symbol < BORDER && fixed.over().get(symbol))) {
            return false;
        }
        if (fixed.most() > 0) {
            return inside.get(symbol);
        }
        return distance > 0 || !trigger.fresh() || symbol >= Shape.ASCII || !Character.isLetter(symbol);
    }

    /** Names the rules that may match at a digit group of so many digits. */
    void at(String text, int start, int digits, IntConsumer rule) {
        long left = byDigits[Math.min(digits, MOST_DIGITS)];
        for (int distance = 0; distance < BEHIND && left != 0; distance++) {
            final int at = start - 1 - distance;
            left &= before[distance][at >= 0 ? Shape.symbol(text.charAt(at)) : BORDER];
        }
        for (int distance = 0; distance < AHEAD && left != 0; distance++) {
            final int at = start + distance;
            left &= ahead[distance][at < text.length() ? Shape.symbol(text.charAt(at)) : BORDER];
        }
        while (left != 0) {
            rule.accept(rules[Long.numberOfTrailingZeros(left)]);
            left &= left - 1;
        }
    }
}
