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
 * remembered by the text's hash, because agents send their whole history with each turn. Before a call nothing takes longer than counting
 * {@link #MAX_COUNTED_CHARACTERS}: what is longer, or has runs that tokenizers are slow on, is estimated. Safe on any thread.
 */
public final class TokenCounter {
    /** Most characters that are counted exactly for one call, beside those already remembered: some 2 ms. */
    static final int MAX_COUNTED_CHARACTERS = 48 * 1024;

    /** Most characters that are counted exactly for a bill: some 20 ms, and a second for texts made to be slow. */
    static final int MAX_BILLED_CHARACTERS = 256 * 1024;
    /** Counted at once: what a tokenizer takes for one long word then costs time in proportion to its length. */
    private static final int MAX_PIECE = 4 * 1024;

    private static final int MAX_REMEMBERED = 20_000;
    /** Without a blank in between; tokenizers need quadratic time for longer ones. */
    private static final int MAX_RUN = 512;

    private final Executor loader;
    private final long seed;
    private final Vocabulary o200k = new Vocabulary(EncodingType.O200K_BASE);
    private final Vocabulary cl100k = new Vocabulary(EncodingType.CL100K_BASE);
    private final Cache<Fingerprint, Long> remembered = Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumSize(MAX_REMEMBERED)
            .build();

    /**
     * A text without its content.
     *
     * @param hash seeded, so that nobody outside can make two texts collide
     * @param length in UTF-16 code units
     */
    private record Fingerprint(Tokenizer tokenizer, long hash, int length) {}

    /**
     * @param loader runs the loading of vocabularies; not an event loop
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
        if (encoding == null && tokenizer.isExact()) {
            return estimate(tokenizer, texts); // not remembered: the vocabulary is on its way
        }
        long tokens = 0;
        int charactersLeft = MAX_COUNTED_CHARACTERS;
        for (Text text : texts) {
            String value = text.value();
            Fingerprint fingerprint = new Fingerprint(tokenizer, hash(value), value.length());
            Long known = remembered.getIfPresent(fingerprint);
            if (known != null) {
                tokens += known;
            } else if (encoding != null && value.length() <= charactersLeft && !hasLongRun(value)) {
                charactersLeft -= value.length();
                tokens += remember(fingerprint, encoding.countTokensOrdinary(value));
            } else {
                tokens += remember(fingerprint, TokenEstimate.of(tokenizer, value));
            }
        }
        return tokens;
    }

    /**
     * The tokens of texts that were sent or relayed, exact where the tokenizer is public, but for what is longer than {@link
     * #MAX_BILLED_CHARACTERS}. Takes its time, and half a second the first time: not for event loops.
     */
    public long countForBill(Tokenizer tokenizer, List<String> texts) {
        Encoding encoding = loadedEncoding(tokenizer);
        long tokens = 0;
        int charactersLeft = MAX_BILLED_CHARACTERS;
        for (String text : texts) {
            int counted = encoding == null ? 0 : Math.min(text.length(), charactersLeft);
            charactersLeft -= counted;
            int at = 0;
            while (encoding != null && at < counted) {
                int end = pieceEnd(text, at, counted);
                tokens += encoding.countTokensOrdinary(text.substring(at, end));
                at = end;
            }
            tokens += counted == text.length() ? 0 : TokenEstimate.of(tokenizer, text.substring(counted));
        }
        return tokens;
    }

    /** Where a piece ends: before a blank of its second half, so that no word is cut which is not very long. */
    private static int pieceEnd(String text, int start, int limit) {
        int end = start + MAX_PIECE;
        if (end >= limit) {
            return limit;
        }
        for (int i = end; i > start + MAX_PIECE / 2; i--) {
            if (text.charAt(i) == ' ') {
                return i;
            }
        }
        return Character.isLowSurrogate(text.charAt(end)) ? end - 1 : end;
    }

    private @Nullable Encoding loadedEncoding(Tokenizer tokenizer) {
        if (tokenizer.isExact() && encoding(tokenizer) == null) {
            load(tokenizer);
        }
        return encoding(tokenizer);
    }

    private long remember(Fingerprint text, long tokens) {
        remembered.put(text, tokens);
        return tokens;
    }

    /** Loads both vocabularies now, on the calling thread. */
    public void load() {
        o200k.load();
        cl100k.load();
    }

    private void load(Tokenizer tokenizer) {
        (tokenizer == Tokenizer.O200K ? o200k : cl100k).load();
    }

    private @Nullable Encoding encoding(Tokenizer tokenizer) {
        return switch (tokenizer) {
            case O200K -> o200k.get(loader);
            case CL100K -> cl100k.get(loader);
            case CLAUDE, GEMINI, OTHER -> null;
        };
    }

    /** A vocabulary that is loaded when first asked for: it takes half a second and some 30 MB. */
    private static final class Vocabulary {
        private final EncodingType type;
        private final AtomicBoolean loading = new AtomicBoolean();
        private volatile @Nullable Encoding loaded;

        Vocabulary(EncodingType type) {
            this.type = type;
        }

        /** The vocabulary; null while it is not yet there. */
        @Nullable
        Encoding get(Executor loader) {
            if (loaded == null && loading.compareAndSet(false, true)) {
                loader.execute(this::load);
            }
            return loaded;
        }

        synchronized void load() {
            if (loaded == null) {
                loaded = Encodings.newLazyEncodingRegistry().getEncoding(type);
            }
        }
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
        int i = 0;
        for (int end = text.length() & ~3; i < end; i += 4) {
            long four = text.charAt(i)
                    | (long) text.charAt(i + 1) << 16
                    | (long) text.charAt(i + 2) << 32
                    | (long) text.charAt(i + 3) << 48;
            hash = mixed(hash ^ four);
        }
        for (; i < text.length(); i++) {
            hash = mixed(hash ^ text.charAt(i));
        }
        return hash;
    }

    private static long mixed(long bits) {
        long product = bits * 0x9E3779B97F4A7C15L;
        return product ^ (product >>> 32);
    }
}
