package dev.tollgate.budget;

import dev.tollgate.value.Usage;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What providers bill, each under the name that it has in price files. The classes are disjoint: nothing is billed in two of them. */
enum Billed {
    /** Text in. */
    INPUT("input", null, Unit.MILLION),
    /** Text served from the provider's prompt cache. */
    CACHE_READ("cache_read", INPUT, Unit.MILLION),
    /** Written to a short-lived cache. */
    CACHE_WRITE("cache_write", INPUT, Unit.MILLION),
    /** Written to a long-lived cache. */
    CACHE_WRITE_LONG("cache_write_1h", CACHE_WRITE, Unit.MILLION),
    /** Text out. */
    OUTPUT("output", null, Unit.MILLION),
    /** Spent on reasoning. */
    REASONING("reasoning", OUTPUT, Unit.MILLION),
    /** Sound in, in tokens. */
    AUDIO_INPUT("audio_in", INPUT, Unit.MILLION),
    /** Sound out, in tokens. */
    AUDIO_OUTPUT("audio_out", OUTPUT, Unit.MILLION),
    /** Pictures in, in tokens. */
    IMAGE_INPUT("image_in", INPUT, Unit.MILLION),
    /** Pictures out, in tokens. */
    IMAGE_OUTPUT("image_out", OUTPUT, Unit.MILLION),
    /** Sound served from the cache. */
    AUDIO_CACHED("audio_cached", CACHE_READ, Unit.MILLION),
    /** Pictures served from the cache. */
    IMAGE_CACHED("image_cached", CACHE_READ, Unit.MILLION),
    /** Text spoken, by the character. */
    CHARACTER("character", null, Unit.MILLION),
    /** Sound heard or made, by the second. */
    SECOND("second", null, Unit.PIECE),
    /** Pictures made, by the piece. */
    IMAGE("image", null, Unit.PIECE),
    /** Web searches of the provider's own tool. */
    SEARCH("search", null, Unit.PIECE),
    /** Calls in which it searched at all. */
    SEARCH_CALL("search_call", null, Unit.PIECE),
    /** Searches in files stored at the provider. */
    FILE_SEARCH("file_search", null, Unit.PIECE),
    /** Containers in which the provider ran code. */
    CODE_SESSION("code_session", null, Unit.PIECE),
    /** Every call. */
    REQUEST("request", null, Unit.PIECE);

    private static final Map<String, Billed> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Billed::key, Function.identity()));

    /** What a price is for. */
    enum Unit {
        /** A million tokens or characters. */
        MILLION,
        /** One. */
        PIECE
    }

    private final String key;
    private final @Nullable Billed otherwise;
    private final Unit unit;

    Billed(String key, @Nullable Billed otherwise, Unit unit) {
        this.key = key;
        this.otherwise = otherwise;
        this.unit = unit;
    }

    /** The class of that name in price files; null if there is none. */
    static @Nullable Billed of(String key) {
        return BY_NAME.get(key);
    }

    /** Its name in price files. */
    String key() {
        return key;
    }

    /** The class whose price it has where it has none of its own; null where it then costs nothing. */
    @Nullable
    Billed otherwise() {
        return otherwise;
    }

    Unit unit() {
        return unit;
    }

    /** How much of it was used. */
    long count(Usage used) {
        return switch (this) {
            case INPUT -> used.input();
            case CACHE_READ ->
                used.cacheRead() - used.extras().audioCached() - used.extras().imageCached();
            case CACHE_WRITE -> used.cacheWrite();
            case CACHE_WRITE_LONG -> used.cacheWriteLong();
            case OUTPUT -> used.output();
            case REASONING -> used.reasoning();
            case AUDIO_INPUT -> used.audioInput();
            case AUDIO_OUTPUT -> used.audioOutput();
            case IMAGE_INPUT -> used.imageInput();
            case IMAGE_OUTPUT -> used.imageOutput();
            case AUDIO_CACHED -> used.extras().audioCached();
            case IMAGE_CACHED -> used.extras().imageCached();
            case CHARACTER -> used.extras().characters();
            case SECOND -> used.extras().seconds();
            case IMAGE -> used.extras().images();
            case SEARCH -> used.extras().searches();
            case SEARCH_CALL -> Math.min(1, used.extras().searches());
            case FILE_SEARCH -> used.extras().fileSearches();
            case CODE_SESSION -> used.extras().codeSessions();
            case REQUEST -> 1;
        };
    }
}
