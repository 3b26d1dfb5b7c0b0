package dev.tollgate.budget;

import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.PricesPolicy.Discount;
import dev.tollgate.value.ModelId;
import java.math.BigDecimal;
import java.util.List;

/** What contracts take off list prices. */
final class Discounts {
    static final Discounts NONE = new Discounts(new ModelPatterns<>());

    private static final int SHARE_DIGITS = 4;

    private final ModelPatterns<Long> shares;

    private Discounts(ModelPatterns<Long> shares) {
        this.shares = shares;
    }

    static Discounts of(List<Discount> discounts) throws PolicyException {
        ModelPatterns<Long> shares = new ModelPatterns<>();
        int index = 0;
        for (Discount discount : discounts) {
            String path = "prices.discounts[" + index++ + "]";
            long share = share(path + ".percent", discount.percent());
            if (!shares.add(discount.provider(), discount.model(), share)) {
                throw PolicyException.at(
                        path, "there is a discount for " + discount.provider() + "/" + discount.model() + " already");
            }
        }
        return new Discounts(shares);
    }

    private static long share(String path, double percent) throws PolicyException {
        try {
            return BigDecimal.valueOf(100)
                    .subtract(BigDecimal.valueOf(percent))
                    .movePointRight(SHARE_DIGITS)
                    .longValueExact();
        } catch (ArithmeticException tooFine) {
            throw PolicyException.at(path, "has more than " + SHARE_DIGITS + " decimals");
        }
    }

    boolean isEmpty() {
        return shares.isEmpty();
    }

    /** What is paid of a model's list price, in millionths. */
    long shareOf(ModelId model) {
        Long share = shares.find(model);
        return share == null ? Rates.WHOLE : share;
    }
}
