package dev.tollgate.console;

import dev.tollgate.exchange.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The JSON body of a request to the API, member by member. What is of a wrong type is refused, never taken for "not said". */
final class Wanted {
    private final Json.Obj body;

    private Wanted(Json.Obj body) {
        this.body = body;
    }

    /**
     * @param known the members that there are
     */
    static Wanted of(Call call, Set<String> known) {
        return of(call.document(), known);
    }

    private static Wanted of(Json.Obj body, Set<String> known) {
        for (String name : body.members().keySet()) {
            // A member that is misspelt would be a limit that is not set.
            if (!known.contains(name)) {
                throw Refused.badRequest(
                        "unknown member " + name + "; known are " + String.join(", ", new TreeSet<>(known)));
            }
        }
        return new Wanted(body);
    }

    /** A text without blanks around it; empty where there is none. */
    String text(String name) {
        return switch (body.get(name)) {
            case null -> "";
            case Json.Str given -> given.value().strip();
            default -> throw Refused.badRequest(name + " must be a string");
        };
    }

    /** A text as it is, which must be said. */
    String whole(String name) {
        if (body.get(name) instanceof Json.Str given) {
            return given.value();
        }
        throw Refused.badRequest(name + " must be a string");
    }

    /** Texts; none where there is no such member. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Json element : elements(name)) {
            if (!(element instanceof Json.Str given) || given.value().isBlank()) {
                throw Refused.badRequest(name + " must be an array of strings");
            }
            texts.add(given.value());
        }
        return texts;
    }

    /** Objects; none where there is no such member. */
    List<Wanted> objects(String name, Set<String> known) {
        List<Wanted> objects = new ArrayList<>();
        for (Json element : elements(name)) {
            if (!(element instanceof Json.Obj given)) {
                throw Refused.badRequest(name + " must be an array of objects");
            }
            objects.add(of(given, known));
        }
        return objects;
    }

    private List<Json> elements(String name) {
        return switch (body.get(name)) {
            case null -> List.of();
            case Json.Arr given -> given.elements();
            default -> throw Refused.badRequest(name + " must be an array");
        };
    }

    /** A whole number within bounds, which must be said. */
    int number(String name, int min, int max) {
        if (body.get(name) == null) {
            throw Refused.badRequest(name + " must be from " + min + " to " + max);
        }
        return number(name, min, min, max);
    }

    /** A whole number within bounds, or the default where there is no such member. */
    int number(String name, int otherwise, int min, int max) {
        if (body.get(name) == null) {
            return otherwise;
        }
        Long given = body.integer(name);
        if (given == null || given < min || given > max) {
            throw Refused.badRequest(name + " must be from " + min + " to " + max);
        }
        return given.intValue();
    }
}
