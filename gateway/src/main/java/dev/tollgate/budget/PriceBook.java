package dev.tollgate.budget;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tollgate.value.ModelId;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private final Map<String, Shelf> shelves = new HashMap<>();
    private final Cache<ModelId, Optional<ModelPrice>> answers =
            Caffeine.newBuilder().maximumSize(MAX_ANSWERS).build();

    private PriceBook(PriceFile file) {
        this.date = file.date();
        this.fallback = file.fallback();
        for (PriceLine line : file.lines()) {
            shelves.computeIfAbsent(line.provider(), unused -> new Shelf()).add(line);
        }
    }

    /**
     * Reads a price file.
     *
     * @param name names the file in messages
     * @throws IOException if it cannot be read or is wrong; the message names file and line
     */
    public static PriceBook read(String name, InputStream in) throws IOException {
        return new PriceBook(PriceFile.read(name, in));
    }

    /** The day on which the prices were true. */
    public LocalDate date() {
        return date;
    }

    /** How many entries the book has. */
    public int size() {
        return shelves.values().stream().mapToInt(shelf -> shelf.entries).sum();
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
        Shelf own = shelves.get(model.provider());
        return Optional.ofNullable(found != null || own == null ? found : own.any);
    }

    private @Nullable ModelPrice at(String provider, String name) {
        Shelf shelf = shelves.get(provider);
        if (shelf == null) {
            return null;
        }
        ModelPrice found = shelf.find(name);
        Matcher variant = VARIANT.matcher(name);
        return found == null && variant.find() ? shelf.find(name.substring(0, variant.start())) : found;
    }

    /** The entries of one provider. */
    private static final class Shelf {
        private final Map<String, ModelPrice> exact = new HashMap<>();
        private final List<Part> parts = new ArrayList<>();
        private @Nullable ModelPrice any;
        private int entries;

        private record Part(String text, boolean isPrefix, ModelPrice price) {
            boolean fits(String name) {
                return isPrefix ? name.startsWith(text) : name.contains(text);
            }
        }

        void add(PriceLine line) {
            ModelPrice price = line.toModelPrice();
            entries++;
            if (line.model() == null) {
                any = price;
                return;
            }
            exact.put(line.model().toLowerCase(Locale.ROOT), price);
            names(line.also()).forEach(name -> exact.putIfAbsent(name, price));
            names(line.prefix()).forEach(text -> parts.add(new Part(text, true, price)));
            names(line.contains()).forEach(text -> parts.add(new Part(text, false, price)));
        }

        @Nullable
        ModelPrice find(String name) {
            ModelPrice found = exact.get(name);
            if (found != null) {
                return found;
            }
            int longest = 0;
            for (Part part : parts) {
                if (part.text().length() > longest && part.fits(name)) {
                    longest = part.text().length();
                    found = part.price();
                }
            }
            return found;
        }

        private static List<String> names(@Nullable List<String> written) {
            return written == null
                    ? List.of()
                    : written.stream()
                            .map(text -> text.toLowerCase(Locale.ROOT))
                            .toList();
        }
    }
}
