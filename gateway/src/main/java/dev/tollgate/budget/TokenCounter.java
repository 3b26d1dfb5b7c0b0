package dev.tollgate.budget;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import dev.tollgate.exchange.Text;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Counts the tokens of texts before a provider does. Exact where the tokenizer is public, else an estimate on the safe side. Counts are
 * remembered by the text's hash, because agents send their whole history with each turn. Never takes longer than counting {@link
 * #MAX_COUNTED_CHARACTERS}: what is longer, or has runs that tokenizers are slow on, is estimated. Safe on any thread.
 */
public final class TokenCounter {
    /** Most characters that are counted exactly for one call, beside those already remembered: some 2 ms. */
    static final int MAX_COUNTED_CHARACTERS = 48 * 1024;

    private static final int MAX_REMEMBERED = 20_000;
    /** Without a blank in between; tokenizers need quadratic time for longer ones. */
    private static final int MAX_RUN = 512;

    private final Executor loader;
    private final long seed;
    private final AtomicBoolean loading = new AtomicBoolean();
    private final Cache<Fingerprint, Long> remembered =
            Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();
    private volatile @Nullable Encoding o200k;
    private volatile @Nullable Encoding cl100k;

    /**
     * A text without its content.
     *
     * @param hash seeded, so that nobody outside can make two texts collide
     * @param length in UTF-16 code units
     */
    private record Fingerprint(Tokenizer tokenizer, long hash, int length) {}

    /**
     * @param loader runs the loading of the vocabularies, half a second and some 30 MB each; not an event loop
     * @param random seeds the hashes
     */
    public TokenCounter(Executor loader, RandomGenerator random) {
        this.loader = loader;
        this.seed = random.nextLong();
    }

    /** The tokens of all texts together, by one pass over them: some nanoseconds per character, never below what is billed in practice. */
    public long estimate(Tokenizer tokenizer, List<Text> texts) {
        long tokens = 0;
        for (Text text : texts) {
            tokens += TokenEstimate.of(tokenizer, text.value());
        }
        return tokens;
    }

    /**
     * The tokens of all texts together, exact where the tokenizer is public, its vocabulary loaded and the texts not too long. The first
     * call loads the vocabulary and estimates meanwhile.
     */
    public long count(Tokenizer tokenizer, List<Text> texts) {
        Encoding encoding = encoding(tokenizer);
        if (encoding == null) {
            return estimate(tokenizer, texts);
        }
        long tokens = 0;
        int charactersLeft = MAX_COUNTED_CHARACTERS;
        for (Text text : texts) {
            String value = text.value();
            Fingerprint fingerprint = new Fingerprint(tokenizer, hash(value), value.length());
            Long known = remembered.getIfPresent(fingerprint);
            if (known == null) {
                boolean exactly = value.length() <= charactersLeft && !hasLongRun(value);
                charactersLeft -= exactly ? value.length() : 0;
                known = exactly ? encoding.countTokensOrdinary(value) : TokenEstimate.of(tokenizer, value);
                remembered.put(fingerprint, known);
            }
            tokens += known;
        }
        return tokens;
    }

    /** Loads the vocabularies now, on the calling thread. */
    public void load() {
        var registry = Encodings.newLazyEncodingRegistry();
        o200k = registry.getEncoding(EncodingType.O200K_BASE);
        cl100k = registry.getEncoding(EncodingType.CL100K_BASE);
    }

    private @Nullable Encoding encoding(Tokenizer tokenizer) {
        if (!tokenizer.isExact()) {
            return null;
        }
        Encoding loaded = tokenizer == Tokenizer.O200K ? o200k : cl100k;
        if (loaded == null && loading.compareAndSet(false, true)) {
            loader.execute(this::load);
        }
        return loaded;
    }

    private static boolean hasLongRun(String text) {
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            run = text.charAt(i) <= ' ' ? 0 : run + 1;
            if (run > MAX_RUN) {
                return true;
            }
        }
        return false;
    }

    private long hash(String text) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return hash;
    }
}
