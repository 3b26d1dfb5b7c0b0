package dev.tollgate.budget;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file of prices, as {@code policies/catalog/prices.yaml} describes itself: a YAML file whose models stand one to a line, each a JSON
 * object. Models are parsed when they are asked for: a YAML parser needs half a second for as many, and few are ever used.
 *
 * @param date the day on which the prices were true
 * @param fallback providers whose entries stand in, by provider, in order
 * @param lines the models, not yet parsed
 */
record PriceFile(LocalDate date, Map<String, List<String>> fallback, List<Line> lines) {
    private static final int MAX_LINES = 50_000;
    private static final int MAX_LINE_LENGTH = 16 * 1024;
    private static final String PROVIDER = "{\"provider\": \"";
    private static final String STAND_INS = "  ";

    /** Made when the first model is parsed, because making it takes longer than reading the file. */
    private static final class Mapper {
        static final ObjectReader LINE = JsonMapper.builder(new JsonFactoryBuilder()
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build()
                .reader();
    }

    /**
     * One model as it stands in the file.
     *
     * @param file names the file in messages
     * @param number its line, from 1
     * @param provider the provider it belongs to
     * @param json the object
     */
    record Line(String file, int number, String provider, String json) {
        /** @throws IOException naming file and line, and what is wrong */
        PriceLine parse() throws IOException {
            try {
                return PriceLine.of(Mapper.LINE.readTree(json));
            } catch (IOException | IllegalArgumentException | DateTimeException | ArithmeticException e) {
                throw wrong(file, number, e);
            }
        }

        static Line of(String file, int number, String json) throws IOException {
            int end = json.startsWith(PROVIDER) ? json.indexOf('"', PROVIDER.length()) : -1;
            if (end > 0) {
                return new Line(file, number, json.substring(PROVIDER.length(), end), json);
            }
            // Keys in another order: the provider is known only once the line is parsed.
            String provider = new Line(file, number, "", json).parse().provider();
            return new Line(file, number, provider, json);
        }
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
        private final List<Line> lines = new ArrayList<>();
        private final Map<String, List<String>> fallback = new HashMap<>();
        private @Nullable LocalDate date;
        private int number;

        Parser(String name) {
            this.name = name;
        }

        void take(String line) throws IOException {
            number++;
            if (number > MAX_LINES || line.length() > MAX_LINE_LENGTH) {
                throw new IOException(name + ": more than " + MAX_LINES + " lines, or more than " + MAX_LINE_LENGTH
                        + " characters in line " + number);
            }
            if (line.startsWith("- ")) {
                lines.add(Line.of(name, number, line.substring(2)));
                return;
            }
            try {
                takeHead(line);
            } catch (IllegalArgumentException | DateTimeException e) {
                throw wrong(name, number, e);
            }
        }

        private void takeHead(String line) {
            if (line.startsWith("date: ")) {
                date = LocalDate.parse(line.substring("date: ".length()).strip());
            } else if (line.startsWith(STAND_INS)) {
                takeStandIns(line.strip());
            } else if (!isHeading(line.strip())) {
                throw new IllegalArgumentException("expected date, fallback, models, or a model as \"- {…}\"");
            }
        }

        private static boolean isHeading(String line) {
            return line.isEmpty() || line.startsWith("#") || "fallback:".equals(line) || "models:".equals(line);
        }

        private void takeStandIns(String line) {
            int colon = line.indexOf(": [");
            if (colon < 0 || !line.endsWith("]")) {
                throw new IllegalArgumentException("expected \"provider: [stand-in, …]\"");
            }
            String list = line.substring(colon + ": [".length(), line.length() - 1);
            fallback.put(line.substring(0, colon), List.of(list.split(", *", -1)));
        }

        PriceFile done() throws IOException {
            if (date == null) {
                throw new IOException(name + ": the file has no date");
            }
            return new PriceFile(date, fallback, lines);
        }
    }

    private static IOException wrong(String file, int number, Exception what) {
        return new IOException(file + ":" + number + ": " + what.getMessage(), what);
    }
}
