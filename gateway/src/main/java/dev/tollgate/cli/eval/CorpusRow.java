package dev.tollgate.cli.eval;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollgate.detect.Finding;
import dev.tollgate.detect.Kind;
import dev.tollgate.detect.Trust;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One text of a corpus and what is known of it.
 *
 * @param id       its name in the corpus
 * @param subject  what it is there for
 * @param text     the text itself
 * @param label    its type, such as {@code iban}
 * @param expected whether something must be found in it
 * @param spans    what must be found, and where; empty if the whole text is meant
 * @param writer   who is taken for its writer
 * @param fields   further fields, by which results are grouped
 */
record CorpusRow(
        String id,
        Subject subject,
        String text,
        String label,
        boolean expected,
        List<Span> spans,
        Trust writer,
        JsonNode fields) {

    /** What a row is there for. */
    enum Subject {
        SECRET,
        PERSONAL,
        INJECTION,
        /** A harmless text, in which no rule of any kind may find anything. */
        BENIGN;

        /** Kinds of rules that are run over it. */
        Set<Kind> kinds() {
            return switch (this) {
                case SECRET -> Set.of(Kind.SECRET);
                case PERSONAL -> Set.of(Kind.PERSONAL);
                case INJECTION -> Set.of(Kind.INJECTION);
                case BENIGN -> Set.of(Kind.values());
            };
        }
    }

    /**
     * A stretch of the text.
     *
     * @param start first char, in UTF-16 units
     * @param end   behind the last
     * @param type  what it is
     */
    record Span(int start, int end, String type) {
        boolean isMetBy(Finding finding) {
            return finding.start() < end && start < finding.end();
        }
    }

    CorpusRow {
        spans = List.copyOf(spans);
    }

    /** @throws IllegalArgumentException if it is no row of a corpus */
    static CorpusRow of(JsonNode json) {
        final JsonNode text = json.path("text");
        final String expect = json.path("expect").asText();
        if (!text.isTextual() || !(expect.equals("detect") || expect.equals("pass"))) {
            throw new IllegalArgumentException("a row needs text, and expect: detect or pass");
        }
        final boolean expected = expect.equals("detect");
        return new CorpusRow(
                json.path("id").asText(),
                subject(json, expected),
                text.asText(),
                json.path("label").asText("unnamed"),
                expected,
                spans(json.path("spans"), text.asText()),
                writer(json.path("role").asText()),
                json);
    }

    /** The field's value, or {@code none}. */
    String field(String name) {
        return fields.path(name).asText("none");
    }

    @Override
    public String toString() {
        return "CorpusRow[" + id + ", text=[redacted]]";
    }

    private static Subject subject(JsonNode json, boolean expected) {
        if (json.has("tier")) {
            return Subject.PERSONAL;
        }
        if (json.has("family")) {
            return expected ? Subject.INJECTION : Subject.BENIGN;
        }
        return Subject.SECRET;
    }

    private static List<Span> spans(JsonNode json, String text) {
        final List<Span> spans = new ArrayList<>();
        for (JsonNode span : json) {
            try {
                spans.add(new Span(
                        text.offsetByCodePoints(0, span.path(0).asInt()),
                        text.offsetByCodePoints(0, span.path(1).asInt()),
                        span.path(2).asText()));
            } catch (IndexOutOfBoundsException e) {
                throw new IllegalArgumentException("the span " + span + " is not within its text", e);
            }
        }
        return spans;
    }

    private static Trust writer(String role) {
        return switch (role) {
            case "tool" -> Trust.TOOL_RESULT;
            case "document" -> Trust.DOCUMENT;
            case "system" -> Trust.OPERATOR;
            case "assistant" -> Trust.ASSISTANT;
            default -> Trust.USER;
        };
    }
}
