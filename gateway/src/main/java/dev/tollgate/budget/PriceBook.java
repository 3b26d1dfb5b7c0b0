package dev.tollgate.budget;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tollgate.value.ModelId;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What models cost. Looks a model up by its provider's exact name, then by the longest prefix or infix that fits, then without the date
 * behind its name, then at the providers that stand in for its own, then as "any model of this provider". Immutable but for a bounded
 * cache of answers; safe on any thread.
 */
public final class PriceBook {
    private static final int MAX_ANSWERS = 10_000;
    /** A date or a pointer to the newest behind a model's name: they do not change its price. */
    private static final Pattern VARIANT =
            Pattern.compile("(-\\d{4}-\\d{2}-\\d{2}|[-@]\\d{8}|-\\d{3}|-latest|@default)$");

    private final LocalDate date;
    private final Map<String, List<String>> fallback;
    private final Map<String, PriceShelf> shelves = new HashMap<>();
    private final Cache<ModelId, Optional<ModelPrice>> answers =
            Caffeine.newBuilder().maximumSize(MAX_ANSWERS).build();

    private PriceBook(PriceFile file) {
        this.date = file.date();
        this.fallback = file.fallback();
        file.lines().stream()
                .collect(Collectors.groupingBy(PriceFile.Line::provider))
                .forEach((provider, lines) -> shelves.put(provider, new PriceShelf(lines)));
    }

    /**
     * Reads a price file and checks every line of it.
     *
     * @param name names the file in messages
     * @throws IOException if it cannot be read or is wrong; the message names file and line
     */
    public static PriceBook read(String name, InputStream in) throws IOException {
        PriceBook book = readLazily(name, in);
        for (PriceShelf shelf : book.shelves.values()) {
            shelf.check();
        }
        return book;
    }

    /**
     * Reads a price file that is known to be right, such as the one that is shipped. Models are parsed when first asked for, which takes
     * up to some 20 ms for a provider of many models; {@link #warm} does it beforehand.
     */
    public static PriceBook readLazily(String name, InputStream in) throws IOException {
        return new PriceBook(PriceFile.read(name, in));
    }

    /** Parses every model now. Takes some 100 ms: not for an event loop. */
    public void warm() {
        shelves.values().forEach(PriceShelf::warm);
    }

    /** The day on which the prices were true. */
    public LocalDate date() {
        return date;
    }

    /** How many entries the book has. */
    public int size() {
        return shelves.values().stream().mapToInt(PriceShelf::size).sum();
    }

    /** Price and limits of a model; empty if the book does not know it. */
    public Optional<ModelPrice> find(ModelId model) {
        return answers.get(model, this::look);
    }

    private Optional<ModelPrice> look(ModelId model) {
        String name = model.name().toLowerCase(Locale.ROOT);
        ModelPrice found = at(model.provider(), name);
        if (found == null) {
            for (String standIn : fallback.getOrDefault(model.provider(), List.of())) {
                found = found == null ? at(standIn, name) : found;
            }
        }
        PriceShelf own = shelves.get(model.provider());
        return Optional.ofNullable(found != null || own == null ? found : own.any());
    }

    private @Nullable ModelPrice at(String provider, String name) {
        PriceShelf shelf = shelves.get(provider);
        if (shelf == null) {
            return null;
        }
        ModelPrice found = shelf.find(name);
        Matcher variant = VARIANT.matcher(name);
        return found == null && variant.find() ? shelf.find(name.substring(0, variant.start())) : found;
    }
}
