package dev.tollgate.approval;

import dev.tollgate.exchange.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What a call says of the tools that its model may use, whatever the order: clients that look for tools anew at each start find them in another
 * one. The order of tools and of what a parameter may be ({@code enum}) says nothing to a model that it may not do either way.
 */
final class ToolDefinitions {
    /** Members of bodies, on any wire, that define tools. */
    private static final Set<String> MEMBERS = Set.of("tools", "functions");

    /** Members below these whose elements are found in any order: Gemini's tools, and what a parameter may be. */
    private static final Set<String> UNORDERED = Set.of("functionDeclarations", "function_declarations", "enum");

    private static final String DESCRIPTION = "description";

    private final byte[] body;
    private final Rewordings rewordings;

    ToolDefinitions(byte[] body, Rewordings rewordings) {
        this.body = body;
        this.rewordings = rewordings;
    }

    static boolean isIn(String member) {
        return MEMBERS.contains(member);
    }

    /** Adds the value of a member that defines tools. */
    void addTo(FieldDigest digest, Json tools) {
        if (tools instanceof Json.Arr all) {
            addUnordered(digest, all.elements());
        } else {
            add(digest, tools);
        }
    }

    private void add(FieldDigest digest, Json value) {
        switch (value) {
            case Json.Obj object -> {
                digest.beginObject();
                object.members().forEach((name, member) -> {
                    digest.add(name);
                    addMember(digest, name, member);
                });
                digest.end();
            }
            case Json.Arr array -> {
                digest.beginArray();
                array.elements().forEach(element -> add(digest, element));
                digest.end();
            }
            default -> digest.add(body, value.start(), value.end());
        }
    }

    private void addMember(FieldDigest digest, String name, Json value) {
        if (value instanceof Json.Arr array && UNORDERED.contains(name)) {
            addUnordered(digest, array.elements());
        } else if (value instanceof Json.Str text && name.equals(DESCRIPTION)) {
            digest.add(rewordings.inOrder(text.value()));
        } else {
            add(digest, value);
        }
    }

    private void addUnordered(FieldDigest digest, List<Json> elements) {
        digest.beginArray();
        elements.stream()
                .map(element -> {
                    FieldDigest own = new FieldDigest();
                    add(own, element);
                    return own.bytes();
                })
                .sorted(Arrays::compare)
                .forEach(digest::add);
        digest.end();
    }
}
