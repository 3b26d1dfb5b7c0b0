package dev.tollgate.budget;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file of prices, as {@code policies/catalog/prices.yaml} describes itself: a YAML file whose models stand one to a line, each a JSON
 * object. Read line by line, because a YAML parser needs half a second for as many models.
 *
 * @param date the day on which the prices were true
 * @param fallback providers whose entries stand in, by provider, in order
 * @param lines the models
 */
record PriceFile(LocalDate date, Map<String, List<String>> fallback, List<PriceLine> lines) {
    private static final int MAX_LINES = 50_000;
    private static final int MAX_LINE_LENGTH = 16 * 1024;
    private static final ObjectReader LINE;
    private static final ObjectReader FALLBACK;

    static {
        JsonFactory strict = new JsonFactoryBuilder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        JsonMapper mapper = JsonMapper.builder(strict).build();
        LINE = mapper.readerFor(PriceLine.class);
        FALLBACK = mapper.readerForMapOf(List.class);
    }

    PriceFile {
        fallback = Map.copyOf(fallback);
        lines = List.copyOf(lines);
    }

    /**
     * @param name names the file in messages
     * @throws IOException if it cannot be read or a line is not understood; the message names file and line
     */
    static PriceFile read(String name, InputStream in) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            Parser parser = new Parser(name);
            String line;
            while ((line = reader.readLine()) != null) {
                parser.take(line);
            }
            return parser.done();
        }
    }

    private static final class Parser {
        private final String name;
        private final List<PriceLine> lines = new ArrayList<>();
        private Map<String, List<String>> fallback = Map.of();
        private @Nullable LocalDate date;
        private int number;

        Parser(String name) {
            this.name = name;
        }

        void take(String line) throws IOException {
            number++;
            if (number > MAX_LINES || line.length() > MAX_LINE_LENGTH) {
                throw wrong("the file has more than " + MAX_LINES + " lines or a line of more than " + MAX_LINE_LENGTH
                        + " characters");
            }
            try {
                parse(line);
            } catch (IOException | IllegalArgumentException | DateTimeException | ArithmeticException e) {
                throw new IOException(name + ":" + number + ": " + e.getMessage(), e);
            }
        }

        private void parse(String line) throws IOException {
            if (line.startsWith("- ")) {
                PriceLine parsed = LINE.readValue(line.substring(2));
                parsed.validate();
                lines.add(parsed);
            } else if (line.startsWith("date: ")) {
                date = LocalDate.parse(line.substring("date: ".length()).strip());
            } else if (line.startsWith("fallback: ")) {
                fallback = FALLBACK.readValue(line.substring("fallback: ".length()));
            } else if (!line.isBlank() && !line.startsWith("#") && !"models:".equals(line.stripTrailing())) {
                throw new IllegalArgumentException("expected date, fallback, models, or a model as \"- {…}\"");
            }
        }

        PriceFile done() throws IOException {
            if (date == null) {
                throw wrong("the file has no date");
            }
            return new PriceFile(date, fallback, lines);
        }

        private IOException wrong(String what) {
            return new IOException(name + ":" + number + ": " + what);
        }
    }
}
