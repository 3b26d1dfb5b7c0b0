package dev.tollgate.policy;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A size as people write it: {@code 32MiB}, {@code 8KiB}, {@code 512}.
 *
 * @param bytes the size in bytes, ≥ 0
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,12})\\s?(B|KiB|MiB|GiB)?");
    private static final Map<String, Long> UNITS = Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

    public ByteSize {
        Defaults.require(bytes >= 0, "a size is negative: " + bytes);
    }

    public static ByteSize parse(String written) {
        Matcher matcher = WRITTEN.matcher(written.trim());
        Defaults.require(matcher.matches(), "not a size such as 512, 8KiB or 32MiB: " + written);
        String unit = matcher.group(2) == null ? "B" : matcher.group(2);
        return new ByteSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), UNITS.getOrDefault(unit, 1L)));
    }

    public static ByteSize mebibytes(int count) {
        return new ByteSize((long) count << 20);
    }

    public int toInt() {
        return Math.toIntExact(bytes);
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    @Override
    public String toString() {
        for (String unit : new String[] {"GiB", "MiB", "KiB"}) {
            long size = UNITS.getOrDefault(unit, 1L);
            if (bytes >= size && bytes % size == 0) {
                return String.format(Locale.ROOT, "%d%s", bytes / size, unit);
            }
        }
        return Long.toString(bytes);
    }
}
