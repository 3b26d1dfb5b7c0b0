package dev.tollgate.budget;

import dev.tollgate.budget.ModelPrice.Period;
import dev.tollgate.budget.ModelPrice.Tier;
import dev.tollgate.value.ModelId;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prices as people read them: dollars per million tokens, or apiece. */
final class PriceText {
    private static final int NANO_DIGITS = 9;

    private PriceText() {}

    static String of(Rates rates) {
        return rates.written().entrySet().stream()
                .map(price -> price.getKey().key() + " $" + dollars(price.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** What differs, before and after. A price that is another's before and after is not told again. */
    static String of(Rates before, Rates after) {
        return Arrays.stream(Billed.values())
                .filter(billed -> before.of(billed) != after.of(billed) && !follows(billed, before, after))
                .map(billed -> billed.key() + " $" + dollars(before.of(billed)) + " → $" + dollars(after.of(billed)))
                .collect(Collectors.joining(", "));
    }

    private static boolean follows(Billed billed, Rates before, Rates after) {
        Billed parent = billed.otherwise();
        return parent != null && before.of(billed) == before.of(parent) && after.of(billed) == after.of(parent);
    }

    static String dollars(long nanos) {
        return BigDecimal.valueOf(nanos, NANO_DIGITS).stripTrailingZeros().toPlainString();
    }

    /** Everything known of a model on a day: prices that are paid, limits. */
    static List<String> describe(ModelId asked, ModelPrice price, boolean isOwn, LocalDate listed, LocalDate today) {
        List<String> lines = new ArrayList<>();
        String found = price.provider() + "/" + price.model();
        String source = isOwn ? "a price of the policy's own" : "list of " + listed + ", entry " + found;
        lines.add(asked + ": " + source + discount(price.share()));
        Period now = price.periodOn(today);
        lines.add("dollars per million: " + of(now.usual().rates()));
        for (Tier tier : now.usual().tiers()) {
            lines.add("over " + tier.above() + " tokens in: " + of(now.usual().rates(), tier.rates()));
        }
        new TreeMap<>(now.other())
                .forEach((terms, prices) -> lines.add(terms.name().toLowerCase(Locale.ROOT) + ": "
                        + of(now.usual().rates(), prices.rates())));
        for (Period later : price.periods()) {
            if (later.from().isAfter(today)) {
                lines.add("from " + later.from() + ": "
                        + of(now.usual().rates(), later.usual().rates()));
            }
        }
        lines.add("context " + known(price.contextWindow()) + ", most output " + known(price.maxOutput())
                + ", tokenizer " + price.tokenizer().name().toLowerCase(Locale.ROOT));
        return lines;
    }

    private static String discount(long share) {
        if (share == Rates.WHOLE) {
            return "";
        }
        BigDecimal percent = BigDecimal.valueOf(Rates.WHOLE - share, 4).stripTrailingZeros();
        return percent.signum() > 0
                ? ", less " + percent.toPlainString() + " %"
                : ", plus " + percent.negate().toPlainString() + " %";
    }

    private static String known(@Nullable Long limit) {
        return limit == null ? "not known" : limit.toString();
    }
}
