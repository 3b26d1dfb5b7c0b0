package dev.tollgate.budget;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.PriceListFile;
import dev.tollgate.policy.PricesPolicy;
import dev.tollgate.policy.ViewCompiler;
import dev.tollgate.value.ModelId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What calls cost by a policy: prices of its own before those of the list, of which discounts are taken. Immutable but for a bounded cache
 * of answers; safe on any thread.
 */
public final class PriceList {
    private static final String BUILT_IN = "/policies/catalog/prices.yaml";
    private static final int MAX_ANSWERS = 10_000;

    private final PriceBook book;
    private final OwnPrices own;
    private final Discounts discounts;
    private final @Nullable Cache<ModelId, Optional<ModelPrice>> answers;

    private PriceList(PriceBook book, OwnPrices own, Discounts discounts) {
        this.book = book;
        this.own = own;
        this.discounts = discounts;
        // The book remembers its own answers.
        this.answers = own.isEmpty() && discounts.isEmpty()
                ? null
                : Caffeine.newBuilder()
                        .executor(Runnable::run)
                        .maximumSize(MAX_ANSWERS)
                        .build();
    }

    /** The list that comes with the program. Its models are parsed when first asked for. */
    public static PriceBook builtIn() {
        try (InputStream in = PriceList.class.getResourceAsStream(BUILT_IN)) {
            if (in == null) {
                throw new IOException("the built-in price book is missing");
            }
            return PriceBook.readLazily(BUILT_IN, in);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** A list with nothing of a policy's own. */
    public static PriceList of(PriceBook book) {
        return new PriceList(book, OwnPrices.NONE, Discounts.NONE);
    }

    /**
     * A list with a policy's own prices and discounts.
     *
     * @throws PolicyException naming the place of what is wrong
     */
    public static PriceList of(PriceBook book, PricesPolicy policy) throws PolicyException {
        return new PriceList(book, OwnPrices.of(policy.models()), Discounts.of(policy.discounts()));
    }

    /** Price and limits of a model; empty if nobody knows it. */
    public Optional<ModelPrice> find(ModelId model) {
        return answers == null ? book.find(model) : answers.get(model, this::look);
    }

    private Optional<ModelPrice> look(ModelId model) {
        Optional<ModelPrice> listed = book.find(model);
        Optional<ModelPrice> ours = own.find(model, listed.orElse(null));
        return ours.isPresent() ? ours : listed.map(price -> price.at(discounts.shareOf(model)));
    }

    /** What is known of a model on a day, for people; empty if nobody knows it. */
    public List<String> describe(ModelId model, LocalDate today) {
        boolean isOwn = own.find(model, null).isPresent();
        return find(model)
                .map(price -> PriceText.describe(model, price, isOwn, date(), today))
                .orElse(List.of());
    }

    /** The text of the list that comes with the program. */
    public static byte[] builtInText() {
        try (InputStream in = PriceList.class.getResourceAsStream(BUILT_IN)) {
            if (in == null) {
                throw new IOException("the built-in price book is missing");
            }
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The day on which the list's prices were true. */
    public LocalDate date() {
        return book.date();
    }

    /**
     * Compiles the prices of a bundle.
     *
     * @param folder the bundle's folder; null for the default bundle
     */
    public static ViewCompiler<PriceList> compiler(@Nullable Path folder) {
        return new Compiler(folder);
    }

    private static final class Compiler implements ViewCompiler<PriceList> {
        private final @Nullable Path folder;
        private @Nullable PriceBook builtIn;
        private @Nullable PriceBook own;
        private String text = "";

        Compiler(@Nullable Path folder) {
            this.folder = folder;
        }

        @Override
        public Class<PriceList> type() {
            return PriceList.class;
        }

        @Override
        public PriceList compile(Bundle bundle) throws PolicyException {
            return of(book(), bundle.prices());
        }

        /** A list of two thousand models takes some 100 ms to check: it is read again only where it has changed. */
        private synchronized PriceBook book() throws PolicyException {
            String now = PriceListFile.of(folder);
            if (now == null) {
                PriceBook known = builtIn == null ? builtIn() : builtIn;
                builtIn = known;
                return known;
            }
            PriceBook read = own;
            if (read == null || !now.equals(text)) {
                read = read(now);
                own = read;
                text = now;
            }
            return read;
        }

        private static PriceBook read(String text) throws PolicyException {
            try {
                return PriceBook.read(
                        "catalog/prices.yaml", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
            } catch (IOException wrong) {
                throw new PolicyException(String.valueOf(wrong.getMessage()), wrong);
            }
        }
    }
}
