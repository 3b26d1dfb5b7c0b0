package dev.tollgate.console;

import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Unit;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Numbers, money and times as people read them. All times are UTC. */
final class Format {
    private static final DateTimeFormatter CLOCK = formatter("HH:mm:ss");
    private static final DateTimeFormatter DAY_AND_CLOCK = formatter("d MMM HH:mm:ss");
    private static final DateTimeFormatter WHOLE = formatter("d MMM yyyy HH:mm:ss 'UTC'");
    /** Longest id that is shown whole in the middle of other things, in characters. */
    private static final int MAX_ID = 22;

    private static final int NANO_SCALE = 9;
    private static final long MICROS_PER_MILLI = 1000;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private Format() {}

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }

    /** Two decimals from a dollar up, four from a cent up, else two significant digits. Rounded; the exact amount stands in the log. */
    static String money(long nanos) {
        if (nanos == 0) {
            return "$0";
        }
        BigDecimal dollars = BigDecimal.valueOf(Math.abs(nanos), NANO_SCALE);
        int decimals;
        if (dollars.compareTo(BigDecimal.ONE) >= 0) {
            decimals = 2;
        } else if (dollars.compareTo(new BigDecimal("0.01")) >= 0) {
            decimals = 4;
        } else {
            decimals = Math.min(
                    NANO_SCALE, NANO_SCALE - dollars.unscaledValue().toString().length() + 2);
        }
        String digits =
                String.format(Locale.ENGLISH, "%,." + decimals + "f", dollars.setScale(decimals, RoundingMode.HALF_UP));
        return (nanos < 0 ? "−$" : "$") + digits;
    }

    static String money(@Nullable NanoUsd amount) {
        return amount == null ? "no price" : money(amount.nanos());
    }

    /** All decimals. */
    static String exact(@Nullable NanoUsd amount) {
        return amount == null ? "no price is known" : amount.toString();
    }

    static String exact(long nanos) {
        return new NanoUsd(nanos).toString();
    }

    static String count(long number) {
        return String.format(Locale.ENGLISH, "%,d", number);
    }

    /** The time, with the day where it is another than now's. */
    static String time(Instant moment, Instant now) {
        boolean today = moment.atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .equals(now.atOffset(ZoneOffset.UTC).toLocalDate());
        return (today ? CLOCK : DAY_AND_CLOCK).format(moment);
    }

    static String whole(Instant moment) {
        return moment.equals(Instant.MAX) ? "never" : WHOLE.format(moment);
    }

    static String micros(long micros) {
        if (micros < MICROS_PER_MILLI) {
            return micros + " µs";
        }
        if (micros < MICROS_PER_SECOND) {
            return String.format(Locale.ENGLISH, "%.1f ms", micros / (double) MICROS_PER_MILLI);
        }
        return String.format(Locale.ENGLISH, "%.1f s", micros / (double) MICROS_PER_SECOND);
    }

    static String bytes(long bytes) {
        if (bytes < 1024) {
            return bytes + " bytes";
        }
        return bytes < 1024 * 1024
                ? String.format(Locale.ENGLISH, "%.1f KiB", bytes / 1024.0)
                : String.format(Locale.ENGLISH, "%.1f MiB", bytes / (1024.0 * 1024));
    }

    /** The two largest units: {@code 2 h 5 min}, {@code 3 min 20 s}. */
    static String length(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return two(seconds / 60, " min", seconds % 60, " s");
        }
        return seconds < 86_400
                ? two(seconds / 3600, " h", seconds % 3600 / 60, " min")
                : two(seconds / 86_400, " d", seconds % 86_400 / 3600, " h");
    }

    /** A long id by its beginning, where the whole is told beside it. */
    static String shortened(String id) {
        return id.length() <= MAX_ID ? id : id.substring(0, MAX_ID - 1) + "…";
    }

    /** A message as a sentence of its own. */
    static String sentence(String message) {
        if (message.isEmpty()) {
            return message;
        }
        char last = message.charAt(message.length() - 1);
        boolean ends = last == '.' || last == '!' || last == '?';
        return Character.toUpperCase(message.charAt(0)) + message.substring(1) + (ends ? "" : ".");
    }

    /** How long after something, to a tenth of a second within the first minute. */
    static String offset(Duration duration) {
        return duration.toSeconds() < 60
                ? String.format(Locale.ENGLISH, "%.1f s", duration.toMillis() / 1000.0)
                : length(duration);
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        return large + largeUnit + (small == 0 ? "" : " " + small + smallUnit);
    }

    /** An amount of a unit, rounded as money is. */
    static String amount(Unit unit, long amount) {
        return switch (unit) {
            case USD -> money(amount);
            case TOKENS -> count(amount) + (amount == 1 ? " token" : " tokens");
            case REQUESTS -> count(amount) + (amount == 1 ? " request" : " requests");
        };
    }

    /** The whole limit of a budget. */
    static String exact(BudgetEntry budget) {
        long limit = budget.limit().in(budget.unit());
        return budget.unit() == Unit.USD ? exact(limit) : amount(budget.unit(), limit);
    }

    /** What a budget has one counter for each of. */
    static String scope(BudgetEntry budget) {
        return String.join(", ", budget.scope().all());
    }

    /** Which calls a budget is for; empty for all. */
    static String match(BudgetEntry budget) {
        List<String> words = new ArrayList<>();
        if (!budget.only().all().isEmpty()) {
            words.add(String.join(" or ", budget.only().all()));
        }
        new TreeMap<>(budget.match())
                .forEach((what, names) -> words.add(what + " " + String.join(" or ", names.all())));
        return String.join(", ", words);
    }

    /** How long a budget counts. */
    static String period(BudgetEntry budget) {
        return budget.rolling() == null ? word(budget.period()) : "last " + length(budget.rolling());
    }

    /** A number of calls, in words. */
    static String calls(long number) {
        return count(number) + (number == 1 ? " call" : " calls");
    }

    /** An enum constant as a lower-case word or two. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** A stable code as words. */
    static String words(String code) {
        return code.replace('_', ' ');
    }

    /** For query strings. */
    static String url(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** Share of a whole, 0 to 100. */
    static int percent(long part, long whole) {
        if (whole <= 0) {
            return part > 0 ? 100 : 0;
        }
        return Math.clamp(Math.round(part * 100.0 / whole), 0, 100);
    }
}
