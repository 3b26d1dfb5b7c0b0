package dev.tollgate.console;

import java.util.List;

/**
 * The rows of a table that are on one page, and where the others are.
 *
 * @param <T> what a row shows
 * @param shown these rows
 * @param from number of the first, from 1
 * @param all how many rows there are
 * @param address of the page, without a query
 */
record Rows<T>(List<T> shown, int from, int all, String address) {
    /** Rows of one page where nothing else is said: with forms in each the page stays below {@link Limits#MAX_PAGE_BYTES}. */
    private static final int MOST = 80;

    Rows {
        shown = List.copyOf(shown);
    }

    /** The rows that a request asks for by {@code from}; the last page where there are none so far on. */
    static <T> Rows<T> of(List<T> all, Call call, String address) {
        int asked = call.query().number("from", 1, 1, Integer.MAX_VALUE);
        int from = asked <= all.size() ? asked : Math.max(0, all.size() - 1) / MOST * MOST + 1;
        int to = Math.min(all.size(), from - 1 + MOST);
        return new Rows<>(all.subList(from - 1, to), from, all.size(), address);
    }

    boolean isEmpty() {
        return shown.isEmpty();
    }

    boolean isWhole() {
        return shown.size() == all;
    }

    /** Number of the last of them; 0 where there is none. */
    int to() {
        return from + shown.size() - 1;
    }

    String before() {
        return address + "?from=" + Math.max(1, from - MOST);
    }

    String next() {
        return address + "?from=" + (to() + 1);
    }
}
