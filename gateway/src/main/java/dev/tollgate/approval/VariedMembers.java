package dev.tollgate.approval;

import dev.tollgate.exchange.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What clients vary in the body between attempts at the same call, as a tree of members. Immutable.
 *
 * @param isVaried whether the value at this place is left out, whole
 * @param below what lies below it, by the name of the member
 * @param belowAll what lies below every member and element, or null
 */
public record VariedMembers(
        boolean isVaried,
        Map<String, VariedMembers> below,
        @Nullable VariedMembers belowAll) {
    /** Stands for every member of an object and every element of an array. */
    static final String ANY = "*";

    private static final VariedMembers ALL = new VariedMembers(true, Map.of(), null);

    public VariedMembers {
        below = Map.copyOf(below);
    }

    /** @param paths well-formed ones, each a list of names */
    static VariedMembers of(List<List<String>> paths) {
        Map<String, List<List<String>>> byName = new HashMap<>();
        for (List<String> path : paths) {
            if (path.isEmpty()) {
                return ALL;
            }
            byName.computeIfAbsent(path.get(0), name -> new ArrayList<>()).add(path.subList(1, path.size()));
        }
        List<List<String>> rest = byName.remove(ANY);
        Map<String, VariedMembers> below = new HashMap<>();
        byName.forEach((name, named) -> {
            List<List<String>> here = new ArrayList<>(named);
            here.addAll(rest == null ? List.of() : rest);
            below.put(name, of(here));
        });
        return new VariedMembers(false, below, rest == null ? null : of(rest));
    }

    /** What is varied in a member; null where nothing is. */
    @Nullable
    VariedMembers in(String name) {
        VariedMembers named = below.get(name);
        return named == null ? belowAll : named;
    }

    /** Whether a string that is varied says exactly this: a label taken from there is another one with each attempt. */
    boolean says(Json.Obj body, String text) {
        for (Map.Entry<String, VariedMembers> member : below.entrySet()) {
            Json value = body.get(member.getKey());
            if (value instanceof Json.Str said
                    && member.getValue().isVaried
                    && said.value().equals(text)) {
                return true;
            }
            if (value instanceof Json.Obj inner && member.getValue().says(inner, text)) {
                return true;
            }
        }
        return false;
    }
}
