package dev.tollgate.approval;

import dev.tollgate.policy.ApprovalPolicy.ReorderEntry;
import dev.tollgate.policy.PolicyException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A list inside texts, which clients write in the order in which they have found what is in it.
 *
 * @param begins what stands in front of its first item
 * @param between what stands between two
 * @param ends what stands behind its last
 */
record Reordering(String begins, Pattern between, String ends) {
    /** Of a list with more, the order counts. */
    private static final int MAX_ITEMS = 1000;

    /** Shorter ones are found in what people write. */
    private static final int MIN_BEGINNING = 8;

    private static final int MAX_LENGTH = 400;

    static Reordering read(String place, ReorderEntry entry) throws PolicyException {
        require(place + ".begins", entry.begins(), MIN_BEGINNING);
        require(place + ".between", entry.between(), 1);
        require(place + ".ends", entry.ends(), 1);
        return new Reordering(entry.begins(), Pattern.compile(entry.between(), Pattern.LITERAL), entry.ends());
    }

    private static void require(String place, String text, int least) throws PolicyException {
        if (text.length() < least || text.length() > MAX_LENGTH) {
            throw PolicyException.at(place, text.length() + " characters, and it needs " + least + " to " + MAX_LENGTH);
        }
    }

    boolean mayBeIn(String text) {
        return text.contains(begins);
    }

    /** The text with the items of each such list in the order of their characters. */
    String inOrder(String text) {
        StringBuilder ordered = new StringBuilder(text.length());
        int written = 0;
        for (int begin = text.indexOf(begins); begin >= 0; begin = text.indexOf(begins, written)) {
            int from = begin + begins.length();
            int to = text.indexOf(ends, from);
            if (to < 0) {
                break;
            }
            ordered.append(text, written, from).append(itemsInOrder(text.substring(from, to)));
            written = to;
        }
        return ordered.append(text, written, text.length()).toString();
    }

    private String itemsInOrder(String list) {
        String[] items = between.split(list, MAX_ITEMS + 1);
        if (items.length > MAX_ITEMS) {
            return list;
        }
        Arrays.sort(items);
        return String.join(between.pattern(), items);
    }
}
