package dev.tollgate.console;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.tollgate.exchange.Json;
import java.util.Iterator;
import java.util.Map;

/** A JSON value for people: a text as it is, anything else as JSON, indented where it has members. */
final class JsonLines {
    private static final String INDENT = "  ";

    private final StringBuilder text = new StringBuilder();

    private JsonLines() {}

    static String of(Json value) {
        if (value instanceof Json.Str plain) {
            return plain.value();
        }
        JsonLines lines = new JsonLines();
        lines.add(value, "\n");
        return lines.text.toString();
    }

    /** @param end line end with the blanks before the next line */
    private void add(Json value, String end) {
        switch (value) {
            case Json.Obj object -> object(object, end);
            case Json.Arr array -> array(array, end);
            case Json.Str plain -> quoted(plain.value());
            case Json.Num number -> text.append(number.literal());
            case Json.Bool bool -> text.append(bool.value());
            case Json.Null none -> text.append("null");
        }
    }

    private void object(Json.Obj object, String end) {
        if (object.members().isEmpty()) {
            text.append("{}");
            return;
        }
        text.append('{');
        Iterator<Map.Entry<String, Json>> members = object.members().entrySet().iterator();
        while (members.hasNext()) {
            Map.Entry<String, Json> member = members.next();
            text.append(end).append(INDENT);
            quoted(member.getKey());
            text.append(": ");
            add(member.getValue(), end + INDENT);
            text.append(members.hasNext() ? "," : "");
        }
        text.append(end).append('}');
    }

    private void array(Json.Arr array, String end) {
        if (array.elements().isEmpty()) {
            text.append("[]");
            return;
        }
        text.append('[');
        Iterator<Json> elements = array.elements().iterator();
        while (elements.hasNext()) {
            text.append(end).append(INDENT);
            add(elements.next(), end + INDENT);
            text.append(elements.hasNext() ? "," : "");
        }
        text.append(end).append(']');
    }

    private void quoted(String plain) {
        text.append('"')
                .append(JsonStringEncoder.getInstance().quoteAsString(plain))
                .append('"');
    }
}
