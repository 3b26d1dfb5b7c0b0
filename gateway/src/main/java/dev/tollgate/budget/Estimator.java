package dev.tollgate.budget;

import static dev.tollgate.budget.Billed.AUDIO_INPUT;
import static dev.tollgate.budget.Billed.AUDIO_OUTPUT;
import static dev.tollgate.budget.Billed.CACHE_WRITE;
import static dev.tollgate.budget.Billed.CACHE_WRITE_LONG;
import static dev.tollgate.budget.Billed.INPUT;
import static dev.tollgate.budget.Billed.OUTPUT;

import dev.tollgate.budget.Rates.CacheUse;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Text;
import dev.tollgate.value.Bytes;
import dev.tollgate.value.Extras;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.ServiceTier;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * What a call can cost at most: its input, counted or estimated on the safe side, and its output, bounded by the request's own limit or
 * the model's, times the choices asked for, each token at the dearest price it can have. Stateless; safe on any thread.
 */
public final class Estimator {
    /** Instructions and special tokens that providers put around what was sent. */
    private static final long FRAME_TOKENS = 96;
    /** The same where a provider is known to put whole system prompts in front. */
    private static final long FRAME_TOKENS_OTHER = 768;

    private static final long FRAME_TOKENS_PER_TEXT = 6;
    /** Instructions that providers add for tools, output schemas and citations. */
    private static final long TOOL_TOKENS = 896;
    /** Most that stored conversations and the provider's own tools are taken to add, where the context window allows more. */
    private static final long MAX_HIDDEN_TOKENS = 200_000;

    private static final int BYTES_PER_STRUCTURE_TOKEN = 4;
    private static final int MAX_STRUCTURE_BYTES = 1 << 20;
    /** The longest text that is looked at; beyond it a byte is taken for a token. */
    private static final int MAX_LOOKED_AT = 2 << 20;
    /** The longest that is looked at where no money is near its limit; beyond it two bytes are taken for a token. */
    private static final int MAX_LOOKED_AT_QUICKLY = 32 << 10;

    private static final byte[] CITATIONS = ascii("citations");
    private static final byte[] CACHE_CONTROL = ascii("cache_control");
    private static final byte[] CACHE_POINT = ascii("cachePoint");
    private static final byte[] ESCAPE = ascii("\\u00");
    private static final byte[] AUDIO = ascii("audio");
    private static final byte[] ONE_HOUR = ascii("1h");

    private final TokenCounter counter;

    public Estimator(TokenCounter counter) {
        this.counter = counter;
    }

    /** How closely the input is looked at. */
    public enum Precision {
        /** One pass over short texts, a bound by length for long ones. */
        QUICK,
        /** Counted where the tokenizer is public. */
        EXACT
    }

    /**
     * @param inputTokens most tokens in
     * @param outputTokens most tokens out, all choices together
     * @param cost what that costs at most
     */
    public record Estimate(long inputTokens, long outputTokens, NanoUsd cost) {}

    /**
     * @param price of the model
     * @param content what is sent
     * @param defaultMaxOutput output tokens assumed where neither request nor price book bounds them
     * @param at when it is sent, which picks the prices
     */
    public Estimate worstCase(
            ModelPrice price, Content content, long defaultMaxOutput, Instant at, Precision precision) {
        return worstCase(price, content, new Bound(defaultMaxOutput, Long.MAX_VALUE), at, precision);
    }

    /**
     * How much output there can be.
     *
     * @param otherwise tokens assumed where neither request nor price book bounds them
     * @param expected tokens that are not expected to be exceeded, all choices together
     */
    public record Bound(long otherwise, long expected) {}

    /** The same with no more output than is expected. */
    public Estimate worstCase(ModelPrice price, Content content, Bound bound, Instant at, Precision precision) {
        Facts facts = content.facts();
        if (!facts.generates() && price.generates()) {
            // Counting, listing and the like: no model runs.
            return new Estimate(0, 0, NanoUsd.ZERO);
        }
        long input = inputTokens(price, content, precision);
        long output = price.generates() ? Math.min(bound.expected(), outputTokens(price, facts, bound.otherwise())) : 0;
        Rates rates = price.rates(input, at, tier(price, content));
        Rates.Worst most = new Rates.Worst(
                input, output, cacheUse(rates, price, content), hasAudio(rates, content), Pieces.most(rates, content));
        return new Estimate(input, output, rates.mostFor(most, price.share()));
    }

    /**
     * What is billed besides tokens, as far as the request tells it: for replies that tell nothing.
     *
     * @param at when it was sent
     */
    public Extras counted(ModelPrice price, Content content, Instant at) {
        Rates rates = price.rates(0, at, ServiceTier.STANDARD);
        return rates.hasPieces() ? Pieces.counted(rates, content) : Extras.NONE;
    }

    private static ServiceTier tier(ModelPrice price, Content content) {
        Json.Obj body = content.json();
        return body == null || !price.hasTerms() ? ServiceTier.STANDARD : Pieces.askedFor(body);
    }

    private static long outputTokens(ModelPrice price, Facts facts, long defaultMaxOutput) {
        Long asked = facts.maxOutputTokens();
        Long limit = price.maxOutput();
        long each = asked != null ? Math.max(0, asked) : limit != null ? limit : defaultMaxOutput;
        if (price.contextWindow() != null) {
            each = Math.min(each, Math.max(price.contextWindow(), limit == null ? 0 : limit));
        }
        return Math.multiplyExact(each, Math.max(1, facts.choices()));
    }

    /** Most tokens in, what only the provider knows of included. */
    public long inputTokens(ModelPrice price, Content content, Precision precision) {
        Facts facts = content.facts();
        long tokens = textTokens(price.tokenizer(), facts, textBytes(facts), precision)
                + otherTokens(content)
                + frame(price.tokenizer());
        if (HiddenInput.hasTools(content.json()) || Bytes.contains(content.bytes(), CITATIONS)) {
            tokens += TOOL_TOKENS;
        }
        if (HiddenInput.isPossible(content.json())) {
            tokens += MAX_HIDDEN_TOKENS;
        }
        return withinWindow(price, tokens);
    }

    /**
     * The tokens of what was sent, for replies that tell nothing: no more than the worst case, because nothing is added that only the provider
     * knows of.
     *
     * @param textTokens those of its texts
     */
    public long sentTokens(ModelPrice price, Content content, long textTokens) {
        return withinWindow(price, textTokens + otherTokens(content));
    }

    // A provider refuses what does not fit into the window, so it cannot bill more.
    private static long withinWindow(ModelPrice price, long tokens) {
        return price.contextWindow() == null ? tokens : Math.min(tokens, price.contextWindow());
    }

    private static long textBytes(Facts facts) {
        long bytes = 0;
        for (Text text : facts.texts()) {
            bytes += text.end() - text.start();
        }
        return bytes;
    }

    /** Those of everything but the texts: what stands around them, pictures, sound, documents. */
    private static long otherTokens(Content content) {
        Facts facts = content.facts();
        long bytes = Math.max(0, content.bytes().length - textBytes(facts));
        return FRAME_TOKENS_PER_TEXT * facts.texts().size()
                + Math.min(bytes, MAX_STRUCTURE_BYTES) / BYTES_PER_STRUCTURE_TOKEN
                + mediaTokens(facts, bytes);
    }

    private long textTokens(Tokenizer tokenizer, Facts facts, long textBytes, Precision precision) {
        if (textBytes > MAX_LOOKED_AT) {
            return textBytes;
        }
        if (precision == Precision.EXACT) {
            return counter.count(tokenizer, facts.texts());
        }
        return textBytes > MAX_LOOKED_AT_QUICKLY ? textBytes / 2 : counter.estimate(tokenizer, facts.texts());
    }

    private static long frame(Tokenizer tokenizer) {
        return tokenizer == Tokenizer.OTHER ? FRAME_TOKENS_OTHER : FRAME_TOKENS;
    }

    private static long mediaTokens(Facts facts, long otherBytes) {
        long tokens = 0;
        for (String item : facts.notScanned()) {
            tokens += Media.of(item).mostTokens(otherBytes);
        }
        for (Text text : facts.texts()) {
            Media referred = Media.referredTo(text.path());
            tokens += referred == null ? 0 : referred.mostTokens(0);
        }
        return tokens;
    }

    private static boolean hasAudio(Rates rates, Content content) {
        boolean isDearer = rates.of(AUDIO_INPUT) > rates.of(INPUT) || rates.of(AUDIO_OUTPUT) > rates.of(OUTPUT);
        return isDearer && (Bytes.contains(content.bytes(), AUDIO) || Bytes.contains(content.bytes(), ESCAPE));
    }

    private static CacheUse cacheUse(Rates rates, ModelPrice price, Content content) {
        if (rates.of(CACHE_WRITE) <= rates.of(INPUT) && rates.of(CACHE_WRITE_LONG) <= rates.of(INPUT)) {
            return CacheUse.NONE;
        }
        byte[] body = content.bytes();
        // Anthropic's models write to the cache only when told to; an escaped name could hide that, so escapes count as
        // being told.
        boolean told = Bytes.contains(body, CACHE_CONTROL)
                || Bytes.contains(body, CACHE_POINT)
                || Bytes.contains(body, ESCAPE);
        if (price.tokenizer() == Tokenizer.CLAUDE && !told) {
            return CacheUse.NONE;
        }
        return told && (Bytes.contains(body, ONE_HOUR) || Bytes.contains(body, ESCAPE))
                ? CacheUse.LONG
                : CacheUse.SHORT;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
