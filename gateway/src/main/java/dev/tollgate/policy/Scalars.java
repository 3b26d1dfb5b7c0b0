package dev.tollgate.policy;

import dev.tollgate.value.NanoUsd;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types that a single YAML value can have, and how each is written. */
final class Scalars {
    private static final Pattern WRITTEN_DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private static final Map<Class<?>, Kind> KINDS = Map.of(
            String.class, new Kind("a text", text -> text),
            Integer.class, new Kind("a whole number", text -> Integer.valueOf(digits(text))),
            Long.class, new Kind("a whole number", text -> Long.valueOf(digits(text))),
            Double.class, new Kind("a number", Scalars::finite),
            Boolean.class, new Kind("true or false", Scalars::truth),
            Duration.class, new Kind("a duration such as 250ms, 15s, 5m, 24h or 30d", Scalars::duration),
            ByteSize.class, new Kind("a size such as 512, 8KiB or 32MiB", ByteSize::parse),
            NanoUsd.class,
                    new Kind("an amount in dollars such as 5 or 0.25, with at most 9 decimals", NanoUsd::ofDollars),
            ZoneId.class, new Kind("a time zone such as UTC or Europe/Berlin", ZoneId::of),
            Path.class, new Kind("a path", Path::of));

    private static final Map<Class<?>, Kind> RARE_KINDS = Map.of(
            BigDecimal.class, new Kind("a number", BigDecimal::new),
            Quantity.class, new Kind("a number such as 5, 0.25 or 2_000_000", Quantity::parse),
            LocalDate.class, new Kind("a date such as 2026-11-21", LocalDate::parse));

    private Scalars() {}

    /**
     * @param expected what such a value looks like
     * @param parse throws some {@link RuntimeException} if it does not
     */
    record Kind(String expected, Function<String, Object> parse) {}

    static boolean isScalar(Class<?> type) {
        return type.isEnum() || KINDS.containsKey(type) || RARE_KINDS.containsKey(type);
    }

    static Kind kind(Class<?> type) {
        if (type.isEnum()) {
            List<String> names = names(type);
            return new Kind(oneOf(names), text -> type.getEnumConstants()[names.indexOf(text)]);
        }
        Kind kind = KINDS.getOrDefault(type, RARE_KINDS.get(type));
        if (kind == null) {
            throw new IllegalStateException("policies cannot hold a " + type.getName());
        }
        return kind;
    }

    /** The constants of an enum as they are written. */
    static List<String> names(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                .toList();
    }

    private static String oneOf(List<String> names) {
        return "one of " + String.join(", ", names);
    }

    private static String digits(String text) {
        return text.replace("_", "");
    }

    private static Double finite(String text) {
        double number = Double.parseDouble(text);
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException();
        }
        return number;
    }

    private static Boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException();
        };
    }

    private static Duration duration(String text) {
        Matcher matcher = WRITTEN_DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException();
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    /** A duration as it is written in policies. */
    static String written(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0 || millis == 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 60 != 0) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        return minutes % 60 != 0 ? minutes + "m" : minutes / 60 + "h";
    }
}
