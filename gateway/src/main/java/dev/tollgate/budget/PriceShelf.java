package dev.tollgate.budget;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The models of one provider, parsed when first asked for. Safe on any thread. */
final class PriceShelf {
    private final List<PriceFile.Line> lines;
    private volatile @Nullable Entries entries;

    PriceShelf(List<PriceFile.Line> lines) {
        this.lines = List.copyOf(lines);
    }

    int size() {
        return lines.size();
    }

    /** @throws IOException naming file and line of the first that is wrong */
    void check() throws IOException {
        entries = new Entries(lines);
    }

    void warm() {
        var unused = entries();
    }

    /**
     * The price of a model by its exact name, else by the longest part of it that an entry names; null if there is none.
     *
     * @param name in lower case
     */
    @Nullable
    ModelPrice find(String name) {
        return entries().find(name);
    }

    /** The price of all models that no entry names; null if there is none. */
    @Nullable
    ModelPrice any() {
        return entries().any;
    }

    private Entries entries() {
        Entries parsed = entries;
        if (parsed == null) {
            try {
                parsed = new Entries(lines);
            } catch (IOException wrongLine) {
                throw new UncheckedIOException(wrongLine);
            }
            entries = parsed;
        }
        return parsed;
    }

    private record Part(String text, boolean isPrefix, ModelPrice price) {
        boolean fits(String name) {
            return isPrefix ? name.startsWith(text) : name.contains(text);
        }
    }

    private static final class Entries {
        private final Map<String, ModelPrice> exact = new HashMap<>();
        private final List<Part> parts = new ArrayList<>();
        private @Nullable ModelPrice any;

        Entries(List<PriceFile.Line> lines) throws IOException {
            for (PriceFile.Line line : lines) {
                add(line.parse());
            }
        }

        private void add(PriceLine line) {
            ModelPrice price = line.toModelPrice();
            if (line.model() == null) {
                any = price;
                return;
            }
            exact.put(line.model().toLowerCase(Locale.ROOT), price);
            line.also().forEach(name -> exact.putIfAbsent(name, price));
            line.prefix().forEach(text -> parts.add(new Part(text, true, price)));
            line.contains().forEach(text -> parts.add(new Part(text, false, price)));
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
    }
}
