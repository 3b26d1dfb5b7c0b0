package dev.tollgate.detect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One file of rules.
 *
 * @param file  its name, for messages
 * @param rules in the order of the file
 */
record RulePack(String file, List<Loaded> rules) {
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * A rule with what its author says about it.
     *
     * @param line where in the file it begins
     */
    record Loaded(Rule rule, RuleEntry entry, int line) {}

    RulePack {
        rules = List.copyOf(rules);
    }

    /** @throws RulePackException if the text is no sound pack */
    static RulePack read(String file, String yaml) {
        try (JsonParser parser = YAML.createParser(yaml)) {
            return new Reader(file, parser).read();
        } catch (JsonProcessingException e) {
            final int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new RulePackException(file, line, e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads entry by entry, because the line of an entry is known only while its parser stands there. */
    private static final class Reader {
        private final String file;
        private final JsonParser parser;
        private final List<Loaded> rules = new ArrayList<>();
        private @Nullable Kind kind;
        private Map<String, String> macros = Map.of();

        Reader(String file, JsonParser parser) {
            this.file = file;
            this.parser = parser;
        }

        RulePack read() throws IOException {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw at("a pack is a mapping with kind, macros and rules");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                final String key = parser.currentName();
                parser.nextToken();
                switch (key) {
                    case "kind" -> kind = parser.readValueAs(Kind.class);
                    case "macros" -> macros = parser.readValueAs(new TypeReference<Map<String, String>>() {});
                    case "rules" -> readRules();
                    default -> throw at("unknown key '" + key + "'; known are kind, macros, rules");
                }
            }
            return new RulePack(file, rules);
        }

        private void readRules() throws IOException {
            if (kind == null) {
                throw at("kind must stand before rules");
            }
            final RuleCompiler compiler = new RuleCompiler(kind, macros);
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                final int line = parser.currentTokenLocation().getLineNr();
                final RuleEntry entry = parser.readValueAs(RuleEntry.class);
                try {
                    rules.add(new Loaded(compiler.compile(entry), entry, line));
                } catch (IllegalArgumentException e) {
                    throw new RulePackException(file, line, "rule " + entry.id() + ": " + e.getMessage());
                }
            }
        }

        private RulePackException at(String what) {
            return new RulePackException(file, parser.currentTokenLocation().getLineNr(), what);
        }
    }
}
