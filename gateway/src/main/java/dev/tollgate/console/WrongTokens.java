package dev.tollgate.console;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts wrong tokens by address. Past the limit a further wrong one is answered 429 and no longer logged. A right one passes even then: an
 * agent on the same machine could otherwise lock the reviewers out, and 256 random bits are not guessed at any rate.
 */
final class WrongTokens {
    private final Cache<String, AtomicInteger> byAddress = Caffeine.newBuilder()
            .maximumSize(Limits.MAX_ADDRESSES)
            .expireAfterWrite(Limits.SIGN_IN_WINDOW)
            .build();

    /** Counts one more, and says whether that is too many. */
    boolean isTooMany(String address) {
        AtomicInteger count = byAddress.get(address, first -> new AtomicInteger());
        return count.incrementAndGet() > Limits.MAX_WRONG_TOKENS;
    }
}
