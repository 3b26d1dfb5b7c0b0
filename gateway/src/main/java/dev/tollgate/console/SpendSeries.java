package dev.tollgate.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Spend over time by the values of a key, as the script of the page draws it: the dearest values apart, the others as one. */
final class SpendSeries {
    /** Most values drawn apart: more colours could not be told from each other. */
    private static final int MAX_SERIES = 6;

    private static final String OTHERS = "others";

    private SpendSeries() {}

    /**
     * @param times keys of the stretches of time, in order
     * @param labels what is shown for them
     * @param groups by time and value
     * @param link where a value leads; empty where it leads nowhere
     */
    static String json(List<String> times, List<String> labels, List<SpendGroup> groups, UnaryOperator<String> link) {
        Map<String, Long> sums = new HashMap<>();
        groups.forEach(group -> sums.merge(group.values().get(1), group.spend().costNanos(), Long::sum));
        List<String> apart = sums.entrySet().stream()
                .filter(sum -> sum.getValue() > 0)
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MAX_SERIES)
                .map(Map.Entry::getKey)
                .toList();
        Map<String, long[]> series = new LinkedHashMap<>();
        apart.forEach(value -> series.put(value, new long[times.size()]));
        long[] others = new long[times.size()];
        for (SpendGroup group : groups) {
            int at = times.indexOf(group.values().get(0));
            if (at >= 0) {
                series.getOrDefault(group.values().get(1), others)[at] +=
                        group.spend().costNanos();
            }
        }
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode names = document.putArray("labels");
        labels.forEach(names::add);
        ArrayNode drawn = document.putArray("series");
        series.forEach((value, nanos) -> add(drawn, value.isEmpty() ? "(none)" : value, link.apply(value), nanos));
        if (hasAny(others)) {
            add(drawn, OTHERS, "", others);
        }
        return document.toString();
    }

    private static boolean hasAny(long[] sums) {
        for (long sum : sums) {
            if (sum > 0) {
                return true;
            }
        }
        return false;
    }

    private static void add(ArrayNode drawn, String name, String link, long[] nanos) {
        ArrayNode dollars =
                drawn.addObject().put("name", name).put("link", link).putArray("dollars");
        for (long amount : nanos) {
            dollars.add(BigDecimal.valueOf(amount, 9));
        }
    }
}
