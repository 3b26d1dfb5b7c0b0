package dev.tollgate.audit;

import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.exchange.Labels;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A question about spend.
 *
 * @param from first moment
 * @param to first moment that is past
 * @param zone in which days and hours are told
 * @param by what spend is grouped by, at least one
 * @param only values to which it is limited, by key; days and hours cannot be among them
 */
public record SpendQuery(Instant from, Instant to, ZoneId zone, List<GroupKey> by, Map<GroupKey, String> only) {
    /** Most keys of one question. */
    public static final int MAX_KEYS = 6;
    /** Stretches in which every time zone's days begin. */
    public static final long QUARTER_NANOS = 15 * 60 * 1_000_000_000L;

    private static final long QUARTER_SECONDS = QUARTER_NANOS / 1_000_000_000L;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE;
    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH", Locale.ROOT);

    public SpendQuery {
        by = List.copyOf(by);
        only = Map.copyOf(only);
        if (by.isEmpty() || by.size() > MAX_KEYS || by.stream().distinct().count() < by.size()) {
            throw new IllegalArgumentException("spend is grouped by 1 to " + MAX_KEYS + " different keys");
        }
        if (only.keySet().stream().anyMatch(GroupKey::isTime)) {
            throw new IllegalArgumentException("a stretch of time is named by from and to");
        }
    }

    /** What spend can be grouped by and limited to. */
    public record GroupKey(Dimension dimension, String tag) {
        private static final String TAG = "tag:";

        public GroupKey {
            if ((dimension == Dimension.TAG) != Labels.isTagName(tag)) {
                throw new IllegalArgumentException("\"" + tag + "\" is no name of a tag");
            }
        }

        public static GroupKey of(Dimension dimension) {
            return new GroupKey(dimension, "");
        }

        /**
         * The key of a name: {@code team}, {@code sub_agent}, {@code tag:project}.
         *
         * @throws IllegalArgumentException saying which there are
         */
        public static GroupKey parse(String name) {
            String lower = name.strip().toLowerCase(Locale.ROOT);
            if (lower.startsWith(TAG)) {
                return new GroupKey(Dimension.TAG, name.strip().substring(TAG.length()));
            }
            return Arrays.stream(Dimension.values())
                    .filter(known -> known != Dimension.TAG
                            && known.name().toLowerCase(Locale.ROOT).equals(lower))
                    .findFirst()
                    .map(GroupKey::of)
                    .orElseThrow(() ->
                            new IllegalArgumentException("\"" + name + "\" is not one of " + names() + ", tag:NAME"));
        }

        private static String names() {
            return Arrays.stream(Dimension.values())
                    .filter(known -> known != Dimension.TAG)
                    .map(known -> known.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "));
        }

        /** Whether it is a stretch of time. */
        public boolean isTime() {
            return dimension == Dimension.DAY || dimension == Dimension.HOUR;
        }

        /** Whether it is the model or the provider that served. */
        public boolean isWhatServed() {
            return dimension == Dimension.PROVIDER || dimension == Dimension.MODEL;
        }

        @Override
        public String toString() {
            return dimension == Dimension.TAG ? TAG + tag : dimension.name().toLowerCase(Locale.ROOT);
        }
    }

    /** One dimension, in UTC, of everybody. */
    public static SpendQuery of(Instant from, Instant to, Dimension by) {
        return new SpendQuery(from, to, ZoneOffset.UTC, List.of(GroupKey.of(by)), Map.of());
    }

    /** Whether it asks what served: then an attempt that was lost is told apart from the one behind it. */
    public boolean asksWhatServed() {
        return by.stream().anyMatch(GroupKey::isWhatServed)
                || only.keySet().stream().anyMatch(GroupKey::isWhatServed);
    }

    /** The groups of two questions as those of one, the dearest first. */
    public static List<SpendGroup> together(List<SpendGroup> some, List<SpendGroup> others) {
        Map<List<String>, Spend> sums = new LinkedHashMap<>();
        some.forEach(group -> sums.merge(group.values(), group.spend(), Spend::plus));
        others.forEach(group -> sums.merge(group.values(), group.spend(), Spend::plus));
        return sums.entrySet().stream()
                .map(sum -> new SpendGroup(sum.getKey(), sum.getValue()))
                .sorted(Comparator.comparingLong(
                        (SpendGroup group) -> -group.spend().costNanos()))
                .toList();
    }

    /** Whether stores must tell times in quarters of an hour, because days begin elsewhere than in UTC. */
    public boolean needsQuarters() {
        return by.stream().anyMatch(GroupKey::isTime) && !zone.normalized().equals(ZoneOffset.UTC);
    }

    /** The day or hour of a quarter, in the zone asked for. */
    public String timeOf(GroupKey key, long quarter) {
        Instant begin = Instant.ofEpochSecond(quarter * QUARTER_SECONDS);
        return (key.dimension() == Dimension.DAY ? DAY : HOUR).format(begin.atZone(zone));
    }

    /** Groups whose times are quarters as groups of days and hours, dearest first. */
    public List<SpendGroup> folded(List<SpendGroup> quarters) {
        Map<List<String>, Spend> sums = new LinkedHashMap<>();
        for (SpendGroup group : quarters) {
            List<String> values = new ArrayList<>(group.values());
            for (int i = 0; i < values.size(); i++) {
                if (by.get(i).isTime()) {
                    values.set(i, timeOf(by.get(i), Long.parseLong(values.get(i))));
                }
            }
            sums.merge(List.copyOf(values), group.spend(), Spend::plus);
        }
        return sums.entrySet().stream()
                .map(sum -> new SpendGroup(sum.getKey(), sum.getValue()))
                .sorted(SpendGroup.DEAREST_FIRST)
                .limit(AuditIndex.MAX_SPEND_ROWS)
                .toList();
    }

    /**
     * One group of an answer.
     *
     * @param values of the keys, in their order; empty where an exchange has none
     */
    public record SpendGroup(List<String> values, Spend spend) {
        public static final Comparator<SpendGroup> DEAREST_FIRST = Comparator.comparingLong(
                        (SpendGroup group) -> group.spend().costNanos())
                .reversed()
                .thenComparing(group -> String.join("\0", group.values()));

        public SpendGroup {
            values = List.copyOf(values);
        }

        AuditIndex.SpendRow row() {
            return new AuditIndex.SpendRow(
                    values.get(0),
                    spend.calls(),
                    spend.denied(),
                    spend.inputTokens(),
                    spend.outputTokens(),
                    spend.costNanos(),
                    spend.unpriced());
        }
    }
}
