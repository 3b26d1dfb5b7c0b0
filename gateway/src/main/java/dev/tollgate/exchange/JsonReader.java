package dev.tollgate.exchange;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON so strictly that no other reader can understand the same bytes otherwise: UTF-8 without BOM, no duplicate names, no
 * comments, no trailing bytes, no lone surrogates, bounded depth. What a provider might read differently from us would be a way around
 * the scan, and is refused with a {@link JsonRefused}. Linear in the bytes.
 */
public final class JsonReader {
    public static final int MAX_DEPTH = 100;
    private static final int MAX_NUMBER_LENGTH = 1000;
    private static final int MAX_NAME_LENGTH = 50_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    /** The bytes are not JSON that every reader understands alike. The message names what and where, never the content. */
    public static final class JsonRefused extends Exception {
        private static final long serialVersionUID = 1;

        JsonRefused(String message) {
            super(message, null, false, false);
        }
    }

    private final byte[] document;
    private final JsonParser parser;

    private JsonReader(byte[] document, JsonParser parser) {
        this.document = document;
        this.parser = parser;
    }

    /**
     * Reads a document whose top is an object.
     *
     * @throws JsonRefused if it is not strict JSON, or its top is not an object
     */
    public static Json.Obj readObject(byte[] document) throws JsonRefused {
        Json top = read(document);
        if (top instanceof Json.Obj object) {
            return object;
        }
        throw notAnObject();
    }

    /** What is said of a document whose top should have been an object. */
    public static JsonRefused notAnObject() {
        return new JsonRefused("the body is JSON, but not an object");
    }

    /**
     * Reads a document of any kind.
     *
     * @throws JsonRefused if it is not strict JSON
     */
    public static Json read(byte[] document) throws JsonRefused {
        StrictUtf8.require(document);
        try (JsonParser parser = FACTORY.createParser(document)) {
            JsonReader reader = new JsonReader(document, parser);
            parser.nextToken();
            Json top = reader.value();
            if (parser.nextToken() != null) {
                throw reader.refused("there is something behind the end of the document");
            }
            return top;
        } catch (StreamConstraintsException beyond) {
            throw new JsonRefused("not acceptable JSON: nested deeper than " + MAX_DEPTH + ", a number longer than "
                    + MAX_NUMBER_LENGTH + " or a name longer than " + MAX_NAME_LENGTH + " characters");
        } catch (IOException malformed) {
            throw new JsonRefused("not valid JSON (RFC 8259)");
        }
    }

    private Json value() throws IOException, JsonRefused {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw refused("the document ends too early");
        }
        return switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> string();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                int start = start();
                String literal = parser.getText();
                yield new Json.Num(literal, start, start + literal.length());
            }
            case VALUE_TRUE -> new Json.Bool(true, start(), start() + 4);
            case VALUE_FALSE -> new Json.Bool(false, start(), start() + 5);
            case VALUE_NULL -> new Json.Null(start(), start() + 4);
            default -> throw refused("a value is missing");
        };
    }

    private Json object() throws IOException, JsonRefused {
        int start = start();
        Map<String, Json> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            requirePairedSurrogates(name);
            parser.nextToken();
            // A second member of one name would be read by us and overwritten by somebody else: a way around the scan.
            if (members.put(name, value()) != null) {
                throw refused("an object has two members of one name");
            }
        }
        return new Json.Obj(members, start, end());
    }

    private Json array() throws IOException, JsonRefused {
        int start = start();
        List<Json> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value());
        }
        return new Json.Arr(elements, start, end());
    }

    private Json string() throws IOException, JsonRefused {
        int start = start();
        String text = parser.getText();
        requirePairedSurrogates(text);
        return new Json.Str(text, start, end());
    }

    // Readers disagree on what half a surrogate pair becomes, so that two of them would see different texts.
    private void requirePairedSurrogates(String text) throws JsonRefused {
        boolean highBefore = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isLowSurrogate(c) != highBefore) {
                throw refused("a string holds half a surrogate pair");
            }
            highBefore = Character.isHighSurrogate(c);
        }
        if (highBefore) {
            throw refused("a string holds half a surrogate pair");
        }
    }

    private int start() {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    private int end() {
        return (int) parser.currentLocation().getByteOffset();
    }

    private JsonRefused refused(String what) {
        return new JsonRefused("not acceptable JSON: " + what + " at byte "
                + Math.min(parser.currentLocation().getByteOffset(), document.length));
    }
}
