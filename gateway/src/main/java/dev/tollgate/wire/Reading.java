package dev.tollgate.wire;

import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Place;
import dev.tollgate.exchange.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects the texts of one JSON body. Every string of the tree becomes a {@link Text}, known to a wire or not, but for structure
 * ({@link Structure}) and media ({@link Media}); so do names of members that are no plain tokens, and whole numbers long enough to be
 * somebody's number. Paths hold tokens only, since they go into records: other names stand in them as {@code *}.
 */
final class Reading {
    private static final int MIN_NUMBER_DIGITS = 9;

    /** Takes one member of an object, its path already set. */
    interface MemberVisitor {
        void visit(String name, Json value);
    }

    /** Takes one element of an array, its path already set. */
    interface ElementVisitor {
        void visit(int index, Json value);
    }

    private final byte[] body;
    private final List<Text> texts = new ArrayList<>();
    private final List<String> notScanned = new ArrayList<>();
    private final StringBuilder path = new StringBuilder();
    private String member = "";
    private Json.@Nullable Obj holder;

    Reading(byte[] body) {
        this.body = body;
    }

    List<Text> texts() {
        return texts;
    }

    List<String> notScanned() {
        return notScanned;
    }

    /** Takes a text that was found some other way. */
    void text(Text text) {
        texts.add(text);
    }

    /** Takes note of something that cannot be read as text. */
    void notScanned(String what) {
        notScanned.add(what);
    }

    /** Reads everything at and below a value as text of one place. */
    void all(Json value, Place place, boolean isNew) {
        switch (value) {
            case Json.Str string -> string(string, place, isNew);
            case Json.Num number -> number(number, place, isNew);
            case Json.Arr array -> elements(array, (index, element) -> all(element, place, isNew));
            case Json.Obj object -> members(object, place, isNew, (name, child) -> all(child, place, isNew));
            case Json.Bool bool -> {}
            case Json.Null none -> {}
        }
    }

    /**
     * Visits the members of an object in their order. Names that are no tokens are read as text themselves.
     *
     * @param place of the names
     */
    void members(Json.Obj object, Place place, boolean isNew, MemberVisitor visitor) {
        int length = path.length();
        String outerMember = member;
        Json.Obj outerHolder = holder;
        int previousEnd = object.start() + 1;
        for (Map.Entry<String, Json> entry : object.members().entrySet()) {
            String name = entry.getKey();
            Json value = entry.getValue();
            boolean plain = Structure.isToken(name);
            path.append(length == 0 ? "" : ".").append(plain ? name : "*");
            if (!plain) {
                name(name, previousEnd, value.start(), place, isNew);
            }
            member = name;
            holder = object;
            visitor.visit(name, value);
            path.setLength(length);
            previousEnd = value.end();
        }
        member = outerMember;
        holder = outerHolder;
    }

    /** Visits the elements of a value if it is an array; reads it as {@link Place#OTHER} new text if it is none. */
    void elements(Json value, ElementVisitor visitor) {
        if (!(value instanceof Json.Arr array)) {
            all(value, Place.OTHER, true);
            return;
        }
        int length = path.length();
        for (int i = 0; i < array.elements().size(); i++) {
            path.append('[').append(i).append(']');
            visitor.visit(i, array.elements().get(i));
            path.setLength(length);
        }
    }

    private void string(Json.Str string, Place place, boolean isNew) {
        if (string.value().isEmpty() || Structure.isStructural(member, string.value())) {
            return;
        }
        String medium = Media.of(string.value(), member, holder);
        if (medium == null) {
            texts.add(new Text(string.value(), place, path.toString(), string.start(), string.end(), true, isNew));
        } else {
            notScanned.add(medium + " " + path);
        }
    }

    // A card or phone number may come as a number as well as in a string.
    private void number(Json.Num number, Place place, boolean isNew) {
        String literal = number.literal();
        if (literal.length() >= MIN_NUMBER_DIGITS && number.asLong() != null) {
            texts.add(new Text(literal, place, path.toString(), number.start(), number.end(), true, isNew));
        }
    }

    // Between the value before and this member's value stand a comma, the quoted name and a colon.
    private void name(String name, int from, int to, Place place, boolean isNew) {
        int start = from;
        while (body[start] != '"') {
            start++;
        }
        int end = to;
        while (body[end - 1] != '"') {
            end--;
        }
        texts.add(new Text(name, place, path.toString(), start, end, true, isNew));
    }
}
