package dev.tollgate.budget;

import static dev.tollgate.budget.Billed.AUDIO_INPUT;
import static dev.tollgate.budget.Billed.AUDIO_OUTPUT;
import static dev.tollgate.budget.Billed.CACHE_READ;
import static dev.tollgate.budget.Billed.CACHE_WRITE;
import static dev.tollgate.budget.Billed.CACHE_WRITE_LONG;
import static dev.tollgate.budget.Billed.CHARACTER;
import static dev.tollgate.budget.Billed.IMAGE_INPUT;
import static dev.tollgate.budget.Billed.IMAGE_OUTPUT;
import static dev.tollgate.budget.Billed.INPUT;
import static dev.tollgate.budget.Billed.OUTPUT;
import static dev.tollgate.budget.Billed.REASONING;

import dev.tollgate.value.Extras;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each class costs: whole nano-dollars per million of what is counted by the million, per piece of the rest. Immutable.
 */
final class Rates {
    /** Nothing costs anything. */
    static final Rates FREE = new Rates(new EnumMap<>(Billed.class));

    /** What is paid of the list price where no discount holds, in millionths. */
    static final long WHOLE = 1_000_000;

    private static final Billed[] CLASSES = Billed.values();

    private final Map<Billed, Long> perUnit;
    private final boolean hasTools;
    private final boolean hasPieces;

    private Rates(Map<Billed, Long> perUnit) {
        this.perUnit = perUnit;
        this.hasTools =
                of(Billed.SEARCH) + of(Billed.SEARCH_CALL) + of(Billed.FILE_SEARCH) + of(Billed.CODE_SESSION) > 0;
        this.hasPieces = hasTools || of(CHARACTER) + of(Billed.SECOND) + of(Billed.IMAGE) > 0;
    }

    /** Whether tools that the provider runs have a price. */
    boolean hasTools() {
        return hasTools;
    }

    /** Whether anything but tokens and calls has a price. */
    boolean hasPieces() {
        return hasPieces;
    }

    /** Prices of which some are written; the others are those of the class that stands for theirs. */
    static Rates of(Map<Billed, Long> written) {
        return new Rates(new EnumMap<>(Billed.class)).changed(written);
    }

    /** These prices but for those written. A price that was another's follows that other's. */
    Rates changed(Map<Billed, Long> written) {
        Map<Billed, Long> changed = new EnumMap<>(Billed.class);
        for (Billed billed : CLASSES) {
            Billed parent = billed.otherwise();
            Long own = written.get(billed);
            if (own != null) {
                changed.put(billed, own);
            } else if (parent != null && of(billed) == of(parent)) {
                changed.put(billed, changed.getOrDefault(parent, 0L));
            } else {
                changed.put(billed, of(billed));
            }
        }
        return new Rates(changed);
    }

    /** The dearer price of each class. */
    Rates dearer(Rates other) {
        Map<Billed, Long> most = new EnumMap<>(Billed.class);
        for (Billed billed : CLASSES) {
            most.put(billed, Math.max(of(billed), other.of(billed)));
        }
        return new Rates(most);
    }

    /** The price of a class. */
    long of(Billed billed) {
        return perUnit.getOrDefault(billed, 0L);
    }

    /** The price of a class, or that of the class that stands for it, as files write it: those that differ from what they would be anyway. */
    Map<Billed, Long> written() {
        Map<Billed, Long> written = new EnumMap<>(Billed.class);
        for (Billed billed : CLASSES) {
            Billed parent = billed.otherwise();
            boolean isBase = billed == INPUT || billed == OUTPUT;
            if (isBase || of(billed) != (parent == null ? 0 : of(parent))) {
                written.put(billed, of(billed));
            }
        }
        return written;
    }

    /**
     * The exact cost, rounded up once to the next nano-dollar.
     *
     * @param share what is paid of the list price, in millionths
     */
    NanoUsd cost(Usage used, long share) {
        Sum sum = new Sum();
        for (Billed billed : CLASSES) {
            long count = billed.count(used);
            if (count != 0) {
                sum.add(count, billed.unit(), of(billed));
            }
        }
        return new NanoUsd(sum.roundedUp(share));
    }

    /** What the same tokens would have cost with no cache at all. */
    NanoUsd costUncached(Usage used, long share) {
        Sum sum = new Sum();
        sum.add(
                used.cacheRead()
                        - used.extras().audioCached()
                        - used.extras().imageCached()
                        + used.cacheWrite()
                        + used.cacheWriteLong(),
                Billed.Unit.MILLION,
                of(INPUT));
        sum.add(used.extras().audioCached(), Billed.Unit.MILLION, of(AUDIO_INPUT));
        sum.add(used.extras().imageCached(), Billed.Unit.MILLION, of(IMAGE_INPUT));
        for (Billed billed : CLASSES) {
            long count = isCache(billed) ? 0 : billed.count(used);
            if (count != 0) {
                sum.add(count, billed.unit(), of(billed));
            }
        }
        return new NanoUsd(sum.roundedUp(share));
    }

    private static boolean isCache(Billed billed) {
        return switch (billed) {
            case CACHE_READ, CACHE_WRITE, CACHE_WRITE_LONG, AUDIO_CACHED, IMAGE_CACHED -> true;
            default -> false;
        };
    }

    /** Most of everything that a call can use. */
    record Worst(long input, long output, CacheUse cache, boolean hasAudio, Extras extras) {}

    /**
     * The most that a call can cost.
     *
     * @param share what is paid of the list price, in millionths
     */
    NanoUsd mostFor(Worst most, long share) {
        long dearestInput = Math.max(of(IMAGE_INPUT), dearestInput(most.cache()));
        long dearestOutput = Math.max(of(IMAGE_OUTPUT), Math.max(of(OUTPUT), of(REASONING)));
        if (most.hasAudio()) {
            dearestInput = Math.max(dearestInput, of(AUDIO_INPUT));
            dearestOutput = Math.max(dearestOutput, of(AUDIO_OUTPUT));
        }
        Sum sum = new Sum();
        sum.add(most.input(), Billed.Unit.MILLION, dearestInput);
        sum.add(most.output(), Billed.Unit.MILLION, dearestOutput);
        sum.add(1, Billed.Unit.PIECE, of(Billed.REQUEST));
        if (!most.extras().equals(Extras.NONE)) {
            addPieces(sum, Usage.of(0, 0, Usage.Source.COUNTED).with(most.extras()));
        }
        return new NanoUsd(sum.roundedUp(share));
    }

    private void addPieces(Sum sum, Usage pieces) {
        sum.add(CHARACTER.count(pieces), CHARACTER.unit(), of(CHARACTER));
        for (Billed billed : CLASSES) {
            if (billed.unit() == Billed.Unit.PIECE && billed != Billed.REQUEST) {
                sum.add(billed.count(pieces), billed.unit(), of(billed));
            }
        }
    }

    private long dearestInput(CacheUse cache) {
        return switch (cache) {
            case NONE -> Math.max(of(INPUT), of(CACHE_READ));
            case SHORT -> Math.max(of(INPUT), of(CACHE_WRITE));
            case LONG -> Math.max(of(INPUT), Math.max(of(CACHE_WRITE), of(CACHE_WRITE_LONG)));
        };
    }

    /** How a call may use the provider's prompt cache, which decides the dearest price of its input. */
    enum CacheUse {
        /** It writes nothing to it. */
        NONE,
        /** It may write to the short-lived one. */
        SHORT,
        /** It may write to the long-lived one. */
        LONG
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Rates rates && rates.perUnit.equals(perUnit);
    }

    @Override
    public int hashCode() {
        return perUnit.hashCode();
    }

    @Override
    public String toString() {
        return written().toString();
    }

    /** Adds up count × price without losing a fraction and without overflow up to 10⁹ dollars. */
    private static final class Sum {
        private static final long MILLION = 1_000_000;

        private long nanos;
        private long millionths;

        void add(long count, Billed.Unit unit, long price) {
            if (count == 0) {
                return;
            }
            if (unit == Billed.Unit.PIECE) {
                nanos = Math.addExact(nanos, Math.multiplyExact(count, price));
            } else {
                nanos = Math.addExact(nanos, Math.multiplyExact(count, price / MILLION));
                millionths = Math.addExact(millionths, Math.multiplyExact(count, price % MILLION));
            }
        }

        long roundedUp(long share) {
            if (share == WHOLE) {
                return Math.addExact(nanos, Math.ceilDiv(millionths, MILLION));
            }
            BigInteger exact = BigInteger.valueOf(nanos)
                    .multiply(BigInteger.valueOf(MILLION))
                    .add(BigInteger.valueOf(millionths))
                    .multiply(BigInteger.valueOf(share));
            BigInteger unit = BigInteger.valueOf(MILLION * WHOLE);
            return exact.add(unit).subtract(BigInteger.ONE).divide(unit).longValueExact();
        }
    }
}
